#!/usr/bin/env bash
# usage: laion_clap.sh BIN SOURCE [SHARED]
# LAION's CLAP in the containers that people have it in: the same rows from each, and a line for what is wrong.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
data=$source_dir/tests/data/families
crow=$clips/misc_crow.flac
export SOURCE_DATE_EPOCH=0
field() { sed -n "s/^$1\t//p" "$work/out"; }
copy() { cp -r "$data/hf-unfused-tiny" "$1"; }
same_as_folder() { at_most "$(h5_check difference folder.h5 "$1")" 1e-6; }  # weights lie at other addresses

# A folder of Hugging Face's.
copy hf
quietly clap-model info hf
for row in name=hf model_type=laion-clap layout=transformers embed_dim=24 fusion=no short_audio=repeatpad sample_rate=48000 \
  mel_filters=slaney f_min=50 window_s=10 text_vocab_size=530; do
  expect "info: $row" equal "$(field "${row%%=*}")" "${row#*=}"
done
digest=$(field sha256)
quietly clap-embed "$crow" -o folder.h5 --model hf
for row in sample_rate=48000 window_s=10 short_audio=repeatpad dim=24; do
  expect "embedded: $row" equal "$(attribute folder.h5 "${row%%=*}")" "${row#*=}"
done
quietly clap-embed "$crow" -o zero.h5 --model hf --short zero
expect '--short counts' not same_as_folder zero.h5
printf 'a dog barks\na bell\nrain on a roof\n' >captions.txt
quietly clap-embed --text captions.txt -o texts.h5 --model hf
expect 'texts' equal "$(ids texts.h5 | wc -l)" 3

printf -- '---\nlicense: apache-2.0\n---\n# CLAP\n' >hf/README.md
quietly clap-model info hf
expect 'info: the licence of its README' equal "$(field licence)" apache-2.0
rm hf/README.md
quietly clap-model info hf
expect 'info: no licence without one' not grep -q '^licence' "$work/out"
printf 'a crow\na bell\nrain\n' >labels.txt
run clap-classify folder.h5 --model hf --labels labels.txt -k 3 --softmax --no-header
expect '--softmax: shares of one' at_most "$(awk -F'\t' '{ s += $6 } END { print (s > 1 ? s - 1 : 1 - s) }' "$work/out")" 3e-6
cut -f 5 "$work/out" >order
clap-classify folder.h5 --model hf --labels labels.txt -k 3 --no-header >cosines
expect '--softmax: the order of the cosines' equal "$(cat order)" "$(cut -f 5 cosines)"
expect '--softmax: exp(logit_scale_a) of them' at_most "$(paste "$work/out" cosines | awk -F'\t' 'NR == 1 { p = $6; c = $12 }
  NR == 2 { d = log(p / $6) - exp(2.75) * (c - $12); print (d < 0 ? -d : d) }')" 1e-3
refuses 64 '--softmax: cannot go with' clap-classify folder.h5 --model hf --labels labels.txt --softmax --multilabel

# The same in other containers.
same_model() {  # NAME MODEL ARGUMENT...: digest, rows
  local name=$1
  shift
  quietly clap-model info "$@"
  expect "$name: the digest" equal "$(field sha256)" "$digest"
  quietly clap-embed "$crow" -o "$name.h5" --model "$@"
  expect "$name: the same rows" same_as_folder "$name.h5"
}
copy minimal
mv minimal/config_minimal.json minimal/config.json
same_model minimal minimal
copy one-file
rm one-file/vocab.json one-file/merges.txt
same_model one-file one-file
quietly clap-embed --text captions.txt -o one-file-texts.h5 --model one-file
expect 'tokenizer.json: the same texts' at_most "$(h5_check difference texts.h5 one-file-texts.h5)" 1e-6
quietly clap-model convert hf -o ours
same_model ours ours
run clap-model verify ours
expect 'ours verifies' exits 0
quietly clap-model convert ours -o again
expect 'converted twice: the same files' diff -r ours again
quietly clap-model convert hf -o weights.pt
copy torch
rm torch/model.safetensors
cp weights.pt torch/pytorch_model.bin
same_model torch torch
copy sharded
python3 - <<'PY'
import json, struct
with open('sharded/model.safetensors', 'rb') as file:
    header = json.loads(file.read(struct.unpack('<Q', file.read(8))[0]))
    data = file.read()
names = sorted(n for n in header if n != '__metadata__')
def write(path, names):
    at, out, body = 0, {}, b''
    for name in names:
        begin, end = header[name]['data_offsets']
        body += data[begin:end]
        out[name] = dict(header[name], data_offsets=[at, at + end - begin])
        at += end - begin
    text = json.dumps(out).encode()
    text += b' ' * (-len(text) % 8)
    open('sharded/' + path, 'wb').write(struct.pack('<Q', len(text)) + text + body)
