#!/usr/bin/env bash
# usage: clap_classify_explain.sh BIN SOURCE [SHARED]
# clap-classify --explain: the codewords behind a match.
# shellcheck disable=SC2016  # programs of awk
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

make_tiny_model
printf 'crow\nrain\nbell\n' >labels.txt
header=$'id\tstart_s\tend_s\tlabel\tscore\tcodeword\tcontribution\taudio_weight\ttext_weight\tframes'
crow=$clips/misc_crow.flac bell=$clips/perc_bell.flac

run clap-classify "$crow" "$bell" --labels labels.txt --explain
expect 'explained' exits 0
expect 'columns' equal "$(head -1 "$work/out")" "$header"
expect 'five codewords for the best label of each' equal "$(tail -n +2 "$work/out" | cut -f 1 | uniq -c | awk '{ print $1 }' | tr '\n' ' ')" '5 5 '
clap-classify "$crow" "$bell" --labels labels.txt --no-header | cut -f 1-3,5,6 >plain.tsv
expect 'labels and scores of a plain run' cmp <(tail -n +2 "$work/out" | cut -f 1-5 | uniq) plain.tsv
expect 'largest contribution first' sort -c -k1,1 -k7,7gr -t$'\t' <(tail -n +2 "$work/out")
expect 'weights and contributions are positive' \
  awk -F'\t' 'NR > 1 && !($7 > 0 && $8 > 0 && $8 <= 1 && $9 > 0 && $9 <= 1) { exit 1 }' "$work/out"

# Frame times are multiples of the frame, or the end of the recording, and rise.
cat >spans.awk <<'AWK'
BEGIN { FS = "\t" }
function multiple(t) { return t / 0.3125 == int(t / 0.3125) }
NR > 1 {
  last = -1
  split($10, span, ",")
  for (i = 1; i in span; i++) {
    split(span[i], end, "-")
    if (!(multiple(end[1]) && (multiple(end[2]) || end[2] == $3)) || end[1] <= last || end[2] <= end[1] || end[2] > $3) exit 1
    last = end[2]
  }
}
AWK
run clap-classify "$bell" --labels labels.txt --explain=64 -k 3
expect 'frame times' awk -f spans.awk "$work/out"
expect 'some codewords are heard in part of the sound' grep -qP ',[0-9.]+-[0-9.]+$' "$work/out"
expect 'all labels' equal "$(tail -n +2 "$work/out" | cut -f 4 | sort -u | wc -l)" 3
cp "$work/out" all.tsv
run clap-classify "$bell" --labels labels.txt --explain=2 -k 3
expect 'the first two of each' cmp "$work/out" <(awk -F'\t' 'NR == 1 || ++n[$4] <= 2' all.tsv)
run clap-classify --explain "$bell" --labels labels.txt --json --threads 1
expect 'JSON' grep -qE '^\{"id": .*"label": "[a-z]*", "score": 0\.[0-9]*, "codeword": [0-9]+, .*"frames": "[0-9.,-]*"\}$' "$work/out"
run clap-classify "$bell" --labels labels.txt --explain --multilabel --threshold 0.99
expect 'only labels above the threshold' equal "$(<"$work/out")" "$header"
clap-classify "$clips" --labels labels.txt --explain --threads 1 >one.tsv
run clap-classify "$clips" --labels labels.txt --explain --threads 3
expect 'threads change nothing' cmp "$work/out" one.tsv
run clap-classify "$bell" --labels labels.txt --explain --window 5
expect 'every window' equal "$(tail -n +2 "$work/out" | cut -f 2,3 | sort -u | tr '\n' ' ')" $'0\t5 5\t6.71921875 '
run clap-classify "$bell" nowhere.wav --labels labels.txt --explain
expect 'a failed recording' exits 1
expect 'is named' says 'nowhere.wav'

# Averaged prompts: the same label twice changes nothing.
printf 'bell\tbell\nbell\tbell \n' >twice.tsv
printf 'bell\tbell\n' >once.tsv
clap-classify "$bell" --prompts once.tsv --explain >once_out.tsv
run clap-classify "$bell" --prompts twice.tsv --explain
expect 'two equal prompts are as one' cmp <(cut -f 1-4,6 "$work/out") <(cut -f 1-4,6 once_out.tsv)

clap-embed -q "$bell" --frames -o bell.h5
refuses 64 '--explain: needs recordings' clap-classify bell.h5 --labels labels.txt --explain
refuses 64 '--explain: takes a number' clap-classify "$bell" --labels labels.txt --explain=0
refuses 64 '--explain: takes a number' clap-classify "$bell" --labels labels.txt --explain=few
refuses 64 '--explain: cannot go with' clap-classify "$bell" --labels labels.txt --explain --events
refuses 64 '--explain: cannot go with' clap-classify "$bell" --labels labels.txt --explain --scores x.h5
refuses 64 '--pool: leaves no frames' clap-classify "$bell" --labels labels.txt --explain --pool mean

if [[ -f $shared/goldens/tiny_audio.h5 ]]; then
  printf 'c1\ta dog barks\nc3\train falls on a tin roof\nc8\tmale speech\n' >captions.tsv
  clap-classify "$shared"/goldens/audio/{dog,rain,clock}.wav --labels captions.tsv -k 3 --explain=64 >codes.tsv
  expect 'weights: those of the official code' \
    at_most "$(score_check codes codes.tsv "$shared/goldens/tiny_audio.h5" "$shared/goldens/tiny_text.h5")" 1e-5
else
  echo 'no goldens beside the checkout: codeword weights are not compared with the official ones'
fi
finish
