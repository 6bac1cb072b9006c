#!/usr/bin/env bash
# usage: faults_classify.sh BIN SOURCE [SHARED]
# What clap-classify writes and clap-eval reads back: odd names, recordings that failed, phrases of
# recordings of one name; and thresholds that nothing exceeds.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
make_tiny_model
sum() { awk -F'\t' -v m="$1" '$1 == m && $2 == "" { print $3 }' "$work/out"; }
printf 'a\\b\nbell\n' >labels.txt

# Names of all kinds are read back from every table: events, labels, durations.
mkdir odd
names=('back\slash' 'raw\new' $'tab\there' $'line\nbreak' '"quoted"' 'comma, blank' $'latin\xe9' 'plain')
for name in "${names[@]}"; do make_wav "odd/$name.wav" 64000; done
run clap-classify odd --labels labels.txt --events --threshold -1 --scores frames.h5
expect 'events: code' exits 0
cp "$work/out" events.tsv
expect 'events: of each recording' equal "$(cut -f 1 events.tsv | sort -u | wc -l)" $((${#names[@]} + 1))
cut -f 1-4 events.tsv >truth.tsv
{ printf 'filename\tduration\n'; tail -n +2 events.tsv | cut -f 1 | sort -u | sed 's/$/\t2/'; } >durations.tsv
run clap-eval detection --events 0.5=events.tsv --truth truth.tsv --durations durations.tsv
expect 'events read back: code' exits 0
expect 'events read back: all' equal "$(sum f_score.0.500.macro)" 1
expect 'events read back: no word' says_nothing
run clap-eval detection --scores frames.h5 --truth truth.tsv --durations durations.tsv --merge-overlapping
expect 'frames and their table: code' exits 0
expect 'frames and their table: no word' says_nothing
quietly clap-classify odd --labels labels.txt --scores clips.h5 -o labels.tsv
cut -f 1,5 labels.tsv >best.tsv
quietly clap-eval classification --scores clips.h5 --truth best.tsv
expect 'labels read back: all right' equal "$(sum top1) $(sum n_clips)" "1 ${#names[@]}"
# As others write them, where a line can hold them.
printf 'id\tlabel\n' >raw.tsv
for name in 'back\slash' 'raw\new' 'comma, blank' plain; do printf 'odd/%s.wav\tbell\n' "$name" >>raw.tsv; done
quietly clap-eval classification --scores clips.h5 --truth raw.tsv --drop-clips-without-truth
expect 'raw names' equal "$(sum n_clips)" 4

# Recordings that failed are told in the score file, whether from recordings or an embedding file.
mkdir clips
make_wav clips/a.wav 32000
make_wav clips/c.wav 32000
echo no sound >clips/b.wav
printf 'id,label\nclips/a.wav,bell\nclips/b.wav,bell\nclips/c.wav,bell\n' >truth.csv
run clap-classify clips --labels labels.txt --scores direct.h5
expect 'a recording failed' exits 1
run clap-embed clips -o clips.e.h5
run clap-classify clips.e.h5 --labels labels.txt --scores embedded.h5
expect 'embeddings of a run in which one failed: code' exits 0
expect 'embeddings of a run in which one failed: a warning' says "has no rows of inputs that failed: 1, such as 'clips/b.wav'"
run clap-embed clips --frames -o frames.e.h5
run clap-classify frames.e.h5 --labels labels.txt --events --scores framed.h5
expect 'frames: a warning' says 'has no rows of inputs that failed: 1'
for scores in direct embedded; do
  run clap-eval classification --scores $scores.h5 --truth truth.csv
  expect "$scores: exit code 1" exits 1
  expect "$scores: says why" says "n_missing: 1 is above the maximum of 0; without scores: 'clips/b.wav'"
  expect "$scores: scores two" equal "$(sum n_clips)" 2
  run clap-eval classification --scores $scores.h5 --truth truth.csv --max-missing 1
  expect "$scores: tolerated" exits 0
done

# Two recordings of one name: an item is of one of them.
mkdir x y
make_wav x/a.wav 32000
make_wav y/a.wav 32000
printf 'a.wav\ta dog\titem1\n' >phrases.tsv
refuses 65 "y/a.wav: is another recording with the name of item 'item1'; name recordings by their whole paths" \
  clap-classify x y --phrases phrases.tsv --scores two.h5 -o two.tsv
printf 'x/a.wav\ta dog\titem1\ny/a.wav\ta dog\titem2\n' >phrases.tsv
quietly clap-classify x y --phrases phrases.tsv --scores two.h5 -o two.tsv

# Nothing above the threshold: how near it came.
run clap-classify x --labels labels.txt --events --threshold 0.9999
expect 'no event: code' exits 0
expect 'no event: the header alone' equal "$(wc -l <"$work/out")" 1
expect 'no event: says so' says '0 events above 0.9999; the highest frame was '
expect 'no event: where' grep -qE '\(.*, x/a\.wav at [0-9]+\.[0-9] s\)$' "$work/err"
run clap-classify x --labels labels.txt --multilabel --threshold 0.9999
expect 'no label: says so' says '0 labels above 0.9999; the highest score was '
run clap-classify x --phrases phrases.tsv --grounding --threshold 0.9999
expect 'no event of a phrase: says so' says '(a dog, x/a.wav at '
quietly clap-classify x --labels labels.txt --events --threshold 0.9999 -q
quietly clap-classify x --labels labels.txt --events --threshold 1
finish