half = len(names) // 2
shards = {'model-00001-of-00002.safetensors': names[:half], 'model-00002-of-00002.safetensors': names[half:]}
for path, part in shards.items():
    write(path, part)
index = {'metadata': {}, 'weight_map': {n: p for p, part in shards.items() for n in part}}
json.dump(index, open('sharded/model.safetensors.index.json', 'w'))
for fault, change in {'outside': {names[0]: '../x.safetensors'}, 'moved': {names[0]: 'model-00002-of-00002.safetensors'}}.items():
    json.dump({'weight_map': dict(index['weight_map'], **change)}, open(fault + '.json', 'w'))
json.dump({'weight_map': dict(index['weight_map'], ghost='model-00002-of-00002.safetensors')}, open('absent.json', 'w'))
json.dump({'weight_map': {n: p for n, p in index['weight_map'].items() if n != names[0]}}, open('unlisted.json', 'w'))
PY
rm sharded/model.safetensors
same_model sharded sharded

# In the cache of Hugging Face's Hub, by its name.
mkdir -p hub/models--laion--tiny/{refs,snapshots}
mv hf hub/models--laion--tiny/snapshots/0123abc
printf 0123abc >hub/models--laion--tiny/refs/main
HF_HUB_CACHE=$PWD/hub quietly clap-model info laion/tiny
expect 'of the cache: its name' equal "$(field name)" laion/tiny
mkdir home
mv hub home
HF_HOME=$PWD/home quietly clap-model info laion/tiny
HF_HUB_CACHE=$PWD/none refuses 66 'fetch it by: hf download laion/tiny' clap-model info laion/tiny
refuses 66 'no such model directory' clap-model info ./laion/tiny

# laion-clap's own checkpoint: the same weights, rounded samples.
xz -dc "$data/laion-unfused-tiny.pt.xz" >tiny.pt
given=(--model-config "$data/laion-unfused-tiny.json" --vocab "$data/hf-unfused-tiny/vocab.json")
quietly clap-model info tiny.pt "${given[@]}"
for row in layout=laion quantise='16 bits' fusion=no n_fft=512 audio_depths=1,2,2,1 text_max_tokens=77; do
  expect "checkpoint: $row" equal "$(field "${row%%=*}")" "${row#*=}"
done
quietly clap-embed "$crow" -o checkpoint.h5 --model tiny.pt "${given[@]}"
expect 'checkpoint: near the rows of the folder' at_most "$(h5_check difference folder.h5 checkpoint.h5)" 5e-3
expect 'checkpoint: not the same' not same_as_folder checkpoint.h5
quietly clap-model convert tiny.pt -o laion "${given[@]}"
quietly clap-embed "$crow" -o laion.h5 --model laion
expect 'converted: the same rows' at_most "$(h5_check difference checkpoint.h5 laion.h5)" 1e-6
quietly clap-model convert laion -o back.pt
quietly clap-embed "$crow" -o back.h5 --model back.pt "${given[@]}"
expect 'there and back: the same rows' at_most "$(h5_check difference checkpoint.h5 back.h5)" 1e-6

# What it can do, and not.
export CLAP_MODEL=$PWD/ours
quietly clap-embed "$clips" -o all.h5
quietly clap-index build all.h5 -o all.clapindex
quietly clap-query all.clapindex 'a bell' -k 2
run clap-query all.clapindex -k 1 --audio "$crow" --no-header
expect 'a recording finds itself' grep -q '1.000000.*misc_crow' "$work/out"
quietly clap-classify "$crow" --labels captions.txt
refuses 64 'no frame embeddings' clap-embed "$crow" --frames -o frames.h5
refuses 64 'no frame embeddings' clap-classify "$crow" --labels captions.txt --events
refuses 65 'no codebook' clap-embed "$crow" --pool codebook -o codebook.h5
refuses 65 'joins views' clap-embed "$crow" --pool fusion -o fusion.h5
refuses 65 'was made with model' clap-query all.clapindex 'a bell' --model laion
space=$(clap-index info all.clapindex --no-header | cut -f 12)
expect 'the name of the space' equal "$space" "laion-clap:${digest:0:12}:48000/480/512/64/50-14000/slaney:10s:repeatpad:none:fp32"
cp "$crow" other.flac
for option in '--window 5' '--precision int8' '--pool mean' '--short zero'; do
  # shellcheck disable=SC2086
  run clap-embed other.flac -o other.h5 --force $option
  expect "$option: is made" exits 0
  refuses 65 'other space: laion-clap:' clap-index add all.clapindex other.h5
done
cp -r ours low
sed -i 's/"frequency_min": 50[.0]*/"frequency_min": 0/' low/preprocessor_config.json
refuses 65 'other space: laion-clap:' clap-query all.clapindex 'a bell' --model low

