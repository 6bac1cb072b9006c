#!/usr/bin/env bash
# usage: power_loss.sh BIN SOURCE SHARED [POINTS [TOOL...]]
# The power goes at POINTS points of each run (0: at every one), with all that was not synced dropped, and with the names that
# were not synced or without: clap-index build and add, clap-model convert, clap-query -o, clap-embed, clap-train. What is there
# then is the old output or the new one, whole, and the next run finds its way.
# shellcheck disable=SC2034  # work_TOOL is taken by name
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
points=${4-4}
tools=("${@:5}")
[[ ${#tools[@]} -gt 0 ]] || tools=(build add query convert embed train)
export SOURCE_DATE_EPOCH=1000000000 OMP_NUM_THREADS=1
shim=$bin/../lib/power_loss.so
# shellcheck source=tests/cmd/train_lib.sh
. "$source_dir/tests/cmd/train_lib.sh"
make_tiny_model
mkdir in disk kept
for clip in misc_crow drum_roll perc_bell; do ln -s "$clips/$clip.flac" in/$clip.flac; done
clap-embed in/misc_crow.flac -o a.h5
clap-embed in/drum_roll.flac -o b.h5
sed 's/"num_hidden_layers": [0-9]*/"num_hidden_layers": 1/' "$source_dir/examples/demo-model.json" >other.json
clap-model synth -o other --config other.json

# What a tool replaces, what it does, and how the result is read: words that differ between old and new.
old_build() { clap-index build a.h5 -o disk/x.clapindex; }
work_build=(clap-index build b.h5 -o disk/x.clapindex --force -q)
read_build() { clap-index export disk/x.clapindex --tsv -; }
old_add() { old_build; }
work_add=(clap-index add disk/x.clapindex b.h5 -q)
read_add() { read_build; }
old_query() { clap-query a.h5 --embeddings a.h5 -o disk/q.tsv; }
work_query=(clap-query b.h5 --embeddings b.h5 -o disk/q.tsv --force)
read_query() { cat disk/q.tsv; }
old_convert() { clap-model convert tiny -o disk/m; }
work_convert=(clap-model convert other -o disk/m --force)
read_convert() { clap-model info disk/m; }
old_embed() { clap-embed in/misc_crow.flac -o disk/e.h5; }
work_embed=(clap-embed in -o disk/e.h5 --force)
read_embed() { clap-embed --verify disk/e.h5 -q && h5_check rows disk/e.h5; }
# A training goes on from its last state to the same weights.
old_train() { :; }
work_train=(clap-train --config defaults.toml train.json -o disk/t --epochs 2 --checkpoint 2 -q)
read_train() { md5sum <disk/t/model.safetensors; }

# afresh TOOL: the old output, and nothing else.
afresh() {
  rm -rf disk
  mkdir disk
  cp -a kept/. disk
}

for tool in "${tools[@]}"; do
  declare -n command=work_$tool
  rm -rf kept disk
  mkdir disk
  "old_$tool"
  cp -a disk kept
  "read_$tool" >old.txt 2>/dev/null || true
  run env LD_PRELOAD="$shim" POWER_FOLDER="$PWD/disk" POWER_COUNT="$work/count" "${command[@]}"
  expect "$tool: undisturbed" exits 0
  "read_$tool" >new.txt
  expect "$tool: old and new differ" not cmp -s old.txt new.txt
  total=$(<"$work/count") step=1 losses=0 olds=0 news=0
  expect "$tool: is counted" test "$total" -gt 3
  [[ $points -eq 0 || $total -le $points ]] || step=$((total / points))
  for ((at = 1; at <= total; at += step)); do
    for undo in '' 1; do
      afresh
      run env LD_PRELOAD="$shim" POWER_FOLDER="$PWD/disk" POWER_AT=$at ${undo:+POWER_UNDO=1} "${command[@]}"
      expect "$tool $at: the power goes" exits 137
      losses=$((losses + 1))
      if [[ $tool == train ]]; then
        options=(--resume)
        [[ -d disk/t/training ]] || options=()
        run "${command[@]}" "${options[@]}"
        expect "train $at: goes on" exits 0
      else
        code=0
        "read_$tool" >now.txt 2>"$work/err" || code=$?
        expect "$tool $at ${undo:+undone}: is read" exits 0
        if cmp -s now.txt old.txt; then
          olds=$((olds + 1))
        else
          news=$((news + 1))
          expect "$tool $at ${undo:+undone}: old or new" cmp now.txt new.txt
        fi
        [[ $tool != add ]] || afresh
        run "${command[@]}"
        expect "$tool $at: the next run" exits 0
      fi
      "read_$tool" >now.txt
      expect "$tool $at: the next result" cmp now.txt new.txt
      expect "$tool $at: nothing is left" test -z "$(find disk -name '.?*')"
    done
  done
  echo "$tool: $total operations, $losses losses of power, $olds old, $news new, $failures failures"
done
finish
