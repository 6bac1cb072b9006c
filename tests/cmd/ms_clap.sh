#!/usr/bin/env bash
# usage: ms_clap.sh BIN SOURCE [SHARED]
# Microsoft's CLAP and WavCaps' models: tiny checkpoints through all tools, their directories, and what is wrong with some.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
data=$source_dir/tests/data/families
crow=$clips/misc_crow.flac
export SOURCE_DATE_EPOCH=0
field() { sed -n "s/^$1\t//p" "$work/out"; }
printf 'a dog barks\na bell!\nrain on a roof\n' >captions.txt
xz -dc "$data/msclap-tiny.pth.xz" >msclap.pth
xz -dc "$data/wavcaps-tiny.pt.xz" >wavcaps.pt
merges=$source_dir/tests/data/text/bpe_small/merges.txt

# each MODEL VOCABULARY FILE ROWS...: info, rows, a directory and back, search and labels
each() {
  local name=${1%.*} model=$1 vocabulary=$2 row
  shift 2
  local given=(--model-config "$data/$name-tiny.json" --vocab "$vocabulary")
  quietly clap-model info "$model" "${given[@]}"
  for row in "model_type=$name" name="$name-tiny" embed_dim=24 audio_depths=1,2,2,1 "$@"; do
    expect "$name: info: $row" equal "$(field "${row%%=*}")" "${row#*=}"
  done
  local digest short
  digest=$(field sha256)
  short=$(field short_audio)
  quietly clap-embed "$crow" -o "$name.h5" --model "$model" "${given[@]}"
  expect "$name: --short is the family's" equal "$(attribute "$name.h5" short_audio)" "$short"
  quietly clap-embed --text captions.txt -o "$name-text.h5" --model "$model" "${given[@]}"
  quietly clap-model convert "$model" -o "$name" "${given[@]}"
  run clap-model verify "$name"
  expect "$name: verifies" exits 0
  quietly clap-model info "$name"
  expect "$name: a directory: the digest" equal "$(field sha256)" "$digest"
  quietly clap-embed "$crow" -o "$name-folder.h5" --model "$name"
  expect "$name: a directory: the same rows" at_most "$(h5_check difference "$name.h5" "$name-folder.h5")" 1e-6
  quietly clap-embed --text captions.txt -o "$name-folder-text.h5" --model "$name"
  expect "$name: a directory: the same texts" at_most "$(h5_check difference "$name-text.h5" "$name-folder-text.h5")" 1e-6
  quietly clap-model convert "$name" -o "$name-back.pt"
  quietly clap-embed "$crow" -o "$name-back.h5" --model "$name-back.pt" "${given[@]}"
  expect "$name: there and back: the same rows" at_most "$(h5_check difference "$name.h5" "$name-back.h5")" 1e-6

  export CLAP_MODEL=$PWD/$name
  quietly clap-embed "$clips" -o "$name-all.h5"
  quietly clap-index build "$name-all.h5" -o "$name.clapindex"
  quietly clap-query "$name.clapindex" 'a bell' -k 2
  run clap-query "$name.clapindex" -k 1 --audio "$crow" --no-header
  expect "$name: a recording finds itself" grep -q '1.000000.*misc_crow' "$work/out"
  quietly clap-classify "$crow" --labels captions.txt
  refuses 64 'no frame embeddings' clap-embed "$crow" --frames -o frames.h5
  refuses 64 'no frame embeddings' clap-classify "$crow" --labels captions.txt --events
  refuses 65 'no codebook' clap-embed "$crow" --pool codebook -o codebook.h5
  printf 'audio\tcaption\n%s\ta crow\n%s\ta bell\n' "$crow" "$clips/perc_bell.flac" >pairs.tsv
  refuses 65 "models of the family $name cannot be trained" clap-train pairs.tsv -o run --batch 2 --init "$name"
  refuses 65 "models of the family $name cannot be split" clap-model split "$name" -o part
  unset CLAP_MODEL
}
each msclap.pth "$merges" short_audio=repeat sample_rate=44100 mel_sample_rate=32000 window_s=7 n_fft=256 text_vocab_size=526 \
  text_max_tokens=77
each wavcaps.pt "$source_dir/tests/data/text/vocab_micro.txt" short_audio=zero sample_rate=32000 window_s=10 text_vocab_size=142 text_max_tokens=30

expect 'msclap: its files' equal "$(cd msclap && printf '%s ' *)" 'config.json known_answer.safetensors merges.txt model.safetensors '
cp -r msclap full
cp "$source_dir/share/vocabularies/roberta/merges.txt" full
refuses 65 '50257 tokens, the model has 526' clap-embed "$crow" -o x.h5 --model full
cp -r msclap cyclic
printf 'a b\nab a\nab a\n' >cyclic/merges.txt
refuses 65 'occurs twice' clap-embed "$crow" -o x.h5 --model cyclic
cp -r msclap no-merges
rm no-merges/merges.txt
refuses 65 '50257 tokens, the model has 526' clap-embed "$crow" -o x.h5 --model no-merges
printf '{"text": {"n_head": 5}}\n' >heads.json
refuses 65 'text.n_head (5) does not divide n_embd (32)' clap-model info msclap.pth --model-config heads.json
head -c 700000 msclap.pth >cut.pth
refuses 65 cut.pth clap-model info cut.pth
cp -r msclap nan
edit_weights nan nan caption_encoder.projection.linear1.weight
refuses 65 "weight 'caption_encoder.projection.linear1.weight' is not finite" clap-embed "$crow" --model nan -o x.h5
finish
