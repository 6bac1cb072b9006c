# shellcheck shell=bash disable=SC2034,SC2154  # variables are for the scripts, and from lib.sh
# Sourced by the end-to-end scripts of clap-train after lib.sh: a model and data so small that a step takes milliseconds.
# Six low and six high tones, with two captions each; three of either are held out.

cat >small.json <<'JSON'
{"name": "small", "embed_dim": 16, "codebook_size": 16, "codebook_temperature": 30,
 "audio": {"sample_rate": 8000, "n_fft": 256, "hop_length": 80, "n_mels": 32, "f_min": 50, "f_max": 4000, "window_s": 1,
           "spec_size": 64, "patch_size": 4, "embed_dim": 8, "depths": [1, 2], "num_heads": [2, 4], "window_size": 8,
           "num_classes": 2},
 "text": {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32,
          "max_position_embeddings": 40, "vocab_size": 69}}
JSON
# Words of the captions, and letters for all others.
printf '%s\n' '[PAD]' '[UNK]' '[CLS]' '[SEP]' '[MASK]' low high tone hums whistles deep bright sound dark clear note of \
  {a..z} '##'{a..z} >vocab.txt

# tone NAME HZ: a second of it, with noise of its own.
mkdir tones
tone() { make_wav "tones/$1.wav" 32000 1 "$2"; }
for i in 0 1 2 3 4 5 6 7 8; do
  tone "low_$i" $((250 + 15 * i))
  tone "high_$i" $((1900 + 60 * i))
done

# manifest KIND FIRST LAST: of the tones of these numbers.
captions_low=('a low tone hums' 'a deep sound of a dark note')
captions_high=('a high tone whistles' 'a bright sound of a clear note')
json_items() {
  local i kind comma=''
  for ((i = $1; i <= $2; ++i)); do
    for kind in low high; do
      local -n captions=captions_$kind
      printf '%s{"id": "%s", "audio": "%s.wav", "duration": 1.0, "label": "%s", "caption_1": "%s", "caption_2": "%s"}\n' \
        "$comma" "${kind}_$i" "${kind}_$i" "$kind" "${captions[@]}"
      comma=,
    done
  done
}
json_manifest() { printf '{"num_captions_per_audio": 2, "data": [%s]}\n' "$(json_items "$@")"; }
json_manifest 0 5 >train.json
json_manifest 6 8 >valid.json
printf 'low\thigh\n' | tr '\t' '\n' >labels.txt

# train OUT OPTION...: 24 pairs in batches of 8; the options win over those of the file.
cat >defaults.toml <<'TOML'
audio-root = "tones"
model-config = "small.json"
vocab = "vocab.txt"
batch = 8
lr = 2e-3
warmup = 1
device = "cpu"
threads = 1
load-threads = 1
TOML
train_on() { clap-train --config defaults.toml "$1" -o "${@:2}"; }
train() { train_on train.json "$@"; }

# train_apart OUT OPTION...: in the background; $job is the program itself, so that signals reach it.
train_apart() {
  clap-train --config defaults.toml train.json -o "$@" >"$work/out" 2>"$work/err" &
  job=$!
}
# Waits until the condition holds, ten seconds at most.
wait_until() {
  local i
  for ((i = 0; i < 1000; ++i)); do
    ! "$@" || return 0
    sleep 0.01
  done
}
ended() { ! kill -0 "$job" 2>/dev/null; }
lines() { wc -l 2>/dev/null <"$1/training/log.jsonl" || echo 0; }

# The curve without what the clock says.
losses() { sed 's/,"data_wait_share.*//' "$1/training/log.jsonl"; }
same_run() { diff <(losses "$1") <(losses "$2") >"$work/out" && cmp -s "$1/model.safetensors" "$2/model.safetensors"; }
