#!/usr/bin/env bash
# usage: clap_eval.sh BIN SOURCE [SHARED]
# clap-eval on small files; the golden cases are those of clap_eval_goldens_test.cpp.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
unset GITHUB_ACTIONS GITHUB_STEP_SUMMARY

# Three recordings, one caption each; two captions are closer to the other's recording.
make_embeddings a.h5 audio m1 <<'ROWS'
id start_s end_s vector
a.wav 0 10 1,0,0
b.wav 0 10 0,1,0
c.wav 0 10 0,4,3
ROWS
make_embeddings t.h5 text m1 <<<$'id start_s end_s vector\na 0 0 1,0,0\nb 0 0 0,24,7\nc 0 0 0,1,0'
printf 'audio_id,caption\na.wav,a\nb.wav,"b, again"\nc.wav,c\n' >captions.csv
sum() { awk -F'\t' -v m="$1" '$1 == m { print $3 }' "$work/out"; }

run clap-eval retrieval --audio a.h5 --text t.h5 --truth captions.csv
expect 'retrieval of embedding files' exits 0
expect 'header' test "$(head -n 1 "$work/out")" = $'metric\tclass\tvalue'
expect 't2a.r1: two of three' test "$(sum t2a.r1)" = 66.6667
expect 'a2t.r1: one of three' test "$(sum a2t.r1)" = 33.3333
run clap-eval retrieval --audio a.h5 --text t.h5 --truth captions.csv --json --min t2a.r1=66 --min a2t.r1=50
expect 'a missed minimum' exits 1
expect 'says which' says 'a2t.r1: 33.333333333333336 is below the minimum of 50'
expect 'says only that' says_lines 1
expect 'prints all the same' grep -q '^{"t2a.r1":66.66666666666667,' "$work/out"
refuses 64 "--min: there is no metric 'recall'; there are t2a.r1" clap-eval retrieval --audio a.h5 --text t.h5 --truth captions.csv --min recall=1
refuses 64 '--min' clap-eval retrieval --audio a.h5 --text t.h5 --truth captions.csv --min t2a.r1=much
refuses 64 '--text' clap-eval retrieval --audio a.h5 --truth captions.csv
refuses 64 'give one of' clap-eval retrieval --truth captions.csv
refuses 65 't.h5: holds no audio' clap-eval retrieval --audio t.h5 --text t.h5 --truth captions.csv
make_embeddings o.h5 text m2 <<<$'id start_s end_s vector\na 0 0 1,0,0'
refuses 65 'o.h5: was made with another model' clap-eval retrieval --audio a.h5 --text o.h5 --truth captions.csv
refuses 65 'a.h5' clap-eval classification --scores a.h5 --truth captions.csv
refuses 66 'nowhere.h5' clap-eval classification --scores nowhere.h5 --truth captions.csv
refuses 64 'see clap-eval --help' clap-eval tagging

# Recordings with different numbers of captions.
printf 'audio_id,caption\na.wav,a\nb.wav,b\nb.wav,c\n' >uneven.csv
make_embeddings two.h5 audio m1 <<<$'id start_s end_s vector\na.wav 0 10 1,0,0\nb.wav 0 10 0,1,0'
refuses 65 "uneven.csv: 2 captions of audio 'b.wav', but 1 of 'a.wav'" clap-eval retrieval --audio two.h5 --text t.h5 --truth uneven.csv
quietly clap-eval retrieval --audio two.h5 --text t.h5 --truth uneven.csv --uneven-captions
expect 'uneven: r1' equal "$(sum a2t.r1)" 100
expect 'uneven: n_captions' equal "$(sum n_captions)" 3

