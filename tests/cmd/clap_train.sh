#!/usr/bin/env bash
# usage: clap_train.sh BIN SOURCE [SHARED]
# clap-train: from manifest to a model that the other tools take, and to right answers about tones it never heard.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tests/cmd/train_lib.sh
. "$source_dir/tests/cmd/train_lib.sh"
files=(config.json known_answer.safetensors model.safetensors training vocab.txt)

# The chain: tones and captions in, the right label of held-out ones out.
run train model --epochs 30 --valid valid.json --valid-labels labels.txt --prompt 'a {} tone' --no-spec-augment -v
expect 'trains' exits 0
expect 'no output' prints_nothing
expect 'what is trained' says '12 recordings, 24 pairs, 3 batches per epoch'
expect 'an epoch line: loss and rate' grep -qE 'epoch 1 of 30: mean loss [0-9.]+, [0-9.e+]+ clips/s, [0-9]+ % of the time' "$work/err"
expect 'an epoch line: validation' grep -qE 'epoch 30 of 30: .*, t2a\.r1 [0-9.]+.*, top1 [0-9.]+$' "$work/err"
expect 'what it leaves' equal "$(cd model && echo *)" "${files[*]}"
expect 'what the run leaves' equal "$(cd model/training && echo *)" 'curve.html curve.svg last log.jsonl state.safetensors'
loss() { sed -n "$1s/.*\"loss\":\([-0-9.e]*\),.*/\1/p" model/training/log.jsonl; }
expect 'a line an update and an epoch' equal "$(wc -l <model/training/log.jsonl)" 120
expect 'the loss falls' at_most "$(loss 119)" "0.9 * $(loss 1)"
for model in model model/training/last; do
  run clap-model verify $model
  expect "$model verifies" exits 0
done
quietly clap-classify --model model --labels labels.txt --prompt 'a {} tone' --top-k 1 tones/*_[678].wav
expect 'classify: all held-out tones' equal "$(sed 1d "$work/out" | wc -l)" 6
expect 'classify: the right label of each' equal \
  "$(sed 1d "$work/out" | awk -F'\t' '$1 ~ $5' | wc -l)" 6
quietly clap-embed --model model tones -o tones.h5
expect 'embed: a row a tone' equal "$(ids tones.h5 | wc -l)" 18
quietly clap-model export model --pt model.pt
quietly clap-model convert model.pt -o back --model-config model/config.json --vocab vocab.txt
expect 'export and back' cmp -s back/model.safetensors model/model.safetensors
expect 'the curve is a picture' grep -q '<svg' model/training/curve.svg

# The best weights are kept, the last ones go on.
best=$(grep -o '"top1":[0-9.]*' model/training/log.jsonl | cut -d: -f2 | sort -g | tail -1)
expect 'the best epoch is perfect here' equal "$best" 1.0

# One data set in four forms gives one and the same model.
quietly train_on train.json from_json --epochs 1
{
  printf 'id\taudio\tduration\tlabel\tcaption_1\tcaption_2\n'
  for i in 0 1 2 3 4 5; do
    for kind in low high; do
      declare -n captions=captions_$kind
      printf '%s\t%s.wav\t1.0\t%s\t%s\t%s\n' "${kind}_$i" "${kind}_$i" "$kind" "${captions[@]}"
    done
  done
} >train.tsv
quietly train_on train.tsv from_tsv --epochs 1
expect 'TSV: the same model' cmp -s from_json/model.safetensors from_tsv/model.safetensors
sed 's/^,//' <(json_items 0 5) >train.jsonl
quietly train_on train.jsonl from_jsonl --epochs 1
expect 'JSON Lines: the same model' cmp -s from_json/model.safetensors from_jsonl/model.safetensors
mkdir shard
while read -r line; do
  key=${line#*'"id": "'} key=${key%%'"'*}
  echo "$line" >"shard/$key.json"
  cp "tones/$key.wav" shard/
done <train.jsonl
order=()  # as in the other manifests
for i in 0 1 2 3 4 5; do order+=("low_$i.json" "low_$i.wav" "high_$i.json" "high_$i.wav"); done
tar -C shard -cf shard-0.tar "${order[@]:0:12}"
tar -C shard -cf shard-1.tar "${order[@]:12}"
quietly train_on 'shard-{0..1}.tar' from_tar --epochs 1
expect 'tar shards: the same model' cmp -s from_json/model.safetensors from_tar/model.safetensors

# Starts: from a model, other options than the paper's.
quietly clap-train train.json --audio-root tones --init model --freeze text --batch 8 --epochs 1 --device cpu --threads 1 \
  --loss infonce --optimizer adamw --clip-norm 1 --dtype f16 -o tuned
run clap-model verify tuned
expect '--init, --freeze, --dtype: verifies' exits 0
quietly train hot --epochs 1 --temperature 0.5
first_temperature() { grep -o '"temperature":[0-9.]*' "$1/training/log.jsonl" | head -1 | cut -d: -f2; }
expect '--temperature' equal "$(first_temperature hot)" 0.5
expect '0.07 without it' equal "$(first_temperature from_json | cut -c 1-5)" 0.070

# What the user sees: nothing, a live line, a line an epoch.
input=/dev/null
run train seen --epochs 2 --progress always
expect 'the live line' grep -q 'epoch [12] of 2, step [1-6] of 6, loss [0-9.]*, 0:00:[0-9]* left, rate [0-9.e-]*, .* clips/s, .* waiting for data' "$work/err"
expect 'the last line' says 'clap-train: trained 6 of 6 steps'
run train seen --epochs 1 --valid valid.json --force
expect 'validation is told' grep -qx 'clap-train: epoch 1 of 1: t2a.r1 .*' "$work/err"
run train seen --epochs 1 --valid valid.json --force -q
expect '-q: nothing' says_nothing
expect '--force: a new run' equal "$(wc -l <seen/training/log.jsonl)" 4

# A recording that cannot be read: another one stands in, and the exit code says so.
sed 's/low_3.wav/missing.wav/; s/high_6.wav/missing.wav/' train.json >gaps.json
sed 's/high_6.wav/missing.wav/' valid.json >gaps_valid.json
run train_on gaps.json gaps --epochs 1 --valid gaps_valid.json
expect 'a missing recording: exit code 1' exits 1
expect 'a missing recording: a warning' says 'warning: tones/missing.wav: No such file'
expect 'a missing recording: what is done' says 'another clip replaces it'
expect 'validation: left out' says 'left out of the validation'
expect 'a missing recording: a model' test -f gaps/model.safetensors
finish
