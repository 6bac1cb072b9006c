#!/usr/bin/env bash
# usage: update_kills.sh BIN SOURCE [SHARED]
# clap-index update that is killed at any moment: the index is the old one or the new one, readers find one of them, what was
# embedded is not lost, and the next run makes what an undisturbed one makes. KILLS sets how often it is tried.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
make_tiny_model
export SOURCE_DATE_EPOCH=1000000000
kills=${KILLS:-3}
seed_random 20

# 170 recordings, of which 20 are gone, 20 moved, 20 changed; and 130 new ones: two parts and a bit.
mkdir in
for ((i = 100; i < 270; ++i)); do make_wav in/$i.wav $((4000 + i)); done
clap-index build in -o old.clapindex -q
cp -a in changed
for ((i = 100; i < 120; ++i)); do rm changed/$i.wav; done
for ((i = 120; i < 140; ++i)); do mv changed/$i.wav changed/m$i.wav; done
for ((i = 140; i < 160; ++i)); do make_wav changed/$i.wav $((5000 + i)); done
for ((i = 300; i < 430; ++i)); do make_wav changed/$i.wav $((6000 + i)); done
mv in before
mv changed in
update=(clap-index update x.clapindex in --batch 1 --threads 2)

cp -a old.clapindex x.clapindex
began=$EPOCHREALTIME
run "${update[@]}"
expect 'undisturbed' says '130 added, 20 changed, 20 moved, 20 removed, 110 unchanged'
takes=$(awk "BEGIN { print $EPOCHREALTIME - $began }")
mv x.clapindex new.clapindex
is() { cmp -s x.clapindex/vectors.faiss "$1.clapindex/vectors.faiss" && cmp -s x.clapindex/rows.h5 "$1.clapindex/rows.h5"; }
is_old_or_new() { is old || is new; }

kept=0 olds=0
for ((n = 0; n < kills; ++n)); do
  rm -rf x.clapindex .x.clapindex.*
  cp -a old.clapindex x.clapindex
  "${update[@]}" >"$work/out" 2>"$work/err" &
  job=$!
  sleep "$(awk -v r="$RANDOM" -v m="$takes" 'BEGIN { print r / 32768 * m }')"
  code=0
  rows=$(clap-index info x.clapindex --no-header 2>"$work/err" | cut -f 1) || code=$?
  expect "a reader beside it: $rows" test "$rows" = 170 -o "$rows" = 280
  kill -9 $job 2>/dev/null || true
  { wait $job || true; } 2>/dev/null
  expect 'killed: the old index or the new one' is_old_or_new
  ! is old || olds=$((olds + 1))
  parts=$(find . -path './.x.clapindex.parts/*.part' | wc -l)
  kept=$((kept + (parts > 0 ? 1 : 0)))
  run env CLAP_PROGRESS=always "${update[@]}"
  expect 'the next run' exits 0
  expect 'makes the new index' is new
  if ((parts > 0)) && grep -q 'embedded' "$work/err"; then
    expect "$parts parts were not embedded again" not grep -q 'embedded [0-9]* of 150 clips' "$work/err"
  fi
  expect 'and leaves nothing' equal "$(find . -name '.?*')" ''
done
echo "$kills kills: the old index $olds times, parts were kept $kept times"

# A signal says what is kept.
rm -rf x.clapindex
cp -a old.clapindex x.clapindex
"${update[@]}" >"$work/out" 2>"$work/err" &
job=$!
for ((i = 0; i < 600; ++i)); do
  compgen -G '.x.clapindex.parts/*.part' >/dev/null && break
  sleep 0.05
done
kill -TERM $job
code=0
{ wait $job || code=$?; } 2>/dev/null
expect 'SIGTERM' exits 143
expect 'SIGTERM: says what is kept' says 'clips are kept for the next run'
expect 'SIGTERM: the old index' is old
run "${update[@]}"
expect 'resumed' is new
finish
