#!/usr/bin/env bash
# usage: faults_outputs.sh BIN SOURCE [SHARED]
# Outputs that are destroyed, half written or left over: what --force may replace, who may write at the same time, what signals
# and kills leave, names that cannot be.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
make_tiny_model
shim=$bin/../lib/fail_nth.so
clap-embed "$clips/misc_crow.flac" -o a.h5
clap-embed "$clips/drum_roll.flac" -o b.h5
printf 'dog\ncat\n' >sounds.txt
rows() { clap-index info "$1" --no-header | cut -f1; }
hidden() { find . -mindepth 1 -name '.?*' | sort | tr '\n' ' '; }
nothing_hidden() { [[ -z $(hidden) ]]; }

# stopped_at CALL N COMMAND...: starts it and waits until it has stopped itself at its N-th call; its number is $job.
stopped_at() {
  local call=$1 at=$2
  shift 2
  env --default-signal=INT,TERM,HUP LD_PRELOAD="$shim" FAIL_CALL="$call" FAIL_AT="$at" FAIL_STOP=1 "$@" >"$work/stopped" 2>&1 &
  job=$!
  until [[ $(ps -o state= -p $job) == T* ]]; do
    kill -0 $job 2>/dev/null || break
    sleep 0.02
  done
}
ends() { code=0; wait "$job" 2>/dev/null || code=$?; }

# --- --force replaces what the tools wrote, and nothing else
mkdir -p web/src
echo '{"name":"web app"}' >web/config.json
echo precious >web/src/thesis.txt
cp -r tiny own
cp -r tiny noted
echo precious >noted/notes.txt
mkdir inside
cp -r tiny inside/model
mkdir inside/model/sub
echo precious >inside/model/sub/file
sum() { find web noted inside -type f -exec cat {} + | cksum; }
before=$(sum)
refuses 73 'web: is not a model directory' clap-model convert tiny -o web --force
refuses 73 'web/: is not a model directory' clap-model split tiny -o web/ --force
refuses 73 'noted: is not a model directory, or holds other files' clap-model synth -o noted --config "$source_dir/examples/demo-model.json" --force
for there in . ./ ..; do
  refuses 73 "$there: " env -C inside/model clap-model convert ../../tiny -o $there --force
done
refuses 73 '/: not a file name' clap-model convert tiny -o / --force
refuses 73 '.: is the working folder' env -C own clap-model convert ../tiny -o . --force
ln -s web link
refuses 73 'link: is not a model' clap-model convert tiny -o link --force
refuses 73 'web: exists and is not an index directory' clap-index build a.h5 -o web --force
refuses 73 'is a folder' clap-query a.h5 --embeddings a.h5 -o web --force
expect 'nothing of them was touched' equal "$(sum)" "$before"
quietly clap-model convert tiny -o own/ --force
run clap-model verify own
expect 'the new model works' exits 0
rm -r web noted inside link

# --- modes stay
quietly clap-index build a.h5 -o x.clapindex
chmod 700 x.clapindex
quietly clap-query x.clapindex --embeddings a.h5 -o hits.tsv
chmod 600 hits.tsv
quietly clap-query x.clapindex --embeddings a.h5 -o hits.tsv --force
expect 'a private file stays private' equal "$(stat -c %a hits.tsv)" 600
quietly clap-index add x.clapindex b.h5
expect 'a private folder stays private' equal "$(stat -c %a x.clapindex)" 700
rm -r x.clapindex hits.tsv

# --- two writers: at each step of the one, the other is refused
clap-embed "$clips/perc_bell.flac" -o c.h5
for step in 'fsync 1' 'fsync 2' 'rename 1'; do
  quietly clap-index build a.h5 -o x.clapindex --force
  # shellcheck disable=SC2086
  stopped_at $step clap-index add x.clapindex b.h5
  refuses 73 'x.clapindex: another process is writing it' clap-index add x.clapindex c.h5
  refuses 73 'x.clapindex: another process is writing it' clap-index build a.h5 -o x.clapindex --force
  quietly clap-query x.clapindex --embeddings a.h5 -k 1
  kill -CONT $job
  ends
  expect "$step: the first is not disturbed" exits 0
  expect "$step: none of its rows is lost" equal "$(rows x.clapindex)" 2
done
stopped_at fsync 1 clap-model convert tiny -o made
refuses 73 'made: another process is writing it' clap-model convert tiny -o made
kill -CONT $job
ends
expect 'a model: the first is not disturbed' exits 0
stopped_at fsync 1 clap-query x.clapindex --embeddings a.h5 -o hits.tsv
refuses 73 'hits.tsv: another process is writing it' clap-query x.clapindex --embeddings a.h5 -o hits.tsv --force
kill -CONT $job
ends
expect 'hits: the first is not disturbed' exits 0
rm -r hits.tsv made

# --- a reader beside a writer
(for ((i = 0; i < 5; ++i)); do clap-index build a.h5 -o x.clapindex --force -q && clap-index add x.clapindex b.h5 -q; done) &
job=$!
n=0
while kill -0 $job 2>/dev/null; do
  quietly clap-query x.clapindex --embeddings a.h5 -k 1
  n=$((n + 1))
