#!/usr/bin/env bash
# usage: clap_classify.sh BIN SOURCE [SHARED]
# clap-classify on a small synthetic model: embedding files made to measure, then sound.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

make_tiny_model
printf 'crow\nrain\tit rains\nbell\n' >labels.txt
clap-embed -q --text 'crow can be heard' 'it rains' 'bell can be heard' -o prompts.h5
clap-index build prompts.h5 -o prompts.clapindex
sha=$(clap-index info prompts.clapindex --no-header | cut -f 6)

# Rows that are the prompts themselves: the answers are known.
clap-index export prompts.clapindex --npy prompts.npy
mapfile -t prompts < <(od -An -v -t f4 -w128 -j 128 prompts.npy | sed 's/^ *//; s/  */,/g')
printf 'id start_s end_s vector frames label\n' >rows
frames() { local IFS=';'; echo "$*"; }
crow=${prompts[0]} rain=${prompts[1]} bell=${prompts[2]}
{
  cat rows
  echo "one.wav 0 2 $crow $(frames "$crow" "$crow" "$rain" "$rain") x"
  echo "one.wav 2 3.25 $rain $(frames "$rain" "$bell" "$bell" "$bell") x"
  echo "two.wav 0 2 $bell $(frames "$bell" "$bell" "$bell" "$bell") y"
} | make_embeddings windows.h5 audio "$sha" 0.5
{
  cat rows
  echo "one.wav 0 2 $crow 0 x"
  echo "two.wav 0 2 $bell 0 y"
} | make_embeddings clips.h5 audio "$sha"

header=$'id\tstart_s\tend_s\trank\tlabel\tscore'
run clap-classify windows.h5 --labels labels.txt
expect 'the best label of each row; a prompt of its own' prints "$header
one.wav	0	2	1	crow	1.000000
one.wav	2	3.25	1	rain	1.000000
two.wav	0	2	1	bell	1.000000"
run bash -o pipefail -c 'clap-classify - --labels labels.txt --no-header -k 3 <clips.h5 | cut -f 1,4,5 | tr "\t\n" " ;"'
expect 'all labels, best first' grep -qE '^one.wav 1 crow;one.wav 2 .*;one.wav 3 .*;two.wav 1 bell;' "$work/out"
run clap-classify clips.h5 --labels labels.txt --multilabel --threshold 0.9999 --json
expect 'labels above the threshold, JSON' prints '{"id": "one.wav", "start_s": 0, "end_s": 2, "rank": 1, "label": "crow", "score": 1.000000}
{"id": "two.wav", "start_s": 0, "end_s": 2, "rank": 1, "label": "bell", "score": 1.000000}'

run clap-classify windows.h5 --labels labels.txt --events --median 1 --threshold 0.9999
expect 'events over two windows; frames past the end are none' prints $'filename\tonset\toffset\tevent_label\tscore
one.wav\t0\t1\tcrow\t1.000000
one.wav\t1\t2.5\train\t1.000000
one.wav\t2.5\t3.25\tbell\t1.000000
two.wav\t0\t2\tbell\t1.000000'
run clap-classify windows.h5 --labels labels.txt --events --median 1 --threshold 0.9999 --min-duration 1.5 --no-header
expect 'long events only' prints $'one.wav\t1\t2.5\train\t1.000000
two.wav\t0\t2\tbell\t1.000000'

# Two frames are behind the end; a median filter sees them only with --whole-window.
{
  cat rows
  echo "one.wav 0 1.25 $crow $(frames "$crow" "$rain" "$crow" "$rain" "$rain") x"
} | make_embeddings short.h5 audio "$sha" 0.5
run clap-classify short.h5 --labels labels.txt --events --threshold 0.9999 --no-header --scores short_scores.h5
expect 'the recording, mirrored at its end' prints $'one.wav\t0\t1.25\tcrow\t1.000000'
expect 'frames up to the end' equal "$(score_check shape short_scores.h5)" '3 3'
run clap-classify short.h5 --labels labels.txt --events --threshold 0.9999 --no-header --scores whole_scores.h5 --whole-window
expect 'the whole window; no event behind the end' \
  prints $'one.wav\t0\t1\tcrow\t1.000000\none.wav\t1\t1.25\train\t1.000000'
expect 'all its frames' equal "$(score_check shape whole_scores.h5)" '5 3'

run clap-classify clips.h5 --labels labels.txt --scores scores.h5
expect 'scores beside the table' exits 0
printf 'id,label\ntwo.wav,bell\none.wav,crow\n' >truth.csv
run clap-eval classification --scores scores.h5 --truth truth.csv --min top1=1
expect 'clap-eval reads them' exits 0
refuses 73 'scores.h5: exists' clap-classify clips.h5 --labels labels.txt --scores scores.h5
refuses 64 'give -o' clap-classify clips.h5 --labels labels.txt --scores -
refuses 64 '--scores: is the file of another output' clap-classify clips.h5 --labels labels.txt --scores same -o same
run clap-classify windows.h5 --labels labels.txt --scores twice.h5
expect 'scores of windows: refused' exits 65
expect 'says what to do' says 'one.wav: has several rows'
expect 'no file' not test -e twice.h5
run clap-classify windows.h5 --labels labels.txt --events --scores frames.h5
expect 'scores of frames, one row a recording' exits 0

