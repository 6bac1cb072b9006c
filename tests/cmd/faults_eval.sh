#!/usr/bin/env bash
# usage: faults_eval.sh BIN SOURCE [SHARED]
# clap-eval: names that do not match, clips that are missing, names with backslashes, labels with
# commas, scores that float32 would round.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
unset GITHUB_ACTIONS GITHUB_STEP_SUMMARY
sum() { awk -F'\t' -v m="$1" '$1 == m && $2 == "" { print $3 }' "$work/out"; }

# Names and labels that match nothing, in each task: an error with both sides and what helps.
make_scores clips.h5 f4 <<<$'id dog cat\nd/a.wav 1 0\nd/b.wav 0 1'
printf 'id,label\na.wav,dog\nb.wav,cat\n' >labels.csv
printf 'filename\tevent_labels\na.wav\tdog\nb.wav\tcat\n' >tags.tsv
make_scores frames.h5 f4 4 <<<$'id dog cat\nd/a.wav 1,1,0,0 0,0,0,0\nd/b.wav 0,0,0,0 0,0,1,1'
printf 'filename\tonset\toffset\tevent_label\na.wav\t0\t2\tdog\nb.wav\t2\t4\tcat\n' >truth.tsv
printf 'filename\tduration\na.wav\t4\nb.wav\t4\n' >durations.tsv
make_scores items.h5 f4 4 <<<$'id -\nd/a.wav 9,9,-9,-9\nd/b.wav -9,-9,9,9'
printf 'filename,onset,offset,event_label,audio_id\na.wav,0,2,dog,x/1.wav\nb.wav,2,4,cat,x/2.wav\n' >ground.csv
printf 'audio_id,duration\nx/1.wav,4\nx/2.wav,4\n' >audios.csv
make_scores similar.h5 f4 <<<$'id t0 t1\nd/a.wav 1 0\nd/b.wav 0 1'
printf 'audio_id\na.wav\nb.wav\n' >captions.csv
sed 's|^|d/|; s|^d/filename|filename|' truth.tsv >events.tsv
declare -A tasks=(
  [classification]='--scores clips.h5 --truth labels.csv'
  [scenes]='--scores clips.h5 --truth labels.csv'
  [tagging]='--scores clips.h5 --truth tags.tsv'
  [detection]='--scores frames.h5 --truth truth.tsv --durations durations.tsv'
  [grounding]='--scores items.h5 --truth ground.csv --durations audios.csv'
  [retrieval]='--scores similar.h5 --truth captions.csv'
)
for task in "${!tasks[@]}"; do
  read -ra words <<<"${tasks[$task]}"
  refuses 65 "such as 'a.wav', are not among those scored, such as 'd/a.wav'; base names match: use --basenames" \
    clap-eval "$task" "${words[@]}"
  quietly clap-eval "$task" "${words[@]}" --basenames
done
lists=(clap-eval detection --truth truth.tsv --durations durations.tsv)
refuses 65 "events.tsv: 2 of 2 files, such as 'd/a.wav', are not among those with a duration, such as 'a.wav'; base names" \
  "${lists[@]}" --events 0.5=events.tsv
quietly "${lists[@]}" --events 0.5=events.tsv --basenames
expect 'lists: all found' equal "$(sum f_score.0.500.macro)" 1
sed 's/wav/flac/' truth.tsv >flac.tsv
refuses 65 'names without extension match: use --stems' "${lists[@]}" --events 0.5=flac.tsv
quietly "${lists[@]}" --events 0.5=flac.tsv --stems
expect 'lists: by stem' equal "$(sum f_score.0.500.macro)" 1
sed 's/\.wav//' truth.tsv >bare.tsv
quietly "${lists[@]}" --events 0.5=bare.tsv
expect 'lists: a name without extension' equal "$(sum f_score.0.500.macro)" 1

# Labels in other letters.
sed 's/dog/Dog/; s/cat/Cat/' truth.tsv >capitals.tsv
refuses 65 "labels, such as 'Dog', are not among those evaluated, such as 'cat'; 'Cat' is spelled 'cat' there" \
  "${lists[@]}" --events 0.5=capitals.tsv
printf 'id,label\nd/a.wav,Dog\nd/b.wav,cat\n' >capital.csv
refuses 65 "class 'Dog' is not among those scored, such as 'dog'; 'Dog' is spelled 'dog' there" \
  clap-eval classification --scores clips.h5 --truth capital.csv

