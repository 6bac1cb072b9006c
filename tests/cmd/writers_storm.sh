#!/usr/bin/env bash
# usage: writers_storm.sh BIN SOURCE SHARED [COUNT [SEED [TOOL...]]]
# Two writers of one output and a reader beside them, COUNT interleavings per tool (index, convert, classify, query; embed and
# train, which replace an output; embed_parts and train_state, which resume one run): the first writer stops at a random call,
# goes on after a random time or is killed there, while the second one comes and the reader reads. Nothing is lost, nothing is
# half, and the next run finds nothing that is left over.
# shellcheck disable=SC2034  # first_TOOL and second_TOOL are taken by name
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
count=${4-2} RANDOM=${5-$$} seed=${5-$$}
tools=("${@:6}")
[[ ${#tools[@]} -gt 0 ]] || tools=(index convert classify query embed embed_parts train train_state)
echo "seed $seed"
export SOURCE_DATE_EPOCH=1000000000 OMP_NUM_THREADS=1
shim=$bin/../lib/fail_nth.so

run make_tiny_model
clap-embed "$clips/misc_crow.flac" -o a.h5
clap-embed "$clips/drum_roll.flac" -o b.h5
clap-embed "$clips/perc_bell.flac" -o c.h5
printf 'a dog\na drum\n' >labels.txt
index_rows() { clap-index info x.clapindex --json | sed 's/.*"rows": \([0-9]*\).*/\1/'; }

# What a tool's output is made with by the two writers, and how it is read; the reader's words go to $work/read.
begin_index() { clap-index build a.h5 -o x.clapindex --force -q; }
first_index=(clap-index add x.clapindex b.h5 -q)
second_index=(clap-index add x.clapindex c.h5 -q)
read_index() { clap-index export x.clapindex --tsv - >"$work/read" && grep -q misc_crow "$work/read"; }

begin_convert() { clap-model convert m0 -o m --force; }
first_convert=(clap-model convert m1 -o m --force)
second_convert=(clap-model convert m2 -o m --force)
read_convert() {
  clap-model info m --no-header >"$work/read" || return
  cmp -s "$work/read" m0.info || cmp -s "$work/read" m1.info || cmp -s "$work/read" m2.info
}

begin_classify() { cp s0.h5 s.h5; }
first_classify=(clap-classify b.h5 --labels labels.txt --scores s.h5 --force -q)
second_classify=(clap-classify c.h5 --labels labels.txt --scores s.h5 --force -q)
read_classify() {
  cp s.h5 "$work/read"
  cmp -s "$work/read" s0.h5 || cmp -s "$work/read" s1.h5 || cmp -s "$work/read" s2.h5
}

begin_query() { cp q0.tsv q.tsv; }
first_query=(clap-query a.h5 --embeddings b.h5 -o q.tsv --force)
second_query=(clap-query a.h5 --embeddings c.h5 -o q.tsv --force)
read_query() {
  cp q.tsv "$work/read"
  cmp -s "$work/read" q0.tsv || cmp -s "$work/read" q1.tsv || cmp -s "$work/read" q2.tsv
}

# Whole files, of different kinds: what is read of one must not be looked for in the other.
begin_embed() { cp e0.h5 e.h5; }
first_embed=(clap-embed "$clips/drum_roll.flac" -o e.h5 --frames --force -q)
second_embed=(clap-embed captions.tsv --audio-root "$clips" -o e.h5 --force -q)
is_one_of() { cmp -s "$work/read" "$1" || cmp -s "$work/read" "$2" || cmp -s "$work/read" "$3"; }
read_embed() {
  cp e.h5 "$work/read"
  is_one_of e0.h5 e1.h5 e2.h5 && clap-embed --verify e.h5 -q &&
    clap-query e.h5 --embeddings a.h5 -k 1 >"$work/read"
}

# Both make one file; what the first one leaves in parts the second takes.
begin_embed_parts() { rm -f p.h5; }
first_embed_parts=(clap-embed many -o p.h5 --model small --resume --batch 1 -q)
second_embed_parts=("${first_embed_parts[@]}")
read_embed_parts() { [[ ! -e p.h5 ]] || cmp p.h5 whole.h5; }

begin_train() { rm -rf t && cp -r t0 t; }
first_train=(clap-train --config defaults.toml train.json -o t --epochs 1 --seed 1 --force -q)
second_train=(clap-train --config defaults.toml train.json -o t --epochs 1 --seed 2 --name second --force -q)
read_train() { clap-model info t --no-header >"$work/read" && is_one_of t0.info t1.info t2.info; }

begin_train_state() { rm -rf r && cp -r "$work/r0" r; }
first_train_state=(clap-train --config defaults.toml train.json -o r --epochs 2 --checkpoint 2 --resume -q)
second_train_state=("${first_train_state[@]}")
read_train_state() { clap-model info r --no-header >"$work/read" && is_one_of r0.info r2.info r2.info; }

prepare_index() { :; }
prepare_convert() {
  local i
  for i in 0 1 2; do
    sed "s/\"num_hidden_layers\": [0-9]*/\"num_hidden_layers\": $((i + 1))/" "$source_dir/examples/demo-model.json" >m$i.json
    clap-model synth -o m$i --config m$i.json --salt $i
    clap-model info m$i --no-header >m$i.info
  done
}
prepare_query() {
  local n=0 name
  for name in a b c; do clap-query a.h5 --embeddings $name.h5 -o q$((n++)).tsv; done
}
prepare_classify() {
  local n=0 name
  for name in a b c; do clap-classify $name.h5 --labels labels.txt --scores s$((n++)).h5 -q; done
}

# shellcheck source=tests/cmd/train_lib.sh
prepare_training() { [[ -e defaults.toml ]] || . "$source_dir/tests/cmd/train_lib.sh"; }
# made_by FILE COMMAND...: what the command makes of e.h5, under another name.
made_by() { "${@:2}" && mv e.h5 "$1"; }
prepare_embed() {
  printf 'file\tcaption\nperc_bell.flac\ta bell\n' >captions.tsv
  made_by e0.h5 clap-embed "$clips/misc_crow.flac" -o e.h5 -q
  made_by e1.h5 "${first_embed[@]}"
  made_by e2.h5 "${second_embed[@]}"
}
prepare_embed_parts() {
  local n
  prepare_training
  clap-model synth -o small --config small.json --vocab vocab.txt
  mkdir many
  make_wav many/100.wav 4000
  for ((n = 101; n < 230; ++n)); do ln many/100.wav many/$n.wav; done  # two parts, and two recordings
  "${first_embed_parts[@]}"
  mv p.h5 whole.h5
}
prepare_train() {
  local n names=('' '' '--name second')
  prepare_training
  for n in 0 1 2; do
    # shellcheck disable=SC2086
    clap-train --config defaults.toml train.json -o t$n --epochs 1 --seed $n ${names[n]} -q
    clap-model info t$n --no-header >t$n.info
  done
}
# The first state is of a run that was killed before the last of its renames.
prepare_train_state() {
  local run=(clap-train --config defaults.toml train.json --epochs 2 --checkpoint 2 -q)
  prepare_training
  LD_PRELOAD=$shim FAIL_CALL=rename FAIL_COUNT=$work/count "${run[@]}" -o r2
  LD_PRELOAD=$shim FAIL_CALL=rename FAIL_AT=$(($(<"$work/count") - 1)) FAIL_STOP=1 "${run[@]}" -o "$work/r0" &
  until [[ $(ps -o state= -p $!) == T* ]]; do sleep 0.02; done
  kill -KILL $!
  wait $! 2>/dev/null || true
  clap-model info "$work/r0" --no-header >r0.info
  clap-model info r2 --no-header >r2.info
}

# interleave TOOL
interleave() {
  local tool=$1 calls=(fsync rename write flock) first second job other killed=0
  local -n first=first_"$tool" second=second_"$tool"
  begin_"$tool"
  local call=${calls[RANDOM % 4]} at=$((1 + RANDOM % 6))
  LD_PRELOAD=$shim FAIL_CALL=$call FAIL_AT=$at FAIL_STOP=1 "${first[@]}" >"$work/first" 2>&1 &
  job=$!
  sleep "0.0$((RANDOM % 10))"
  "${second[@]}" >"$work/second" 2>&1 &
  other=$!
  for _ in 1 2; do
    code=0
    read_"$tool" 2>"$work/err" || code=$?
    expect "$tool, $call $at: the reader finds old or new" exits 0
    reads=$((reads + 1))
  done
  if ((RANDOM % 3 == 0)); then
    kill -KILL $job 2>/dev/null && killed=1
  fi
  while kill -CONT $job 2>/dev/null; do sleep 0.02; done  # it may come to its call after the first of these
  codes=(0 0)
  wait $job 2>/dev/null || codes[0]=$?
  wait $other 2>/dev/null || codes[1]=$?
  expect "$tool, $call $at: the first writer ends as it may" grep -qE '^(0|73|137)$' <<<"${codes[0]}"
  expect "$tool, $call $at: the second writer ends as it may" grep -qE '^(0|73)$' <<<"${codes[1]}"
  [[ ${codes[0]} -ne 73 ]] || expect "$tool: why" grep -q 'another process is writing it' "$work/first"
  [[ ${codes[1]} -ne 73 ]] || expect "$tool: why" grep -q 'another process is writing it' "$work/second"
  for code in "${codes[@]}"; do [[ $code -ne 73 ]] || refused=$((refused + 1)); done
  kills=$((kills + killed))
  if [[ $tool == index ]]; then
    local done=1 rows
    for code in "${codes[@]}"; do [[ $code -ne 0 ]] || done=$((done + 1)); done
    rows=$(index_rows)
    expect "index, $call $at: no row is lost" test "$rows" -ge $done -a "$rows" -le $((done + killed))
  fi
  run begin_"$tool"
  [[ $tool == index || $tool == convert ]] || run "${second[@]}"  # the others' begin copies
  expect "$tool, $call $at: the next run" exits 0
  expect "$tool, $call $at: leaves nothing" test -z "$(find . -name '.?*')"
}

for tool in "${tools[@]}"; do
  prepare_"$tool"
  refused=0 kills=0 reads=0
  for ((n = 0; n < count; ++n)); do interleave "$tool"; done
  echo "$tool: $count interleavings, $refused writers refused, $kills killed, $reads reads, $failures failures"
done
finish