done
ends
expect 'the writer beside readers' exits 0
expect 'some were read' test $n -gt 1

# --- signals leave nothing, kills nothing that the next run does not remove
rm -r x.clapindex
declare -A made=([x.clapindex]='clap-index build a.h5 -o x.clapindex' [t.pt]='clap-model convert tiny -o t.pt'
  [dir]='clap-model convert tiny -o dir' [h.tsv]='clap-query a.h5 --embeddings a.h5 -o h.tsv'
  [s.h5]='clap-classify a.h5 --labels sounds.txt --scores s.h5')
for output in "${!made[@]}"; do
  signals=(INT TERM HUP KILL)
  [[ $output != s.h5 ]] || signals=(HUP KILL)  # it takes the others as a wish to end early
  for signal in "${signals[@]}"; do
    # shellcheck disable=SC2086
    stopped_at fsync 1 ${made[$output]}
    expect "$output: it has begun" not nothing_hidden
    kill "-$signal" "$job"
    kill -CONT $job 2>/dev/null || true
    ends
    expect "$output: $signal ends it" exits $((128 + $(kill -l "$signal")))
    [[ $signal == KILL ]] || expect "$output: $signal leaves nothing" nothing_hidden
    expect "$output: not half there" test ! -e "$output"
  done
  # shellcheck disable=SC2086
  run ${made[$output]}
  expect "$output: the next run" exits 0
  expect "$output: removes what the kill left" nothing_hidden
  rm -r "$output"
done

# --- names that cannot be, and a working folder that is gone
ln -s loop loop
long=$(printf 'n%.0s' {1..256})
for name in loop "$long" "loop/x" "$long/x"; do
  for command in "clap-index build a.h5" "clap-model convert tiny" "clap-query a.h5 --embeddings a.h5" "clap-embed $clips"; do
    # shellcheck disable=SC2086
    refuses 73 '' $command -o "$name"
    # shellcheck disable=SC2086
    refuses 73 '' $command -o "$name" --force
  done
  refuses 66 '' clap-index info "$name"
  refuses 66 '' clap-model info "$name"
  refuses 66 '' clap-query "$name" --embeddings a.h5
done
absolute=$PWD
mkdir gone
(
  cd gone
  rmdir ../gone
  CLAP_MODEL=$absolute/tiny run clap-embed "$clips/misc_crow.flac" -o "$absolute/o.h5"
  echo "$code" >"$absolute/codes"
  run clap-index build "$absolute/a.h5" -o here.clapindex
  echo "$code" >>"$absolute/codes"
)
expect 'a working folder that is gone' equal "$(tr '\n' ' ' <codes)" '66 73 '

# --- clap-train
# shellcheck source=tests/cmd/train_lib.sh
. "$source_dir/tests/cmd/train_lib.sh"
unset CLAP_MODEL
mkdir -p own/training
cp "$clips/misc_crow.flac" own/training
refuses 73 'own/training/misc_crow.flac: was not written by a training' train own --epochs 1 --force
expect 'the recordings are there' cmp "$clips/misc_crow.flac" own/training/misc_crow.flac
run train wrong --epochs 1 --audio-root nowhere
expect 'a mistyped --audio-root: refused' not exits 0
expect 'a mistyped --audio-root: nothing in the way' test ! -e wrong
quietly train model --epochs 1 -q
find model -type f -exec md5sum {} + | sort >before
run train model --epochs 1 --audio-root nowhere --force
expect 'a mistyped --audio-root with --force: refused' not exits 0
find model -type f -exec md5sum {} + | sort >after
expect 'the old training is as it was' cmp before after
stopped_at fsync 1 clap-train --config defaults.toml train.json -o model --epochs 1 --seed 3 --force -q
refuses 73 'model: another process is writing it' train model --epochs 1 --force
find model -path '*/.*' -o -type f -exec md5sum {} + | sort >after
expect 'it stays until there is a new state' cmp before after
kill -KILL $job
ends
quietly train model --epochs 1 --seed 3 --force -q
expect 'a new one in its place' not cmp -s <(cut -c-32 before) <(find model -type f -exec md5sum {} + | sort | cut -c-32)
expect 'and nothing that the kill left' nothing_hidden

# --- a file that is cut off while it is mapped
quietly clap-index build a.h5 b.h5 -o cut.clapindex
mkfifo questions
clap-query cut.clapindex --model tiny -k 1 <questions >"$work/out" 2>"$work/err" &
job=$!
exec 5>questions
echo 'a dog' >&5
sleep 0.3
: >cut.clapindex/vectors.faiss
echo 'a cat' >&5 || true
exec 5>&-
ends
if [[ $code -ne 0 ]]; then  # answered both before the file was cut off, or
  expect 'cut off: I/O error' exits 74
  expect 'cut off: in words' says 'cut.clapindex/vectors.faiss: was cut off'
fi
finish