# A few are left out with a warning that counts them; detections of another class are legal.
{ cat truth.tsv; printf 'c.wav\t0\t1\tdog\na.wav\t0\t1\tbird\n'; } >more.tsv
run "${lists[@]}" --events 0.5=more.tsv
expect 'a few: code' exits 0
expect 'a few: files' says "warning: more.tsv: left out: file 'c.wav' is not among those with a duration"
expect 'a few: labels' says "warning: more.tsv: left out: label 'bird' is not among those evaluated"
expect 'a few: two warnings' says_lines 2
expect 'a few: the rest counts' equal "$(sum f_score.0.500.macro)" 1
printf 'filename\tonset\toffset\tevent_label\na.wav\t0\t1\tbird\n' >bird.tsv
refuses 65 'to evaluate others, too, use --class' "${lists[@]}" --events 0.5=bird.tsv
quietly "${lists[@]}" --events 0.5=bird.tsv --class bird
{ cat durations.tsv; printf 'z.wav\t9\n'; } >long.tsv
run clap-eval detection --scores frames.h5 --truth truth.tsv --durations long.tsv --basenames
expect 'a duration more: code' exits 0
expect 'a duration more' says "warning: long.tsv: left out: clip 'z.wav' is not among those scored"
printf 'filename\tonset\toffset\tevent_label\n' >nothing.tsv
quietly "${lists[@]}" --events 0.5=nothing.tsv

# Two clips that an option makes the same.
make_scores twins.h5 f4 <<<$'id dog cat\nx/a.wav 1 0\ny/a.wav 0 1'
refuses 65 "'x/a.wav' and 'y/a.wav' cannot be told apart by 'a.wav'" \
  clap-eval classification --scores twins.h5 --truth labels.csv --basenames

# Clips that failed are left out, counted, and fail a gate; others without scores are refused.
printf 'id,label\nd/a.wav,dog\nd/b.wav,cat\nd/c.wav,cat\n' >three.csv
three=(clap-eval classification --truth three.csv --scores)
refuses 65 "clip 'd/c.wav' is not among those scored" "${three[@]}" clips.h5
make_scores failed.h5 f4 0 d/c.wav <<<$'id dog cat\nd/a.wav 1 0\nd/b.wav 0 1'
for scores in failed.h5 'clips.h5 --max-missing 0'; do
  read -ra words <<<"$scores"
  run "${three[@]}" "${words[@]}" --junit gates.xml --force
  expect "$scores: code" exits 1
  expect "$scores: says" says "error: n_missing: 1 is above the maximum of 0; without scores: 'd/c.wav'"
  expect "$scores: one line" says_lines 1
  expect "$scores: counts" equal "$(sum n_missing)" 1
  expect "$scores: scores the others" equal "$(sum n_clips) $(sum top1)" '2 1'
  expect "$scores: XML" grep -q 'tests="1" failures="1"' gates.xml
  expect "$scores: XML tells the number" grep -q 'n_missing &lt;= 0.*n_missing: 1 is above' gates.xml
  run "${three[@]}" "${words[0]}" --max-missing 1 --json
  expect "$scores: tolerated" exits 0
  expect "$scores: a warning" says 'warning: n_missing: 1 is not above the maximum of 1'
  expect "$scores: JSON" grep -q '"n_missing":1.0' "$work/out"