{
  printf 'id start_s end_s vector other\n'
  echo "three.wav 0 2 $rain z"
} | make_embeddings more.h5 audio "$sha"
quietly clap-classify clips.h5 more.h5 --labels labels.txt --scores both.h5 -o unused.tsv
expect 'meta columns of the first file' equal "$(h5_check strings both.h5 meta/label)" $'x\ny'
expect 'and of the second' equal "$(h5_check strings both.h5 meta/other | tail -1)" z
expect 'all rows' equal "$(h5_check strings both.h5 id | tr '\n' ' ')" 'one.wav two.wav three.wav '
{
  cat rows
  echo "three.wav 0 1 $rain $(frames "$rain" "$rain" "$rain" "$rain") x"
} | make_embeddings quarter.h5 audio "$sha" 0.25
run clap-classify windows.h5 quarter.h5 --labels labels.txt --events --scores mixed.h5
expect 'frames of two lengths in one score file' exits 65
expect 'names the file' says 'quarter.h5: its frames have another length'

refuses 65 'clips.h5: has no frames' clap-classify clips.h5 --labels labels.txt --events
make_embeddings other.h5 audio 00ff <<<$'id start_s end_s vector\nx 0 1 1,0'
refuses 65 "other.h5: was made with model 'made' (00ff)" clap-classify other.h5 --labels labels.txt
refuses 66 'nowhere.txt' clap-classify clips.h5 --labels nowhere.txt
refuses 64 'no labels: give --labels' clap-classify clips.h5
refuses 64 '--threshold: needs' clap-classify clips.h5 --labels labels.txt --threshold 0.1
refuses 64 'either embedding files or recordings' clap-classify clips.h5 a.wav --labels labels.txt
printf 'crow\ncrow\n' >doubled.txt
refuses 65 'doubled.txt' clap-classify clips.h5 --labels doubled.txt
refuses 64 'one label' clap-classify clips.h5 --labels labels.txt --prompt 'one label'
refuses 64 'only one file can come from standard input' clap-classify - --labels -

# Options that would change nothing.
for option in --median=5 --min-duration=1 --max-gap=1 --whole-window --plot=x.svg --report=x.html; do
  refuses 64 "${option%=*}: needs --events" clap-classify windows.h5 --labels labels.txt $option
done
for option in --multilabel --events; do
  refuses 64 '--top-k: cannot go with' clap-classify windows.h5 --labels labels.txt $option -k 2
done
refuses 64 '--truth: needs --plot or --report' clap-classify windows.h5 --labels labels.txt --events --truth x.tsv
refuses 64 '--prompt: makes prompts of' clap-classify clips.h5 --prompts labels.txt --prompt 'a {}'
for option in --window=5 --hop=5 --min-tail=1 --short=repeat --pool=first; do
  refuses 64 "${option%=*}: needs recordings" clap-classify clips.h5 --labels labels.txt $option
done
run env CLAP_HOP=5 CLAP_MEDIAN=5 clap-classify clips.h5 --labels labels.txt
expect 'defaults from the environment are for other runs as well' exits 0
make_embeddings stretched.h5 audio "$sha" 0.5 stretch <<<"$(cat rows; echo "one.wav 0 1.25 $crow $(frames "$crow" "$rain") x")"
refuses 64 '--whole-window: short sound is stretched' clap-classify stretched.h5 --labels labels.txt --events --whole-window
refuses 64 '--report: is the file of another output' clap-classify windows.h5 --labels labels.txt --events --plot x --report x

refuses 64 '--threshold: must be -1 to 1' clap-classify clips.h5 --labels labels.txt --multilabel --threshold nan
refuses 64 '--multilabel: cannot go with --events' clap-classify clips.h5 --labels labels.txt --multilabel --grounding

clap-embed -q "$clips" -o sounds.h5
clap-classify sounds.h5 --labels labels.txt >from_file.tsv
run clap-classify "$clips" --labels labels.txt
expect 'recordings directly: the same' cmp "$work/out" from_file.tsv
clap-embed -q --frames --short repeat "$clips" -o frames_of_sounds.h5
clap-classify frames_of_sounds.h5 --labels labels.txt --events --threshold 0 >from_file.tsv
run clap-classify "$clips" --labels labels.txt --events --threshold 0
expect 'their events: the same' cmp "$work/out" from_file.tsv
expect 'there are some' test "$(wc -l <from_file.tsv)" -gt 3
run clap-classify "$clips/misc_crow.flac" nowhere.wav --labels labels.txt
expect 'one failed' exits 1
expect 'and is named' says 'nowhere.wav'
finish
