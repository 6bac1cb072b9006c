#!/usr/bin/env bash
# usage: embed_stops.sh BIN SOURCE [SHARED]
# An interrupted clap-embed ends soon, with the signal's code, and leaves no output, only what --resume needs.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
make_tiny_model
awk -v clip="$clips/misc_crow.flac" 'BEGIN { for (i = 0; i < 20000; ++i) print clip }' >many
awk 'BEGIN { for (i = 0; i < 200000; ++i) print "a text that is a little longer than short", i }' >texts

parts() { compgen -G '.*.part-*' >/dev/null; }

# interrupts SIGNAL CODE COMMAND...: sends it as soon as the output has been begun.
interrupts() {
  local signal=$1 expected=$2 i job
  shift 2
  code=0
  # bash starts a job with SIGINT ignored, which clap-embed would respect
  env --default-signal=INT "$@" >"$work/out" 2>"$work/err" <many &
  job=$!
  for ((i = 0; i < 600; ++i)); do
    ! parts || break
    sleep 0.05
  done
  expect "$*: begins its output" parts
  sleep 0.3
  kill -"$signal" $job
  wait $job || code=$?
  expect "$signal: exit code $expected" exits "$expected"
  expect "$signal: no output" not test -e out.h5
  expect "$signal: nothing left" not parts
  rm -rf .out.h5.parts
}

interrupts INT 130 clap-embed - -o out.h5
interrupts TERM 143 clap-embed - -o out.h5
interrupts USR1 143 clap-embed - -o out.h5
interrupts TERM 143 clap-embed - --batch 64 --threads 1 --frames -o out.h5
interrupts TERM 143 clap-embed --text texts -o out.h5

# On a pipe nothing half-made is sent.
env --default-signal=INT clap-embed - -o - >piped 2>"$work/err" <many &
job=$! code=0
sleep 2
kill -INT $job
wait $job || code=$?
expect 'pipe: exit code' exits 130
expect 'pipe: nothing is sent' not test -s piped

# A file that was there before is still there.
clap-embed "$clips/misc_crow.flac" -o out.h5 -q
cp out.h5 older.h5
env --default-signal=INT clap-embed - --force -o out.h5 2>"$work/err" <many &
job=$! code=0
sleep 2
kill -TERM $job
wait $job || code=$?
expect 'an older output: exit code' exits 143
expect 'an older output is kept' cmp -s out.h5 older.h5
finish
