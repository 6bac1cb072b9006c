#!/usr/bin/env bash
# usage: lost_writes.sh BIN SOURCE [SHARED]
# A file system that takes every byte and keeps none: no tool ends with 0, and nothing appears under an output's name.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
make_tiny_model
mkdir in
make_wav in/a.wav 8000
make_wav in/b.wav 9000
clap-embed in --window 1 -o clips.h5
clap-index build clips.h5 -o clips.clapindex
printf 'a bell\na dog\n' >labels.txt

# loses OUTPUT COMMAND...
loses() {
  local output=$1
  shift
  ls -A >"$work/before"
  run env LD_PRELOAD="$bin/../lib/fail_nth.so" LOSE_WRITES=1 "$@"
  expect "$*: exit code" exits 74
  expect "$*: the reason" says 'cannot be read back after writing'
  expect "$*: one line" says_lines 1
  expect "$*: no output" test ! -e "$output"
  expect "$*: nothing is left" equal "$(ls -A)" "$(<"$work/before")"
}
loses new.h5 clap-embed in --window 1 -o new.h5
loses new.h5 clap-embed --text 'a dog' -o new.h5
loses new.h5 clap-embed --merge clips.h5 -o new.h5
loses new.clapindex clap-index build clips.h5 -o new.clapindex
loses new.tsv clap-query clips.clapindex 'a dog' -o new.tsv
loses scores.h5 clap-classify clips.h5 --labels labels.txt --scores scores.h5
loses model clap-model synth -o model --config "$source_dir/examples/demo-model.json"
loses model clap-model convert tiny -o model
finish