# What CI needs: gates, a baseline, XML, annotations and a summary.
data=$source_dir/tests/data/metrics
cls=(clap-eval classification --scores "$data/cls/three_classes/scores.h5" --truth "$data/cls/three_classes/labels.csv")
quietly "${cls[@]}" --json -o old.json
expect 'provenance: tool' grep -q '"provenance":{"tool":"clap-eval ' old.json
expect 'provenance: command' grep -q '"command":"clap-eval classification --scores ' old.json
expect 'one object' equal "$(wc -l <old.json)" 1
run "${cls[@]}" --min top1=0.1 --min mean_class_accuracy=0.99 --baseline old.json --max-drop top1=0 --junit gates.xml
expect 'one gate of three fails' exits 1
expect 'says which' says 'mean_class_accuracy: '
expect 'says only that' says_lines 1
expect 'XML: three cases' equal "$(grep -c '<testcase ' gates.xml)" 3
expect 'XML: one failure' grep -q 'tests="3" failures="1"' gates.xml
expect 'XML: the rule' grep -qF 'name="top1 &gt;= 0.1"' gates.xml
command -v xmllint >/dev/null && expect 'XML: well formed' xmllint --noout gates.xml
sed 's/"top1":[0-9.]*/"top1":0.95/' old.json >better.json
run "${cls[@]}" --baseline better.json --max-drop top1=0.01
expect 'a drop' exits 1
expect 'a drop: the reason' says 'is more than 0.01 below the 0.95 of better.json'
refuses 64 '--baseline' "${cls[@]}" --max-drop top1=0.01
refuses 64 '--max-drop' "${cls[@]}" --baseline old.json
refuses 64 '--max-drop' "${cls[@]}" --baseline old.json --max-drop top1
refuses 66 'nowhere.json' "${cls[@]}" --baseline nowhere.json --max-drop top1=0
refuses 65 'captions.csv: not valid JSON' "${cls[@]}" --baseline captions.csv --max-drop top1=0
refuses 65 "better.json: has no total 'psds1' that is defined" clap-eval detection --scores "$data/sed/edge_one_clip/scores.h5" \
  --truth "$data/sed/edge_one_clip/ground_truth.tsv" --durations "$data/sed/edge_one_clip/durations.tsv" \
  --baseline better.json --max-drop psds1=0
refuses 73 'gates.xml' "${cls[@]}" --junit gates.xml
refuses 73 'old.json' "${cls[@]}" --json -o old.json
quietly "${cls[@]}" --junit gates.xml --force
run env GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY="$PWD/summary.md" "${cls[@]}" --min top1=0.99 --no-header
expect 'annotation: code' exits 1
expect 'annotation' grep -q '^::error title=clap-eval classification::top1: ' "$work/err"
expect 'annotation: not among the data' not grep -q '^::' "$work/out"
expect 'summary' grep -q '^| top1 >= 0.99 | \*\*failed\*\* |\|^| top1 &gt;= 0.99 | \*\*failed\*\* |' summary.md
run env GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY=/nowhere/summary.md "${cls[@]}"
expect 'a summary that cannot be written is no failure' exits 0
expect 'but a warning' says '/nowhere/summary.md'

# A baseline is read before anything else is.
truncate -s 20 old.json
refuses 65 'old.json: not valid JSON' clap-eval classification --scores nowhere.h5 --truth nowhere.csv --baseline old.json --max-drop top1=0
refuses 66 'a directory' "${cls[@]}" --baseline . --max-drop top1=0
printf '{"top1":"nan"}' >undefined.json
refuses 65 "has no total 'top1' that is defined" "${cls[@]}" --baseline undefined.json --max-drop top1=0
refuses 64 "--min: there is no metric 'top2'; there are top1, top5," clap-eval classification --scores nowhere.h5 --truth nowhere.csv --min top2=1

# What is asked for, and gates on what is not.
quietly "${cls[@]}" --metric top5 --metric top1 --min n_clips=1
expect 'metric: both, in the usual order' equal "$(cut -f1 "$work/out" | tr '\n' ' ')" 'metric top1 top5 '
quietly "${cls[@]}" --metric top1 --ci 20
expect 'metric: its interval' equal "$(cut -f1 "$work/out" | tr '\n' ' ')" 'metric top1 top1.ci_low top1.ci_high '
refuses 64 "--metric: there is no metric 'top'; there are top1" "${cls[@]}" --metric top
refuses 64 "--metric: these data give no 'top1.of'" "${cls[@]}" --metric top1.of
refuses 64 "--metric: there is no metric 't2a'" "${cls[@]}" --metric t2a
quietly clap-eval retrieval --audio a.h5 --text t.h5 --truth captions.csv --metric t2a
expect 'metric: all of one direction' equal "$(wc -l <"$work/out")" 8

