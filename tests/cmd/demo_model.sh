#!/usr/bin/env bash
# usage: demo_model.sh BIN SOURCE [SHARED]
# The demonstration model, where set-up could fetch its text tower: the default of --model, and right about
# recordings that it has not heard.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
unset CLAP_MODEL
if [[ ! -f $bin/../share/clap-tools/model/model.safetensors ]]; then
  echo "SKIPPED: no demonstration model: its text tower was not fetched"
  exit 77
fi
run clap-model verify
expect 'it computes what it did where it was trained' exits 0
quietly clap-model info
expect 'it is the default' grep -q $'^name\tdemo$' "$work/out"

for clip in perc_bell vinyl_scratch drum_roll; do cp "$source_dir/examples/audio/$clip.flac" .; done
quietly clap-classify perc_bell.flac vinyl_scratch.flac drum_roll.flac --labels "$source_dir/examples/labels.txt" --no-header
expect 'unheard recordings: the right labels' equal "$(cut -f 1,5 "$work/out" | tr '\n' ' ')" \
  $'perc_bell.flac\tbell vinyl_scratch.flac\tvinyl scratch drum_roll.flac\tdrum roll '

# join: only the text tower that it was trained with.
tower=$source_dir/.deps/minilm
if [[ -f $tower/model.safetensors ]]; then
  quietly clap-model join "$source_dir/model" --text-weights "$tower" --dtype f16 -o joined
  expect 'join: the same weights' cmp -s joined/model.safetensors "$bin/../share/clap-tools/model/model.safetensors"
  cp -r "$source_dir/model" part
  # Another known answer stands for another tower.
  printf '\x3f' | dd of=part/known_answer.safetensors bs=1 seek="$(($(stat -c %s part/known_answer.safetensors) - 1))" conv=notrunc status=none
  refuses 65 'is not the text tower' clap-model join part --text-weights "$tower" --dtype f16 -o other
  expect 'join: nothing written' not test -e other
fi
finish
