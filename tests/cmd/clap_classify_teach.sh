#!/usr/bin/env bash
# usage: clap_classify_teach.sh BIN SOURCE [SHARED]
# Classes that a person teaches: --teach on rows whose answers are known, then --classifier; what is refused.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

make_tiny_model
sha=$(clap-model info tiny --json | grep -oE '[0-9a-f]{64}' | head -1)

# usage: made FIRST LAST: rows near three axes, class by class in turn, two windows a recording.
made() {
  awk -v first="$1" -v last="$2" '
    function wobble(i, k) { return 0.2 * sin(12.9898 * i + 78.233 * k) }
    BEGIN {
      print "id start_s end_s vector frames"
      for (i = first; i <= last; i++)
        for (w = 0; w < 2; w++) {
          c = i % 3; vector = ""
          for (k = 0; k < 4; k++) vector = vector (k ? "," : "") ((k == c) + wobble(2 * i + w, k))
          printf "day/clip%02d.wav %d %d %s %s;%s\n", i, 2 * w, 2 * w + 2, vector, vector, vector
        }
    }'
}
made 0 29 | make_embeddings taught.h5 audio "$sha" 1
made 30 35 | make_embeddings asked.h5 audio "$sha" 1
{
  printf 'id\tlabel\n'
  for i in {00..29}; do
    classes=(dog rain 'sea, waves')
    printf 'day/clip%s.wav\t%s\n' "$i" "${classes[10#$i % 3]}"
  done
} >labels.tsv

# The classifier and what is said of it.
run clap-classify --teach labels.tsv taught.h5 -o mine.clapclass
expect 'taught' exits 0
expect 'a line of summary' says 'taught 3 classes by logistic regression with C '
expect 'its accuracy' says 'accuracy 100.0 %, mean over classes 100.0 % (in 5 folds)'
expect 'the columns of clap-eval' equal "$(head -1 "$work/out")" $'metric\tclass\tvalue'
expect 'examples are recordings' grep -qxF $'examples\tsea, waves\t10' "$work/out"
expect 'the strength' grep -qE $'^C\t\t[0-9]' "$work/out"
expect 'accuracy' grep -qxF $'accuracy\t\t1' "$work/out"
expect 'accuracy of a class' grep -qxF $'accuracy\tdog\t1' "$work/out"
quietly clap-classify -q --teach labels.tsv taught.h5 -o again.clapclass --json
expect 'JSON Lines' grep -qxF '{"metric": "examples", "class": "dog", "value": 10}' "$work/out"
SOURCE_DATE_EPOCH=1 run clap-classify -q --teach labels.tsv taught.h5 -o mine.clapclass --force
SOURCE_DATE_EPOCH=1 run clap-classify -q --teach labels.tsv taught.h5 -o - --threads 3
expect 'on standard output: the classifier alone' test "$(head -c 4 "$work/out" | tail -c 3)" = HDF
cp "$work/out" piped.clapclass
expect 'the same weights' equal "$(h5_check strings piped.clapclass classes)" $'dog\nrain\nsea, waves'

# What it answers.
header=$'id\tstart_s\tend_s\trank\tlabel\tscore'
run clap-classify --classifier mine.clapclass asked.h5
expect 'it answers' exits 0
expect 'the columns of labels' equal "$(head -1 "$work/out")" "$header"
expect 'the classes' equal "$(cut -f 1,2,4,5 "$work/out" | sed 1d | head -4 | tr '\t\n' ' ;')" \
  'day/clip30.wav 0 1 dog;day/clip30.wav 2 1 dog;day/clip31.wav 0 1 rain;day/clip31.wav 2 1 rain;'
run clap-classify --classifier mine.clapclass asked.h5 -k 3 --no-header
expect 'probabilities add up' equal \
  "$(awk -F'\t' '{ sum[$1 $2] += $6 } END { for (r in sum) if (sum[r] < 0.999 || sum[r] > 1.001) print r }' "$work/out")" ''
