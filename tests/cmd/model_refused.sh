#!/usr/bin/env bash
# usage: model_refused.sh BIN SOURCE [SHARED]
# What is no sound model is refused in one line, before an output is begun; nothing in a model file is executed.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
make_tiny_model
unset CLAP_MODEL
crow=$clips/misc_crow.flac

# refused WHAT CODE TEXT MODEL [OPTION...]: by every command that opens a model, leaving no output.
refused() {
  local what=$1 expected=$2 text=$3 model=$4
  shift 4
  refuses "$expected" "$text" clap-embed "$crow" --model "$model" "$@" -o out.h5
  refuses "$expected" "$text" clap-embed --text 'a dog' --model "$model" "$@" -o out.h5
  refuses "$expected" "$text" clap-model convert "$model" "$@" -o converted
  refuses "$expected" "$text" clap-model verify "$model" "$@"
  expect "$what: no output" not compgen -G 'out.h5* .*.part* converted*'
}

# copy_of_tiny NAME: links, so that it costs nothing; a changed file replaces its link.
copy_of_tiny() { cp -rl tiny "$1"; }

echo 'no model' >text.pt
refused 'a text file' 65 text.pt text.pt
: >empty.pt
refused 'an empty file' 65 empty.pt empty.pt
refused 'nothing' 66 'absent: no such model' absent
mkdir bare
refused 'a directory without config' 66 config.json bare
copy_of_tiny no_weights
rm no_weights/model.safetensors
refused 'no weights' 66 model.safetensors no_weights
copy_of_tiny no_vocabulary
rm no_vocabulary/vocab.txt
quietly clap-model info no_vocabulary

copy_of_tiny bad_config
rm bad_config/config.json
echo '{"embed_dim": 32,' >bad_config/config.json
refused 'a config that is not JSON' 65 config.json bad_config
echo '{"embed_dim": "many"}' >bad_config/config.json
refused 'a config of wrong types' 65 embed_dim bad_config
sed 's/"embed_dim": 32,/"embed_dim": 16,/' tiny/config.json >bad_config/config.json
refused 'a config of another model' 65 bad_config bad_config

copy_of_tiny cut
rm cut/model.safetensors
head -c 9000000 tiny/model.safetensors >cut/model.safetensors
refused 'weights cut off' 65 'cut off' cut
head -c 5 tiny/model.safetensors >cut/model.safetensors
refused 'hardly any weights' 65 'model.safetensors' cut
clap-model convert tiny -o tiny.pt
head -c 9000000 tiny.pt >cut.pt
refused 'a checkpoint cut off' 65 cut.pt cut.pt

# edited NAME ACTION WEIGHT [NEW-NAME]
edited() {
  copy_of_tiny "$1"
  edit_weights "$@"
}
norm=audio_encoder.audio_enc.norm.weight
edited drop drop $norm
refused 'a weight missing' 65 "$norm" drop
edited copy copy $norm audio_encoder.surplus.weight
refused 'a weight too many' 65 audio_encoder.surplus.weight copy
edited reshape reshape $norm
refused 'a weight of another shape' 65 "$norm" reshape
edited nan nan $norm
refused 'a weight with NaN' 65 "'$norm' is not finite" nan
edited zero zero codebook
refuses 65 'audio encoder' clap-embed "$crow" --model zero -o out.h5
refuses 65 'text encoder' clap-embed --text 'a dog' --model zero -o out.h5
expect 'a codebook of zeros: no output' not test -e out.h5

# A collapsed text tower gives every caption the same place: refused, but for sound alone.
edited collapsed zero text_encoder.text_encoder.embeddings.word_embeddings.weight
refuses 65 'text encoder has collapsed' clap-embed --text 'a dog' --model collapsed -o out.h5
refuses 65 'text encoder has collapsed' clap-model verify collapsed
refuses 65 '; --allow-collapsed embeds sound alone' clap-embed "$crow" --model collapsed -o sound.h5
run clap-embed "$crow" --model collapsed -o sound.h5 --allow-collapsed
expect 'a collapsed text tower, sound alone: a warning' grep -q 'text encoder has collapsed' "$work/err"
expect 'a collapsed text tower, sound alone: its row' equal "$(ids sound.h5 | wc -l)" 1
refuses 64 '--allow-collapsed' clap-embed --text 'a dog' --model collapsed -o out.h5 --allow-collapsed

head -1000 tiny/vocab.txt >short_vocabulary.txt
refused 'a vocabulary of another model' 65 short_vocabulary.txt tiny --vocab short_vocabulary.txt
refused 'no vocabulary' 66 absent.txt tiny --vocab absent.txt
refused 'no config' 66 absent.json tiny --model-config absent.json

# Hostile checkpoints: each would leave a file if anything in it ran.
count=0
for file in "$source_dir"/tests/data/checkpoints/hostile/*.pt; do
  refuses 65 "${file##*/}" clap-model info "$file"
  refuses 65 "${file##*/}" clap-embed "$crow" --model "$file" -o out.h5
  count=$((count + 1))
done
expect 'hostile files were there' test "$count" -gt 20
expect 'nothing was executed' equal "$(find "$work" -name HOSTILE_CODE_RAN)" ''
finish