# A fused model: a window alone is one view, a longer recording four.
cp -r "$data/hf-fused-tiny" fused
cp "$data"/hf-unfused-tiny/{vocab.json,merges.txt} fused
quietly clap-model info fused
expect 'fused' equal "$(field fusion) $(field mel_filters)" 'yes htk'
quietly clap-embed "$crow" -o short.h5 --model fused
quietly clap-embed "$crow" -o short-fused.h5 --model fused --pool fusion
expect 'fused: a short recording is the same' at_most "$(h5_check difference short.h5 short-fused.h5)" 1e-6
make_wav long.wav 752000
quietly clap-embed long.wav -o windows.h5 --model fused
quietly clap-embed long.wav -o joined.h5 --model fused --pool fusion
expect 'fused: one row' equal "$(h5_check rows joined.h5 | cut -f1-3)" $'long.wav\t0\t23.5'
quietly clap-embed long.wav -o mean.h5 --model fused --pool mean
expect 'fused: other than the mean' not equal "$(h5_check difference mean.h5 joined.h5)" 0
quietly clap-embed long.wav "$crow" long.wav -o three.h5 --model fused --pool fusion --batch 3
expect 'fused: companions do not count' equal "$(h5_check rows three.h5 | grep long | cut -f5 | uniq | wc -l)" 1
refuses 64 --window clap-embed long.wav -o w.h5 --model fused --pool fusion --window 5
ln -s nowhere.flac link.flac
tar -cf links.tar link.flac
refuses 66 'is a symbolic link' clap-embed links.tar -o links.h5 --model fused --pool fusion
for pool in joined mean; do
  quietly clap-index build $pool.h5 --force -o pooled.clapindex
  run clap-query pooled.clapindex --model fused --audio long.wav --no-header
  expect "fused: a query is $pool as the rows are" grep -q '1.000000.*long.wav' "$work/out"
done

# What is wrong with a folder costs one line.
damaged() {  # NAME CODE TEXT: a copy of the folder after the function NAME has been at it
  copy "$1"
  (cd "$1" && "$1")
  refuses "$2" "$3" clap-model info "$1"
}
change() { python3 -c "import json,sys; c=json.load(open('$1')); $2; json.dump(c, open('$1','w'))"; }
without_front_end() { rm preprocessor_config.json; }
damaged without_front_end 66 preprocessor_config.json
without_weights() { rm model.safetensors; }
damaged without_weights 66 model.safetensors
cut_off() { truncate -s 400000 model.safetensors; }
damaged cut_off 65 model.safetensors
channel_map() { change config.json 'c["audio_config"]["fusion_type"]="channel_map"'; }
damaged channel_map 65 channel_map
other_activation() { change config.json 'c["text_config"]["hidden_act"]="relu"'; }
damaged other_activation 65 hidden_act
other_width() { change config.json 'c["audio_config"]["hidden_size"]=768'; }
damaged other_width 65 'hidden_size is 768, the stages give 64'
half_ratio() { change config.json 'c["audio_config"]["mlp_ratio"]=2.5'; }
damaged half_ratio 65 mlp_ratio
other_bands() { change preprocessor_config.json 'c["feature_size"]=128'; }
damaged other_bands 65 'feature_size is 128'
long_window() { change preprocessor_config.json 'c["max_length_s"]=1e9'; }
damaged long_window 65 window_s
fused_weights() { change config.json 'c["audio_config"]["enable_fusion"]=True'; }
damaged fused_weights 65 "mel_conv2d.weight' is missing"
other_shape() { change config.json 'c["text_config"]["vocab_size"]=531'; }
damaged other_shape 65 "has shape [530, 32], expected [531, 32]"
no_place() { change config.json 'c["text_config"]["pad_token_id"]=2000'; }
damaged no_place 65 text.
text_list() { change config.json 'c["text_config"]=[]'; }
damaged text_list 65 'text_config'
other_type() { change config.json 'c["model_type"]="wav2vec2"'; }
damaged other_type 65 "model_type 'wav2vec2' is not known"
for fault in outside moved absent unlisted; do
  cp -r sharded "$fault"
  cp "$fault.json" "$fault/model.safetensors.index.json"
done
refuses 65 'is not a file of its folder' clap-model info outside
refuses 65 'does not list weight' clap-model info moved
refuses 65 "weight 'ghost' is not in" clap-model info absent
refuses 65 'does not list weight' clap-model info unlisted
cp -r sharded lost
rm lost/model-00002*
refuses 66 'model-00002-of-00002.safetensors' clap-model info lost
copy nan
edit_weights nan nan audio_projection.linear1.weight
refuses 65 "weight 'audio_projection.linear1.weight' is not finite" clap-embed "$crow" --model nan -o nan.h5
copy no-merges
rm no-merges/merges.txt no-merges/tokenizer.json
refuses 66 merges.txt clap-embed "$crow" --model no-merges -o merges.h5
head -c 1000000 tiny.pt >cut.pt
refuses 65 cut.pt clap-model info cut.pt "${given[@]}"
finish
