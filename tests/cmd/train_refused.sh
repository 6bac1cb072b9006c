#!/usr/bin/env bash
# usage: train_refused.sh BIN SOURCE [SHARED]
# clap-train: what it does not begin, and runs that end badly without loss of what was there.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tests/cmd/train_lib.sh
. "$source_dir/tests/cmd/train_lib.sh"

# Words and numbers.
refuses 64 "--loss: 'best' is not one of hn, infonce" train x --loss best
refuses 64 "'warm' is not one of official, paper" train x --hn-weights warm
refuses 64 'is not one of adam, adamw' train x --optimizer sgd
refuses 64 'is not one of bf16, fp16, fp32' train x --precision int8
refuses 64 'fp16 needs a GPU' train x --precision fp16
refuses 64 'is not one of audio, text' train x --freeze all
refuses 64 'is not one of longest, window' train x --pad none
refuses 64 'is not one of f16, f32' train x --dtype f64
refuses 64 'is not one of off, on' train x --local-block maybe
refuses 64 "--pooling: 'max' is not one of codebook, mean, attention" train x --pooling max
refuses 64 '--ema' train x --ema 1
refuses 64 '--lr' train x --lr 0
refuses 64 '--epochs' train x --epochs 0
refuses 64 '--accumulate' train x --accumulate 0
refuses 64 'more than the whole run has, 3' train x --epochs 1 --accumulate 4
refuses 64 '--temperature: must be more than 0' train x --temperature 0
refuses 64 '--threads' train x --threads 0
refuses 64 '--resume: does not go with --force' train x --resume --force
refuses 64 '--valid-labels: needs --valid' train x --valid-labels labels.txt
refuses 64 '--best: needs --valid' train x --best top1
refuses 64 "--best: 'top1' is not one of t2a.r1, " train x --valid valid.json --best top1
refuses 64 "--best: 'class_accuracy' is not one of" train x --valid valid.json --valid-labels labels.txt --best class_accuracy
refuses 64 'MANIFEST' clap-train -o x
refuses 64 'output' clap-train train.json
refuses 69 cuda train x --device cuda:63
expect 'nothing was begun' not test -e x

# Data.
refuses 66 no.json train_on no.json x
refuses 66 no.txt train x --valid valid.json --valid-labels no.txt
printf 'low\nmiddle\n' >other_labels.txt
refuses 65 "high_6: 'high' is not one of the labels" train x --valid valid.json --valid-labels other_labels.txt
echo '{"data": [{"audio": "low_1.wav"}]}' >no_caption.json
refuses 65 'no_caption.json: item 1: no caption' train_on no_caption.json x
echo '{"data": [' >cut.json
refuses 65 'cut.json: manifest: not valid JSON (line 2' train_on cut.json x
printf 'name\tcaption\na\tb\n' >columns.tsv
refuses 65 "columns.tsv: neither a column 'audio' nor a column 'youtube_id'" train_on columns.tsv x
refuses 65 '24 are too few for a batch of 32' train x --batch 32
head -c 700 tones/low_1.wav >cut.tar
refuses 65 cut.tar train_on cut.tar x
expect 'nothing was begun' not test -e x
refuses 66 'nowhere: no such folder (--audio-root)' train unread --audio-root nowhere
mkdir elsewhere texts
refuses 66 'none of its 12 recordings exists, such as elsewhere/' train unread --audio-root elsewhere
for file in tones/*; do echo text >"texts/${file##*/}"; done
refuses 65 'no recording can be read; the first: texts/' train unread --audio-root texts
run train nan --lr 1e30 --epochs 3
expect 'a loss that is not a number: exit code' exits 65
expect 'a loss that is not a number: the step' grep -qE 'error: step [0-9]+: the loss is not finite' "$work/err"

# Outputs.
quietly train whole --epochs 1
cp -r whole kept
refuses 73 'whole: exists; use --force or --resume' train whole
refuses 66 'none: holds no training to resume' train none --resume
mkdir precious
echo data >precious/file
refuses 73 'precious: exists and is not a model directory' train precious --force
refuses 66 'precious: holds no training to resume' train precious --resume
echo file >plain
refuses 73 plain train plain --force
expect 'what was there is there' equal "$(cat precious/file plain)" $'data\nfile'

# A resumed run is the same run.
resume() { train whole --epochs 1 --resume "$@"; }
other='whole: the run was started with'
refuses 65 "$other no --ema, now 0.5" resume --ema 0.5
refuses 65 "$other --epochs 1, now 2" train whole --epochs 2 --resume
refuses 65 "$other --epochs 1, now none" train whole --resume
refuses 65 "$other MANIFEST train.json, now valid.json" train_on valid.json whole --epochs 1 --resume
cp train.json as_it_was.json
sed -i 's/dark note/dark tone/' train.json
refuses 65 "$other other data" resume
cp as_it_was.json train.json
quietly resume --threads 2 --load-threads 2 --checkpoint 3
expect 'a run that is over stays as it is' same_run whole kept

# A damaged state.
state=whole/training/state.safetensors
size=$(wc -c <$state)
for bytes in 0 5 100 $((size / 2)) $((size - 1)); do
  head -c "$bytes" kept/training/state.safetensors >$state
  refuses 65 state.safetensors resume
done
edit_state() {
  cp kept/training/state.safetensors model.safetensors
  edit_weights . "$@"
  mv model.safetensors $state
}
edit_state drop temp
refuses 65 "'temp' is missing" resume
edit_state drop moment2/codebook
refuses 65 "'moment2/codebook' is missing" resume
edit_state drop run/steps
refuses 65 "'run/steps' is missing" resume
edit_state reshape codebook
refuses 65 "'codebook' has another shape" resume
edit_state reshape moment1/codebook
refuses 65 "'moment1/codebook' has another shape" resume
rm $state
quietly resume
expect 'without a state it begins anew, to the same end' same_run whole kept

# A full disk (here: a limit on the size of files) at a checkpoint: the state before it stays, and the run goes on from there.
full=(full --epochs 40 --checkpoint 1)
train_apart "${full[@]}"
wait_until test -f full/training/state.safetensors
refuses 73 'full: another process is writing it' train "${full[@]}" --resume
kill -TERM "$job"
code=0
wait "$job" || code=$?
expect 'interrupted' exits 143
cp full/training/state.safetensors before
limited() { (trap '' XFSZ && ulimit -f $((size / 1024 - 8)) && train "$@"); }
refuses 74 'state.safetensors: File too large' limited "${full[@]}" --resume
expect 'a full disk: the state is intact' cmp before full/training/state.safetensors
expect 'a full disk: nothing half-made' equal "$(find full -name '*.part*')" ''
quietly train "${full[@]}" --resume
quietly train never_full "${full[@]:1}"
expect 'a full disk: the same end' same_run full never_full
finish
