#!/usr/bin/env bash
# usage: embed_resume.sh BIN SOURCE [SHARED]
# A run that was killed or interrupted at any moment is resumed by --resume, and its file is byte for byte the one that an
# undisturbed run makes; what does not match any more is made again. KILLS and CHANGES set how often it is tried.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# What a run said, but for how much sound that was and how fast: another run is another time.
without_speed() { sed -E '/^clap-embed: embedded [0-9]+ of [0-9]+ clips, [^,]*h of audio/d; s/^(clap-embed: embedded [0-9]+ of [0-9]+ clips), .*/\1/' "$work/err"; }
make_tiny_model
export SOURCE_DATE_EPOCH=1000000000
kills=${KILLS:-2} changes=${CHANGES:-3}
seed_random 20

# 200 inputs, parts of 64: short ones, long ones, three that fail.
mkdir in
make_wav short.wav 8000
make_wav long.wav 800000
make_wav quiet.wav 9000
for ((i = 100; i < 300; ++i)); do cp short.wav in/$i.wav; done
for i in 110 111 280; do cp long.wav in/$i.wav; done
for i in 120 260 290; do head -c 40 short.wav >in/$i.wav; done
awk 'BEGIN { for (i = 0; i < 9000; ++i) print "text number", i }' >texts

parts() { compgen -G '.out.h5.parts/*.part' | wc -l; }

# undisturbed WHOLE COMMAND...: what the command makes if nothing happens.
undisturbed() {
  local whole=$1 began=$EPOCHREALTIME
  shift
  rm -rf out.h5 .out.h5.parts
  run "$@"
  takes=$(awk "BEGIN { print $EPOCHREALTIME - $began }")
  expected=$code
  expect "$*: leaves nothing beside" test ! -e .out.h5.parts
  mv out.h5 "$whole"
  without_speed >"$whole.err"
}

# begin COMMAND...: in the background.
begin() {
  env --default-signal=INT "$@" >"$work/out" 2>"$work/err" &
  job=$!
}

# ends: waits for it, sets $code; the shell's word on a killed job is not shown.
ends() {
  code=0
  { wait "$job" || code=$?; } 2>/dev/null
}

# storm KILLS WHOLE COMMAND...: kill -9 within the time of an undisturbed run, again and again.
storm() {
  local left=$1 whole=$2 runs=0
  shift 2
  rm -rf out.h5 .out.h5.parts
  while ((left > 0)); do
    begin "$@"
    sleep "$(awk -v r="$RANDOM" -v m="$takes" 'BEGIN { print r / 32768 * m }')"
    kill -9 $job 2>/dev/null || true
    ends
    expect "$*: killed or done ($code)" test $code -eq 137 -o $code -eq $expected
    if [[ $code -eq 137 ]]; then
      left=$((left - 1))
    else
      expect "$*: killed $((kills - left)) times: the same bytes" cmp -s out.h5 "$whole"
      rm -rf out.h5
      runs=$((runs + 1))
    fi
  done
  run "$@"
  expect "$*: exit code after kills" exits $expected
  expect "$*: the same bytes after kills" cmp out.h5 "$whole"
  expect "$*: the same messages" cmp "$whole.err" <(without_speed)
  expect "$*: nothing beside" equal "$(compgen -G '.out.h5.*')" ''
  echo "$*: $kills kills, $((runs + 1)) runs to the end"
}

modes=('--window 1' '--shard 0/2 --window 2' '--frames --dtype f16 --batch 7' '--pool codebook')
for options in "${modes[@]}"; do
  # shellcheck disable=SC2206  # several words
  command=(clap-embed in $options --threads 2 -o out.h5 --resume)
  undisturbed whole.h5 "${command[@]}"
  expect "$options: some fail" exits 1
  storm "$kills" whole.h5 "${command[@]}"

  rm out.h5
  begin "${command[@]}"
  for ((i = 0; i < 600 && $(parts) < 2; ++i)); do sleep 0.05; done
  stopped=$SECONDS
  kill -TERM $job
  ends
  expect "$options: SIGTERM" exits 143
  expect "$options: within 10 s" test $((SECONDS - stopped)) -le 10
  expect "$options: says what is kept" says 'are kept for --resume'
  expect "$options: no output yet" test ! -e out.h5
  refuses 73 'use --resume' clap-embed in -o out.h5
  run "${command[@]}"
  expect "$options: the rest" exits 1
  expect "$options: interrupted: the same bytes" cmp out.h5 whole.h5
  run "${command[@]}"
  expect "$options: finished: the code of the run" exits 1
  expect "$options: finished: what failed is said again" cmp whole.h5.err <(without_speed)