# Options that cannot be meant so.
refuses 64 'same.svg: is the name of two outputs' "${cls[@]}" --plot same.svg --report same.svg
refuses 64 '--plot: is empty' "${cls[@]}" --plot ''
refuses 64 '--ci' "${cls[@]}" --ci -1
refuses 64 '--ci' "${cls[@]}" --ci 0
refuses 64 '--seed' "${cls[@]}" --ci 5 --seed -1
refuses 64 '--median' "${cls[@]}" --median 3
refuses 64 '--details' "${cls[@]}" --details details.tsv

# Intervals hold the value, are the same again whatever the threads, and follow the seed.
quietly "${cls[@]}" --ci 200 --threads 1
cp "$work/out" first
quietly "${cls[@]}" --ci 200 --threads 2
expect 'intervals: again' cmp -s first "$work/out"
# shellcheck disable=SC2016  # the fields are awk's
expect 'intervals: around the value' awk -F'\t' '{ v[$1 FS $2] = $3 } END { exit !(v["top1.ci_low\t"] < v["top1\t"] && v["top1\t"] < v["top1.ci_high\t"]) }' first
quietly "${cls[@]}" --ci 200 --seed 2
expect 'intervals: another seed' not cmp -s first "$work/out"
refuses 64 '--ci' "${cls[@]}" --seed 2

# detection TASK...: the golden case of sound event detection.
sed_case() {
  local folder=$data/sed/$1
  shift
  clap-eval detection --scores "$folder/scores.h5" --truth "$folder/ground_truth.tsv" --durations "$folder/durations.tsv" "$@"
}
quietly sed_case edge_ragged --psds name=again,dtc=0.7,gtc=0.7,alpha_st=1 --ci 20 --f-threshold 0.3
expect 'free PSDS' equal "$(sum again)" "$(sum psds1)"
expect 'intervals of detection' test -n "$(sum psds1.ci_low)"
refuses 64 "there is another 'psds1'" sed_case edge_ragged --psds name=psds1
refuses 64 "there is another 'event_f1_at'" sed_case edge_ragged --psds name=event_f1_at
refuses 64 '--psds' sed_case edge_ragged --psds name=psds1.max_efpr
refuses 64 '--psds' sed_case edge_ragged --psds dtc=2
refuses 64 '--psds' sed_case edge_ragged --psds dtc
refuses 64 '--median' sed_case edge_ragged --median 0
refuses 64 '--events' sed_case edge_ragged --events 0.5=x.tsv
refuses 64 'give --scores or --events' clap-eval detection --truth x --durations y
head -n 2 "$data/sed/edge_ragged/ground_truth.tsv" >some.tsv
refuses 65 'some.tsv: no row for clip' clap-eval detection --scores "$data/sed/edge_ragged/scores.h5" --truth some.tsv \
  --durations "$data/sed/edge_ragged/durations.tsv"

# Thresholds for clap-classify: those of the metric asked for.
quietly sed_case edge_ragged --write-thresholds thresholds.tsv
quietly sed_case edge_ragged --json
expect 'those of event_f1_best' equal "$(grep -oE '"event_f1_best.threshold":\{[^}]*' "$work/out" | sed 's/.*{//; s/"-inf"/-1/g; s/"inf"/1/g' | tr ',' '\n' |
  sed 's/^"//; s/":/\t/; s/\.0$//')" "$(<thresholds.tsv)"
quietly sed_case edge_ragged --metric psds1 --write-thresholds segments.tsv --threshold-metric segment_f1_best
expect 'nothing else is printed' equal "$(cut -f 1 "$work/out" | grep -vc '^psds1\|^metric')" 0
expect 'a line for each class' equal "$(cut -f 1 segments.tsv)" "$(cut -f 1 thresholds.tsv)"
refuses 73 'thresholds.tsv: exists' sed_case edge_ragged --write-thresholds thresholds.tsv
refuses 64 't.csv: the name promises CSV' sed_case edge_ragged --write-thresholds t.csv
refuses 64 '--threshold-metric' sed_case edge_ragged --write-thresholds t.tsv --threshold-metric psds1
quietly clap-eval tagging --scores "$data/tag/ties/scores.h5" --truth "$data/tag/ties/tags.tsv" --write-thresholds tag_thresholds.tsv
expect 'of tags' equal "$(cut -f 1 tag_thresholds.tsv)" "$(h5_check strings "$data/tag/ties/scores.h5" classes)"

