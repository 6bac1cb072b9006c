#!/usr/bin/env bash
# usage: model_files.sh BIN SOURCE [SHARED]
# clap-model: convert there and back, info, verify.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
make_tiny_model
unset CLAP_MODEL
digest=$(sha256sum <tiny/model.safetensors | cut -d' ' -f1)
field() { sed -n "s/^$1\t//p" "$work/out"; }

# info
quietly clap-model info tiny
expect 'info: a header line' equal "$(head -1 "$work/out")" $'key\tvalue'
for row in name=demo model_type=mga-clap sha256="$digest" embed_dim=32 codebook_size=64 sample_rate=32000 n_fft=1024 \
  hop_length=320 n_mels=64 f_min=50 f_max=14000 window_s=10 frames=32 frame_hop_s=0.3125 audio_depths=1,2,2,2 \
  text_hidden_size=64 text_vocab_size=30522 text_max_tokens=30; do
  expect "info: $row" equal "$(field "${row%%=*}")" "${row#*=}"
done
count=$(field parameters)
cp "$work/out" table
quietly clap-model info tiny --json
expect 'info --json: one line' equal "$(wc -l <"$work/out")" 1
expect 'info --json: the digest' grep -q "\"sha256\": \"$digest\"" "$work/out"
expect 'info --json: a number' grep -q "\"parameters\": ${count}[,}]" "$work/out"
quietly clap-model info tiny -o table.tsv
expect 'info -o' cmp -s table table.tsv
refuses 73 table.tsv clap-model info tiny -o table.tsv
quietly clap-model info --model tiny
expect '--model: the same' cmp -s table "$work/out"
CLAP_MODEL=tiny quietly clap-model info
expect 'CLAP_MODEL: the same' cmp -s table "$work/out"
refuses 66 no-such clap-model info no-such
refuses 64 'subcommand' clap-model
cp "$(command -v clap-model)" alone  # no share/ beside it, so no default model
refuses 64 'no model' ./alone info

# split: everything but the text tower and the vocabulary.
quietly clap-model split tiny -o part
expect 'split: no text tower' not grep -q text_encoder part/model.safetensors
expect 'split: no vocabulary' not test -e part/vocab.txt
expect 'split: a known answer' test -s part/known_answer.safetensors
refuses 65 "text_encoder.text_encoder.embeddings.word_embeddings.weight' is missing" clap-model info part
refuses 66 'no-tower' clap-model join part --text-weights no-tower -o joined

# convert: there and back gives the same bytes.
quietly clap-model convert tiny -o tiny.pt
quietly clap-model convert tiny.pt -o back --model-config tiny/config.json
expect 'there and back: the same weights' cmp -s tiny/model.safetensors back/model.safetensors
expect 'there and back: the same config' cmp -s tiny/config.json back/config.json
expect 'there and back: the same vocabulary' cmp -s tiny/vocab.txt back/vocab.txt
expect 'there and back: the same known answer' cmp -s tiny/known_answer.safetensors back/known_answer.safetensors
quietly clap-model info tiny.pt --model-config tiny/config.json
expect 'a checkpoint is the model of its directory' cmp -s table "$work/out"
quietly clap-model convert tiny.pt -o inferred --model-config <(echo '{"text": {"num_attention_heads": 4}}')
quietly clap-model info inferred
expect 'shapes give the rest' equal "$(grep -v '^name' "$work/out")" "$(grep -v '^name' table)"
export CLAP_MODEL=tiny SOURCE_DATE_EPOCH=0
quietly clap-embed "$clips/misc_crow.flac" -o directory.h5
quietly clap-embed "$clips/misc_crow.flac" --model tiny.pt --model-config tiny/config.json -o checkpoint.h5
expect 'the same embeddings' equal "$(h5_check difference directory.h5 checkpoint.h5)" 0
expect 'the same digest' equal "$(attribute checkpoint.h5 model_sha256)" "$digest"
unset CLAP_MODEL SOURCE_DATE_EPOCH