done

undisturbed texts.h5 clap-embed --text texts -o out.h5 --resume
storm "$kills" texts.h5 clap-embed --text texts -o out.h5 --resume
quietly clap-embed --text texts -o out.h5 --resume

# What changed between two runs is made again.
kill_after_parts() {  # NUMBER COMMAND...
  local number=$1 i
  shift
  rm -rf out.h5 .out.h5.parts
  begin "$@"
  for ((i = 0; i < 1200 && $(parts) < number; ++i)); do sleep 0.05; done
  kill -9 $job
  ends
}
names=(in/105.wav in/170.wav in/250.wav in/110.wav in/120.wav)
for ((change = 0; change < changes; ++change)); do
  kill_after_parts 3 clap-embed in -o out.h5
  cp -r in kept
  options=()
  case $((change % 5)) in
    0) cp quiet.wav "${names[RANDOM % 5]}" ;;
    1) rm "${names[RANDOM % 5]}" ;;
    2) cp quiet.wav in/2$((RANDOM % 40 + 10))a.wav ;;
    3) options=(--short repeat) ;;
    4) cp long.wav "${names[RANDOM % 5]}" ;;
  esac
  run clap-embed in "${options[@]}" -o changed.h5 --force
  run clap-embed in "${options[@]}" -o out.h5 --resume
  expect "change $change: exit code" exits 1
  expect "change $change: nothing stale" same out.h5 changed.h5
  [[ $((change % 5)) -ne 3 ]] || expect 'other options: said' says 'starting again'
  rm -rf in
  mv kept in
done
clap-model synth -o other --config "$source_dir/examples/demo-model.json" --salt other --gain 64
kill_after_parts 1 clap-embed in -o out.h5
run clap-embed in --model other -o out.h5 --resume
expect 'another model: said' says 'model='
run clap-embed in --model other -o changed.h5 --force
expect 'another model: nothing stale' same out.h5 changed.h5

# A damaged part is made again.
kill_after_parts 2 clap-embed in --window 1 -o out.h5
part=$(compgen -G '.out.h5.parts/*.part' | head -1)
printf x | dd of="$part" bs=1 seek=5000 conv=notrunc status=none
run clap-embed in --window 1 -o changed.h5 --force
run clap-embed in --window 1 -o out.h5 --resume
expect 'a damaged part: is not used' same out.h5 changed.h5

expect 'the command of the first run stays' equal "$(attribute out.h5 command)" 'clap-embed in --window 1 -o out.h5'

# Killed behind the last step: the parts go with the next run.
mkdir .out.h5.parts
printf 'fingerprint\tcommand\tcreated\nx\ty\tz\n' >.out.h5.parts/run.tsv
echo part >.out.h5.parts/0000000000.part
run clap-embed in --window 1 -o out.h5 --resume
expect 'parts beside a finished output' test ! -e .out.h5.parts

# A finished output that is not what would be made now is left alone.
refuses 73 'made with other options' clap-embed in --window 2 -o out.h5 --resume
refuses 73 'made with another model' clap-embed in --window 1 --model other -o out.h5 --resume
refuses 73 'made of other inputs' clap-embed in/105.wav --window 1 -o out.h5 --resume
sleep 0.05
touch in/105.wav
refuses 73 'older than in/105.wav' clap-embed in --window 1 -o out.h5 --resume
refuses 64 'does not go with --force' clap-embed in -o out.h5 --resume --force
refuses 64 'needs an output file' clap-embed in -o - --resume

# Two at once: the second one is refused.
rm out.h5
begin clap-embed in -o out.h5
for ((i = 0; i < 1200 && $(parts) < 1; ++i)); do sleep 0.05; done
refuses 73 'another process is writing it' clap-embed in -o out.h5 --resume
kill -9 $job
ends
run clap-embed in/105.wav -o out.h5 --force
expect '--force begins anew' exits 0
expect '--force: nothing beside' test ! -e .out.h5.parts
finish