done
printf 'id,label\nd/a.wav,dog\nd/b.wav,cat\n' >two.csv
run clap-eval classification --scores failed.h5 --truth two.csv
expect 'failed, not in the truth' exits 1
quietly clap-eval classification --scores clips.h5 --truth two.csv --max-missing 0
refuses 65 'are not among those scored' clap-eval classification --scores clips.h5 --truth labels.csv --max-missing 5
refuses 64 '--max-missing' "${three[@]}" clips.h5 --max-missing -1
make_scores framed.h5 f4 4 d/c.wav <<<$'id dog cat\nd/a.wav 1,1,0,0 0,0,0,0\nd/b.wav 0,0,0,0 0,0,1,1'
{ sed 's|^\([ab]\)|d/\1|' truth.tsv; printf 'd/c.wav\t0\t1\tcat\n'; } >truth3.tsv
{ sed 's|^\([ab]\)|d/\1|' durations.tsv; printf 'd/c.wav\t4\n'; } >durations3.tsv
run clap-eval detection --scores framed.h5 --truth truth3.tsv --durations durations3.tsv
expect 'detection: a clip failed' exits 1
expect 'detection: one line' says_lines 1
quietly clap-eval detection --events 0.5=truth.tsv --truth truth.tsv --durations long.tsv
run clap-eval detection --events 0.5=truth.tsv --truth truth.tsv --durations long.tsv --max-missing 0
expect 'lists: a file that no list names' exits 1
expect 'lists: which' says "without scores: 'z.wav'"
{ grep -v '^b' truth.tsv; printf 'b.wav\t\t\t\n'; } >read.tsv
run clap-eval detection --events 0.5=read.tsv --truth truth.tsv --durations long.tsv
expect 'lists: they name all that was read' exits 1
expect 'lists: what was not' says "without scores: 'z.wav'"
printf 'z.wav\t\t\t\n' >>read.tsv
quietly clap-eval detection --events 0.5=read.tsv --truth truth.tsv --durations long.tsv
# Recordings that could not be embedded take their captions with them.
make_embeddings a.h5 audio m1 <<<$'id start_s end_s vector\na.wav 0 10 1,0,0\nc.wav 0 10 0,0,1'
make_embeddings t.h5 text m1 <<<$'id start_s end_s vector\na 0 0 1,0,0\nb 0 0 0,1,0\nc 0 0 0,0,1'
printf 'audio_id\na.wav\nb.wav\nc.wav\n' >three_captions.csv
retrieval=(clap-eval retrieval --audio a.h5 --text t.h5 --truth three_captions.csv)
refuses 65 "audio 'b.wav' is not among those scored" "${retrieval[@]}"
run "${retrieval[@]}" --max-missing 1
expect 'retrieval: without it' exits 0
expect 'retrieval: its caption is left out' equal "$(sum n_captions) $(sum t2a.r1)" '2 100'

# What one tool prints the others read back; a backslash of other tables stays one.
make_scores odd.h5 f4 <<<$'id x\\y cat\nback\\slash.wav 1 0\nraw\\new.wav 0 1'
printf 'id\tlabel\nback\\\\slash.wav\tx\\\\y\nraw\\\\new.wav\tcat\n' >escaped.tsv
printf 'id\tlabel\nback\\slash.wav\tx\\y\nraw\\new.wav\tcat\n' >raw.tsv
for table in escaped.tsv raw.tsv; do
  quietly clap-eval classification --scores odd.h5 --truth "$table"
  expect "$table: all right" equal "$(sum top1)" 1
done
printf 'filename\tonset\toffset\tevent_label\nback\\\\slash.wav\t0\t2\tx\\\\y\n' >escaped_events.tsv
printf 'filename\tonset\toffset\tevent_label\nback\\slash.wav\t0\t2\tx\\y\n' >raw_events.tsv
printf 'filename\tduration\nback\\slash.wav\t2\n' >raw_durations.tsv
printf 'filename\tduration\nback\\\\slash.wav\t2\n' >escaped_durations.tsv
for d in raw escaped; do for e in raw escaped; do for t in raw escaped; do
  quietly clap-eval detection --events "0.5=${e}_events.tsv" --truth "${t}_events.tsv" --durations "${d}_durations.tsv"
  expect "$d $e $t: found" equal "$(sum f_score.0.500.macro)" 1
done; done; done
make_scores both.h5 f4 <<<$'id x y\na\\\\b 1 0\na\\b 0 1'
printf 'id\tlabel\na\\\\b\tx\na\\b\ty\n' >both.tsv
refuses 65 'may be' clap-eval classification --scores both.h5 --truth both.tsv

# AudioSet's labels with commas; a cell that can be read in two ways.
make_scores audioset.h5 f4 <<<$'id Speech Male+speech,+man+speaking Bell\na 1 1 0\nb 0 0 1'
printf 'filename\tevent_labels\na\tSpeech,Male speech, man speaking\nb\tBell\n' >plain.tsv
printf 'filename,event_labels\na,"""Male speech, man speaking"",Speech"\nb,Bell\n' >quotes.csv
printf 'filename\tevent_labels\na\tMale speech, man speaking|Speech\nb\tBell\n' >bars.tsv
for words in plain.tsv quotes.csv 'bars.tsv --label-separator |'; do
  read -ra truth <<<"$words"
  quietly clap-eval tagging --scores audioset.h5 --truth "${truth[@]}"
  expect "$words: all right" equal "$(sum macro_map)" 1