# export: the same checkpoint, whatever its name; half precision.
quietly clap-model export tiny --pt exported
expect 'export: as convert writes it' cmp -s exported tiny.pt
refuses 73 exported clap-model export tiny --pt exported
refuses 64 --pt clap-model export tiny
refuses 64 f64 clap-model convert tiny -o half --dtype f64
quietly clap-model convert tiny -o half --dtype f16
run clap-model verify half
expect 'half precision: verifies' exits 0
expect 'half precision: takes less space' test "$(wc -c <half/model.safetensors)" -lt $(($(wc -c <tiny/model.safetensors) * 2 / 3))
quietly clap-model export half --pt half.pt
quietly clap-model convert half.pt -o half_again --model-config half/config.json
expect 'half precision: there and back' cmp -s half/model.safetensors half_again/model.safetensors

# An existing output.
refuses 73 back clap-model convert tiny -o back
refuses 73 tiny.pt clap-model convert tiny -o tiny.pt
mkdir precious
echo data >precious/file
refuses 73 'not a model directory' clap-model convert tiny -o precious --force
expect 'what is no model is left alone' equal "$(<precious/file)" data
quietly clap-model convert tiny -o back --force
quietly clap-model convert tiny -o tiny.pt --force
refuses 73 no/such clap-model convert tiny -o no/such/model
refuses 73 no/such clap-model convert tiny -o no/such/model.pt
expect 'nothing half-made is left' not compgen -G '*.part*'
clap-model info tiny >/dev/full 2>"$work/err" || code=$?
expect 'a full disk' exits 74
# The same salt gives the same bytes.
clap-model synth -o again --config "$source_dir/examples/demo-model.json" --salt tiny-1 --gain 64
expect 'synth: the same model' cmp -s again/model.safetensors tiny/model.safetensors
clap-model synth -o other --config "$source_dir/examples/demo-model.json" --salt tiny-2 --gain 64
expect 'synth: another salt, another model' not cmp -s other/model.safetensors tiny/model.safetensors

# verify
run clap-model verify tiny
expect 'verify: ok' exits 0
expect 'verify: says so' says 'clap-model: tiny: ok'
expect 'verify: no output' prints_nothing
refuses 65 'no known answer' clap-model verify tiny.pt --model-config tiny/config.json
cp other/model.safetensors again/
refuses 65 'its weights are not those' clap-model verify again
cp -r tiny flipped
middle=$(($(wc -c <tiny/model.safetensors) / 2))
byte=$(od -An -tu1 -j$middle -N1 tiny/model.safetensors)
# shellcheck disable=SC2059  # an octal escape is a format
printf "\\$(printf %o $((byte ^ 1)))" | dd of=flipped/model.safetensors bs=1 seek=$middle conv=notrunc status=none
refuses 65 flipped clap-model verify flipped

# The authors' checkpoint, if the goldens are there: what shapes cannot tell comes from --model-config.
micro=$shared/goldens/checkpoints
if [[ -d $micro ]]; then
  echo '{"text": {"num_attention_heads": 2}}' >heads.json
  h5_check strings "$micro/micro_outputs.h5" captions | sed 's/^\["//; s/"\]$//; s/", "/\n/g' >captions.txt
  for name in micro micro_ddp; do
    quietly clap-model convert "$micro/$name.pt" --model-config heads.json --vocab "$micro/vocab_micro.txt" -o $name
    run clap-model verify $name
    expect "$name: verifies" exits 0
    quietly clap-embed --model $name --text captions.txt -o $name.h5
    difference=$(h5_check matrix $name.h5 "$micro/micro_outputs.h5" text_embed)
    expect "$name: as the official code" at_most "$difference" 1e-5
  done
else
  echo 'no goldens beside the checkout: the official checkpoint is not converted'
fi
finish