run clap-classify --classifier - asked.h5 <mine.clapclass
input=mine.clapclass run clap-classify --classifier - asked.h5
expect 'a classifier from standard input' exits 0
run clap-classify --classifier mine.clapclass asked.h5 --wide
expect 'wide' equal "$(head -1 "$work/out")" $'id\tstart_s\tend_s\tdog\train\tsea, waves'
run clap-classify --classifier mine.clapclass asked.h5 --multilabel --threshold 0.5 --format csv
expect 'labels above a threshold' exits 0
expect 'CSV' grep -qF 'day/clip32.wav,0,2,1,"sea, waves",' "$work/out"
run clap-classify --classifier mine.clapclass asked.h5 --events
expect 'events' exits 0
expect 'of frames' grep -qE $'^day/clip30.wav\t0\t4\tdog\t' "$work/out"
made 30 35 | awk 'NR == 1 || $2 == 0' | make_embeddings single.h5 audio "$sha" 1
run clap-classify --classifier mine.clapclass single.h5 --scores scores.h5
expect 'scores' exits 0
{ printf 'id\tlabel\n'; printf 'day/clip%d.wav\t%s\n' 30 dog 31 rain 32 'sea, waves' 33 dog 34 rain 35 'sea, waves'; } >truth.tsv
run clap-eval classification --scores scores.h5 --truth truth.tsv --min top1=1
expect 'clap-eval reads them' exits 0

# Few recordings: the nearest ones; a choice of method and numbers.
head -10 labels.tsv >few.tsv
run clap-classify --teach few.tsv taught.h5 -o few.clapclass
expect 'nearest neighbours' says 'taught 3 classes by 1 nearest neighbours'
expect 'recordings without a label' says '21 recordings have no label'
run clap-classify --classifier few.clapclass asked.h5 -k 3
expect 'votes' grep -qE $'^day/clip30.wav\t0\t2\t1\tdog\t1.000000' "$work/out"
run clap-classify --teach few.tsv taught.h5 -o few.clapclass --force --method logistic --C 2.5 --folds 3
expect 'logistic where asked' says 'logistic regression with C 2.5'
expect 'a warning of few' says 'classes with fewer than 5 recordings: 3, such as'
head -4 labels.tsv >single.tsv
run clap-classify --teach single.tsv taught.h5 -o single.clapclass
expect 'one each' exits 0
expect 'cannot be tested' says 'too few recordings to test it'
expect 'and a warning' says 'classes with a single recording, which cannot be tested: 3, such as'

# Names: without extension, by last parts; what matches nothing.
sed 's/\.wav//' labels.tsv >stems.tsv
quietly clap-classify -q --teach stems.tsv taught.h5 -o stems.clapclass
sed 's/day.//' labels.tsv >parts.tsv
refuses 65 'base names match: use --basenames' clap-classify --teach parts.tsv taught.h5 -o x.clapclass
quietly clap-classify -q --teach parts.tsv taught.h5 -o parts.clapclass --basenames
printf 'elsewhere.wav\tdog\n' | cat labels.tsv - >more.tsv
run clap-classify --teach more.tsv taught.h5 -o more.clapclass
expect 'what matches nothing is left out' says "more.tsv: left out: recording 'elsewhere.wav' is not among those embedded"

# Several classes, or none.
{ cat labels.tsv; printf 'day/clip00.wav\train\nday/clip29.wav\t\n'; } | grep -v $'clip29.wav\tsea' >several.tsv
run clap-classify --teach several.tsv taught.h5 -o several.clapclass
expect 'several' says 'mean average precision'
run clap-classify --classifier several.clapclass asked.h5 --multilabel --no-header
expect 'each class by itself' exits 0
run clap-classify --teach labels.tsv taught.h5 -o multi.clapclass --multilabel
expect 'asked for' says 'mean average precision'
printf 'filename\tevent_labels\nday/clip00.wav\tdog,rain\nday/clip01.wav\train\nday/clip02.wav\t\n' >tags.tsv
run clap-classify --teach tags.tsv taught.h5 -o tags.clapclass
expect 'tags' exits 0

# A column fold.
awk -F'\t' -v OFS='\t' '{ print $0, NR == 1 ? "fold" : NR % 3 }' labels.tsv >folds.tsv
run clap-classify --teach folds.tsv taught.h5 -o folds.clapclass
expect 'folds of the table' says '(in 3 folds)'