done
printf 'filename\tevent_labels\na\tMale speech, man\nb\tBell\n' >part.tsv
refuses 65 'are not among those scored' clap-eval tagging --scores audioset.h5 --truth part.tsv
make_scores two_ways.h5 f4 <<<$'id a b a,b\nx 1 0 0\ny 0 1 1'
printf 'filename\tevent_labels\nx\ta,b\ny\tb\n' >two_ways.tsv
refuses 65 'can be read in several ways' clap-eval tagging --scores two_ways.h5 --truth two_ways.tsv
refuses 64 '--label-separator' clap-eval tagging --scores audioset.h5 --truth plain.tsv --label-separator ''

# Scores that float32 would make equal, in float64 and in integers; float16 is read as it is.
near=$'id x y\na 0.999999999999 0\nb 0.999999999998 0\nc 0.999999999997 1'
big=$'id x y\na 1073741827 0\nb 1073741826 0\nc 1073741825 1'
printf 'filename\tevent_labels\na\tx\nb\ty\nc\tx\n' >order.tsv
for type in f8 i4 i8; do
  if [[ $type == f8 ]]; then rows=$near; else rows=$big; fi
  make_scores "$type.h5" "$type" <<<"$rows"
  quietly clap-eval tagging --scores "$type.h5" --truth order.tsv --format jsonl
  expect "$type: average precision of 1 and 2 of 3" at_most "$(sed -n 's/^{"metric": "per_class_ap", "class": "x", "value": \(.*\)}$/\1/p' "$work/out" |
    awk '{ d = $1 - 5 / 6; print d < 0 ? -d : d }')" 1e-12
done
make_scores f2.h5 f2 <<<$'id x y\na 0.5 0\nb 0.25 0\nc 0.125 1'
quietly clap-eval tagging --scores f2.h5 --truth order.tsv
make_scores huge.h5 i8 <<<$'id x y\na 9007199254740994 0\nb 1 0\nc 0 1'
refuses 65 '2^53' clap-eval tagging --scores huge.h5 --truth order.tsv
make_scores big.h5 f8 <<<$'id x y\na 1e300 0\nb 1e200 0\nc 1e100 1'
quietly clap-eval tagging --scores big.h5 --truth order.tsv
printf 'id,label\na,x\nb,x\n' >ab.csv
make_scores close.h5 f8 <<<$'id x y\na 0.9999999999999 0.9999999999998\nb 0.9999999999997 0.9999999999999'
quietly clap-eval classification --scores close.h5 --truth ab.csv
expect 'float64: classification' equal "$(sum top1) $(sum top1_ties_optimistic)" '0.5 0.5'
printf 'audio_id\na\nb\n' >ab_captions.csv
make_scores similar8.h5 f8 <<<$'id t0 t1\na 0.9999999999999 0.9999999999998\nb 0.9999999999997 0.9999999999999'
for ties in optimistic pessimistic; do
  quietly clap-eval retrieval --scores similar8.h5 --truth ab_captions.csv --ties "$ties"
  expect "float64: retrieval, $ties" equal "$(sum t2a.r1)" 100
done
printf 'filename\tonset\toffset\tevent_label\na\t0\t1\tx\nb\t0\t1\tx\n' >edge.tsv
printf 'filename\tduration\na\t2\nb\t2\n' >edge_durations.tsv
make_scores edge.h5 f8 2 <<<$'id x\na 0.9999999999999,0.9999999999997\nb 0.9999999999998,0.9999999999996'
quietly clap-eval detection --scores edge.h5 --truth edge.tsv --durations edge_durations.tsv --ci 5
expect 'float64: detection' equal "$(sum psds1) $(sum event_f1_best.macro_average) $(sum segment_f1_best.macro_average)" '1 1 1'
printf 'filename,onset,offset,event_label,audio_id\na,0,2,x,a\n' >edge_ground.csv
printf 'audio_id,duration\na,2\n' >edge_audios.csv
make_scores edge_items.h5 f8 2 <<<$'id -\na 0.04000533461,0.04000533461'
quietly clap-eval grounding --scores edge_items.h5 --truth edge_ground.csv --durations edge_audios.csv
finish