# Bounding boxes: tuned, written, read again.
quietly sed_case edge_ragged --tune csebbs --write-parameters boxes.tsv --write-thresholds box_thresholds.tsv
expect 'tuned: columns' equal "$(head -n 1 boxes.tsv)" $'label\tstep_filter_length\tmerge_threshold_abs\tmerge_threshold_rel'
expect 'tuned: a line for each class' equal "$(tail -n +2 boxes.tsv | cut -f 1)" "$(cut -f 1 box_thresholds.tsv)"
tuned=$(sum psds1)
cp "$work/out" tuned
quietly sed_case edge_ragged --post csebbs --post-parameters boxes.tsv
expect 'tuned parameters give the same' cmp "$work/out" tuned
quietly sed_case edge_ragged --post csebbs --merge-threshold-rel 1.1 --step-filter-length 5 --merge-threshold-abs 0.01
expect 'other parameters do not' not equal "$(sum psds1)" "$tuned"
quietly sed_case edge_ragged --tune csebbs --json --metric psds1
expect 'provenance: post' grep -q '"post":"csebbs"' "$work/out"
quietly sed_case edge_ragged --tune csebbs --tune-lengths 7.5 --write-parameters long.tsv
expect 'tuned: lengths' equal "$(tail -n +2 long.tsv | cut -f 2 | sort -u)" 7.5
for bad in 0 -1 x '1,,' '1,x' 3601 '1,'; do
  refuses 64 '--tune-lengths' sed_case edge_ragged --tune csebbs "--tune-lengths=$bad"
done
refuses 64 '--tune' sed_case edge_ragged --tune-lengths 1
refuses 73 'boxes.tsv: exists' sed_case edge_ragged --tune csebbs --write-parameters boxes.tsv
refuses 64 '--write-parameters' sed_case edge_ragged --write-parameters b.tsv
refuses 64 '--post-parameters: needs --post csebbs' sed_case edge_ragged --post-parameters boxes.tsv
refuses 64 '--step-filter-length: needs --post csebbs' sed_case edge_ragged --post median --step-filter-length 1
refuses 64 '--merge-threshold-abs: cannot go with --tune' sed_case edge_ragged --tune csebbs --merge-threshold-abs 1
refuses 64 '--median: cannot go with --post csebbs' sed_case edge_ragged --tune csebbs --median 3
refuses 64 '--step-filter-length' sed_case edge_ragged --post csebbs --step-filter-length 0
refuses 64 '--post' sed_case edge_ragged --post boxes
refuses 66 'nowhere.tsv' sed_case edge_ragged --post csebbs --post-parameters nowhere.tsv
printf 'label\tstep_filter_length\tmerge_threshold_abs\tmerge_threshold_rel\nzebra\t1\t1\t1\n' >zebra.tsv
refuses 65 "zebra.tsv: line 2: 'zebra' is not one of the labels" sed_case edge_ragged --post csebbs --post-parameters zebra.tsv

