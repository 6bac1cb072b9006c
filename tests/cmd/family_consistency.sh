#!/usr/bin/env bash
# usage: family_consistency.sh BIN SOURCE [SHARED]
# What is embedded beside a recording or a text, in which order, batch, thread or shard, changes next to nothing, whatever the
# family: transformers and laion-clap let companions and chance decide.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
data=$source_dir/tests/data/families
text=$source_dir/tests/data/text
make_wav long.wav 1184000
mapfile -t inputs < <(printf '%s\n' long.wav "$clips"/*.flac)
mapfile -t reversed < <(printf '%s\n' "${inputs[@]}" | tac)
printf '%s\n' 'a crow calls' 'people sing in a choir while a long rain falls on the roof of a house' 'rain' 'a bell' 'dogs' >texts.txt
tac texts.txt >stxet.txt
xz -dc "$data/laion-unfused-tiny.pt.xz" >laion.pt
xz -dc "$data/msclap-tiny.pth.xz" >msclap.pth
xz -dc "$data/wavcaps-tiny.pt.xz" >wavcaps.pt
cp -r "$data/hf-fused-tiny" fused
cp "$data"/hf-unfused-tiny/{vocab.json,merges.txt} fused

# near FILE PART WHAT: the rows of PART are those of FILE.
near() { expect "$3" at_most "$(h5_check contained "$1" "$2")" 1e-6; }

# consistent WHAT OPTION...: of the model and the protocol that the options name
consistent() {
  local what=$1 i alone rows
  shift
  quietly clap-embed "${inputs[@]}" "$@" --batch 1 --threads 1 --force -o one.h5
  rows=$(ids one.h5 | wc -l)
  expect "$what: a row for each at least" test "$rows" -ge ${#inputs[@]}
  quietly clap-embed "${inputs[@]}" "$@" --batch 3 --threads 2 --force -o more.h5
  expect "$what: batch 3" at_most "$(h5_check difference one.h5 more.h5)" 1e-6
  quietly clap-embed "${reversed[@]}" "$@" --batch 8 --threads 2 --force -o reversed.h5
  expect "$what: reversed: all rows" equal "$(ids reversed.h5 | wc -l)" "$rows"
  near one.h5 reversed.h5 "$what: reversed, batch 8"
  for i in 0 1 2; do quietly clap-embed "${inputs[@]}" "$@" --batch 8 --shard $i/3 --force -o shard$i.h5; done
  quietly clap-embed --merge shard?.h5 --force -o merged.h5
  expect "$what: shards" at_most "$(h5_check difference one.h5 merged.h5)" 1e-6
  for alone in long.wav "$clips/misc_crow.flac"; do
    quietly clap-embed "$alone" "$@" --batch 8 --force -o alone.h5
    near one.h5 alone.h5 "$what: $alone alone"
  done
  quietly clap-embed --text texts.txt "${@:1:model_words}" --batch 1 --threads 1 --force -o texts.h5
  for i in texts stxet; do
    quietly clap-embed --text $i.txt "${@:1:model_words}" --batch 8 --threads 2 --force -o more.h5
    expect "$what: $i: all" equal "$(ids more.h5 | wc -l)" 5
    near texts.h5 more.h5 "$what: $i"
  done
}
model_words=2
consistent 'a ClapModel' --model "$data/hf-unfused-tiny" --window 5 --hop 3
consistent 'a fused ClapModel, windows' --model fused
consistent 'a fused ClapModel, joined views' --model fused --pool fusion
consistent 'a fused ClapModel, mean' --model fused --pool mean
model_words=6
consistent "laion-clap's" --model laion.pt --model-config "$data/laion-unfused-tiny.json" --vocab "$data/hf-unfused-tiny/vocab.json"
consistent "msclap's" --model msclap.pth --model-config "$data/msclap-tiny.json" --vocab "$text/bpe_small/merges.txt"
consistent "WavCaps'" --model wavcaps.pt --model-config "$data/wavcaps-tiny.json" --vocab "$text/vocab_micro.txt"
finish