# Refusals, each of one line.
teach=(clap-classify --teach labels.tsv taught.h5)
refuses 64 '--teach: needs -o FILE' "${teach[@]}"
refuses 64 '--labels: cannot go with --teach' "${teach[@]}" -o x.clapclass --labels labels.tsv
refuses 64 '--events: cannot go with --teach' "${teach[@]}" -o x.clapclass --events
refuses 64 '--C: must be' "${teach[@]}" -o x.clapclass --C 0
refuses 64 '--folds: must be' "${teach[@]}" -o x.clapclass --folds 1
refuses 64 '--C: is not used by --method knn' "${teach[@]}" -o x.clapclass --method knn --C 1
refuses 64 'x.csv: the name promises CSV' "${teach[@]}" -o x.csv
refuses 64 'is the input' "${teach[@]}" -o taught.h5 --force
refuses 64 'only one file can come from standard input' clap-classify --teach - - -o x.clapclass
refuses 73 'mine.clapclass: exists' "${teach[@]}" -o mine.clapclass
echo mine >foreign.clapclass
refuses 73 'is not a file that these tools wrote' "${teach[@]}" -o foreign.clapclass --force
expect 'it is left alone' equal "$(<foreign.clapclass)" mine
refuses 66 'nowhere.tsv' clap-classify --teach nowhere.tsv taught.h5 -o x.clapclass
refuses 66 'nowhere.h5' clap-classify --teach labels.tsv nowhere.h5 -o x.clapclass
refuses 73 'nowhere/x.clapclass' "${teach[@]}" -o nowhere/x.clapclass
printf 'day/clip00.wav\tdog\n' >bare.tsv
refuses 65 "bare.tsv: column 'id' is missing" clap-classify --teach bare.tsv taught.h5 -o x.clapclass
grep -E 'label|dog' labels.tsv >one.tsv
refuses 65 'all recordings have the same classes' clap-classify --teach one.tsv taught.h5 -o x.clapclass
refuses 64 '--method: needs --teach' clap-classify taught.h5 --labels labels.tsv --method knn
answer=(clap-classify --classifier mine.clapclass asked.h5)
refuses 64 '--labels: cannot go with --classifier' "${answer[@]}" --labels labels.tsv
refuses 64 '--prompt: cannot go with --classifier' "${answer[@]}" --prompt 'a {}'
refuses 64 '--softmax: cannot go with --classifier' "${answer[@]}" --softmax
refuses 64 '--grounding: cannot go with --classifier' "${answer[@]}" --grounding
refuses 64 '--teach' clap-classify --classifier mine.clapclass --teach labels.tsv taught.h5 -o x.clapclass
refuses 66 'nowhere.clapclass' clap-classify --classifier nowhere.clapclass asked.h5
refuses 65 'not an HDF5 file' clap-classify --classifier labels.tsv asked.h5
refuses 65 'a clap-embeddings file, not clap-classifier' clap-classify --classifier asked.h5 asked.h5
head -c 3000 mine.clapclass >cut.clapclass
refuses 65 'cut.clapclass' clap-classify --classifier cut.clapclass asked.h5
made 30 35 | make_embeddings other.h5 audio 00ff 1
refuses 65 "other.h5: was made with model 'made' (00ff), the classifier with 'made'" \
  clap-classify --classifier mine.clapclass other.h5
refuses 64 'the name promises a classifier' clap-classify asked.h5 --labels labels.tsv -o x.clapclass
expect 'nothing was left' equal "$(compgen -G '*x.clapclass*')" ''

# Recordings: taught from sound as from a file of their embeddings, and asked so.
printf 'id\tlabel\n' >sounds.tsv
for sound in "$clips"/*; do printf '%s\t%s\n' "$sound" "$([[ $sound == *crow* ]] && echo crow || echo other)"; done >>sounds.tsv
clap-embed -q "$clips" -o sounds.h5
run clap-classify --teach sounds.tsv "$clips" -o sounds.clapclass
expect 'taught from recordings' exits 0
run clap-classify -q --teach sounds.tsv sounds.h5 -o from_file.clapclass
clap-classify --classifier from_file.clapclass sounds.h5 -k 2 >from_file.tsv
run clap-classify --classifier sounds.clapclass "$clips" -k 2
expect 'recordings and their embeddings: the same' cmp "$work/out" from_file.tsv
clap-embed -q "$clips" -o long.h5 --window 5
refuses 65 'long.h5: other space' clap-classify --classifier sounds.clapclass long.h5
finish