# generation: CLAP score and Fréchet audio distance.
make_embeddings made.h5 audio m1 <<<$'id start_s end_s caption vector\n1.wav 0 10 rain 0.6,0.8\n2.wav 0 10 rain 1,0\n3.wav 0 10 dog 0,1'
make_embeddings said.h5 text m1 <<<$'id start_s end_s vector\nrain 0 0 1,0\ndog 0 0 0,1'
make_embeddings heard.h5 audio m1 <<<$'id start_s end_s vector\na 0 10 0.8,0.6\nb 0 10 0,1\nc 0 10 1,0'
quietly clap-eval generation --audio made.h5 --text said.h5 --reference heard.h5 --ci 100
expect 'CLAP score' equal "$(printf %.6f "$(sum clap_score)")" 0.866667
expect 'Fréchet audio distance, of mirrored sets' equal "$(printf %.6f "$(sum frechet_audio_distance)")" 0.010223
expect 'interval of the CLAP score' test -n "$(sum clap_score.ci_low)"
quietly clap-eval generation --audio made.h5 --reference heard.h5 --json --min frechet_audio_distance=0
expect 'provenance: model' grep -q '"model_sha256":"' "$work/out"
refuses 64 'give --text, --reference or both' clap-eval generation --audio made.h5
refuses 64 '--text' clap-eval generation --audio made.h5 --reference heard.h5 --truth captions.csv
refuses 65 'o.h5: was made with another model' clap-eval generation --audio made.h5 --text o.h5
refuses 65 "a.h5: has no meta column 'caption'; give --truth" clap-eval generation --audio a.h5 --text t.h5
printf 'audio_id\na.wav\nb.wav\nc.wav\n' >order.csv
quietly clap-eval generation --audio a.h5 --text t.h5 --truth order.csv --metric n_pairs
expect 'pairs in the order of the texts' equal "$(sum n_pairs)" 3
refuses 65 "captions.csv: caption 'b, again' of 'b.wav' has no text embedding" clap-eval generation --audio a.h5 --text t.h5 --truth captions.csv

# Thresholds of another set, for what is measured at a threshold.
quietly sed_case edge_ragged --thresholds segments.tsv
expect 'own thresholds: F1' equal "$(sum segment_f1_at.macro_average)" "$(sum segment_f1_best.macro_average)"
expect 'own thresholds: error rates' test -n "$(sum segment_error_rate_at.micro_average)" -a -n "$(sum collar_error_rate_at.macro_average)"
refuses 66 'nowhere.tsv' sed_case edge_ragged --thresholds nowhere.tsv
printf 'ghost\t0.5\n' >ghost.tsv
refuses 65 "ghost.tsv: line 1: 'ghost' is not one of the labels" sed_case edge_ragged --thresholds ghost.tsv
refuses 64 '--events' sed_case edge_ragged --thresholds segments.tsv --events 0.5=x.tsv
further=(--truth "$data/sed_further/six_classes_ties/ground_truth.tsv" --durations "$data/sed_further/six_classes_ties/durations.tsv")
quietly clap-eval detection --scores "$data/sed_further/six_classes_ties/scores.h5" "${further[@]}" --metric mpauc --json
expect 'mpauc' grep -q '^{"mpauc":0.[0-9]*,"per_class":{"mpauc":{' "$work/out"

# Resamples and intervals of sed_scores_eval; tests/data/metrics/sed_further/bootstrap.json.
quietly clap-eval detection --scores "$data/sed_further/six_classes_ties/scores.h5" "${further[@]}" --metric psds1 --ci 100 --ci-scheme balanced
total() { awk -F'\t' -v m="$1" '$1 == m && $2 == "" { print $3 }' "$work/out"; }
expect 'balanced: seed 0, 90 %' equal "$(total psds1.ci_low) $(total psds1.ci_high)" '0.0273928 0.178598'
cp "$work/out" balanced
quietly clap-eval detection --scores "$data/sed_further/six_classes_ties/scores.h5" "${further[@]}" --metric psds1 --ci 100 --ci-scheme balanced --seed 0 --ci-level 0.9
expect 'balanced: these are its defaults' cmp -s balanced "$work/out"
refuses 64 '--ci-scheme' sed_case edge_ragged --ci 10 --ci-scheme fair
refuses 64 '--ci' sed_case edge_ragged --ci-scheme balanced
refuses 64 '--ci-level' sed_case edge_ragged --ci 10 --ci-level 1
refuses 64 '--seed: balanced resamples take one below 2^32' sed_case edge_ragged --ci 10 --ci-scheme balanced --seed 4294967296

# Folders of score tables.
mkdir tables
printf 'onset\toffset\tdog\n0\t1\t0.9\n1\t2\t0.1\n' >tables/a.tsv
printf 'onset\toffset\tdog\n0\t2\t0.2\n' >tables/b.tsv
printf 'filename\tonset\toffset\tevent_label\na.wav\t0\t1\tdog\nb.wav\t\t\t\n' >tables.truth
printf 'filename\tduration\na.wav\t2\nb.wav\t2\n' >tables.durations
tables=(clap-eval detection --truth tables.truth --durations tables.durations --scores)
quietly "${tables[@]}" tables/
expect 'a folder of tables' equal "$(total psds1) $(total segment_ap) $(total event_f1_at.micro_average)" '1 1 1'
refuses 66 'nowhere/' "${tables[@]}" nowhere/
printf 'onset\toffset\tdog\n0\t2\tloud\n' >tables/b.tsv
refuses 65 "tables/b.tsv: line 2: the frame has no number in column 'dog'" "${tables[@]}" tables

lists=(clap-eval detection --truth "$data/events/edge_exact_half/ground_truth.tsv"
  --durations "$data/events/edge_exact_half/durations.tsv")
list=$data/events/edge_exact_half/detections/op_0.500.tsv
refuses 64 'two files have the threshold 0.5' "${lists[@]}" --events "0.5=$list" --events "0.50=$list"
refuses 64 '--events' "${lists[@]}" --events "$list"
refuses 66 'nowhere.tsv' "${lists[@]}" --events 0.5=nowhere.tsv
refuses 64 '--write-thresholds: needs --scores' "${lists[@]}" --events "0.5=$list" --write-thresholds t.tsv
refuses 65 'free is not defined' "${lists[@]}" --events "0.5=$list" --psds name=free,max_efpr=none
quietly "${lists[@]}" --events "0.5=$list" --json
expect 'not defined is a word' grep -q '"dtc05_ct0_st0_no_max":"nan"' "$work/out"
# A truth without events has the classes detected, or those named.
none=$data/events/edge_no_ground_truth
lists=(clap-eval detection --truth "$none/ground_truth.tsv" --durations "$none/durations.tsv" --events "0.5=$none/detections/op_0.500.tsv")
quietly "${lists[@]}" --class x --class y
expect 'named class' equal "$(awk -F'\t' '$1 == "psds1" && $2 == "y" { print $3 }' "$work/out")" 0

# Scored clips that the truth lacks.
tags=$data/tag/ties
head -n -1 "$tags/tags.tsv" >some_tags.tsv
refuses 65 'some_tags.tsv: no row for clip' clap-eval tagging --scores "$tags/scores.h5" --truth some_tags.tsv
quietly clap-eval tagging --scores "$tags/scores.h5" --truth some_tags.tsv --drop-clips-without-truth
expect 'dropped' equal "$(sum n_clips)" $(($(wc -l <some_tags.tsv) - 1))

# Pictures: one file each that needs nothing else.
picture() {  # NAME COMMAND...
  local name=$1
  shift
  quietly "$@" --plot "$name.svg" --report "$name.html"
  expect "$name: a picture" grep -q '^<svg ' "$name.svg"
  expect "$name: a page with it" grep -q '<svg ' "$name.html"
  expect "$name: nothing from the net" not grep -qE 'src="http|href="http|<script|@import' "$name.html"
  if command -v xmllint >/dev/null; then expect "$name: well formed" xmllint --noout "$name.svg"; fi
}
picture classification "${cls[@]}"
picture scenes clap-eval scenes "${cls[@]:2}"
picture tagging clap-eval tagging --scores "$tags/scores.h5" --truth "$tags/tags.tsv"
picture retrieval clap-eval retrieval --audio a.h5 --text t.h5 --truth captions.csv
picture detection sed_case edge_one_clip
picture lists "${lists[@]}"
ground=$data/ground/one_audio
picture grounding clap-eval grounding --scores "$ground/scores.h5" --truth "$ground/ground_truth.tsv" --durations "$ground/durations.tsv" --ci 10
expect 'the page has the provenance' grep -q 'clap-eval grounding --scores' grounding.html
if [[ -e /dev/full ]]; then
  run bash -c 'clap-eval classification "$@" >/dev/full' - "${cls[@]:2}"
  expect 'disk full' exits 74
fi
finish
