#!/usr/bin/env bash
# usage: formats.sh BIN SOURCE [SHARED]
# What tables and events are written as, how -o and --format choose it, and that labels of other programs read back give the
# scores that the table gives.
# shellcheck disable=SC2016  # programs of awk
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

make_tiny_model
printf 'crow\nsay "hi", rain\train can be heard\nbell\n' >labels.txt

# Tables: one format by --format, by --json, by the name of -o.
clap-embed -q "$clips" -o sounds.h5
classify=(clap-classify sounds.h5 --labels labels.txt -k 2)
"${classify[@]}" >plain.tsv
for option in '--format tsv' '-o t.tsv' '-o t.tab' '-o t.txt' '-o t' '--format tsv -o t.txt'; do
  # shellcheck disable=SC2086  # options
  quietly "${classify[@]}" $option --force
  [[ $option != *-o* ]] || cp "${option##* }" "$work/out"
  expect "$option: TSV" cmp "$work/out" plain.tsv
done
"${classify[@]}" --json >plain.jsonl
for option in '--format jsonl' '-o t.jsonl' '-o t.NDJSON' '--json -o t.json' '--format jsonl -o t.json'; do
  # shellcheck disable=SC2086
  quietly "${classify[@]}" $option --force
  [[ $option != *-o* ]] || cp "${option##* }" "$work/out"
  expect "$option: JSON Lines" cmp "$work/out" plain.jsonl
done
"${classify[@]}" --format csv >plain.csv
quietly "${classify[@]}" -o t.csv
expect '-o t.csv: CSV' cmp t.csv plain.csv
expect 'its header' equal "$(head -1 t.csv)" 'id,start_s,end_s,rank,label,score'
expect 'lines end with a line feed' not grep -q $'\r' t.csv
run "${classify[@]}" --format csv --no-header
expect 'no header' cmp "$work/out" <(tail -n +2 plain.csv)

# A default of the environment gives way to the name, and to --json.
CLAP_FORMAT=csv run "${classify[@]}"
expect 'CLAP_FORMAT' cmp "$work/out" plain.csv
CLAP_FORMAT=csv run "${classify[@]}" -o env.jsonl
expect 'a name before CLAP_FORMAT' cmp env.jsonl plain.jsonl
CLAP_FORMAT=csv run "${classify[@]}" --json
expect '--json before CLAP_FORMAT' cmp "$work/out" plain.jsonl

CLAP_FORMAT=srt run "${classify[@]}"
expect 'a format of events that no event is printed in' cmp "$work/out" plain.tsv

# Contradictions, before any work.
while IFS=$'\t' read -r text options; do
  # shellcheck disable=SC2086
  refuses 64 "$text" clap-classify nowhere.h5 --labels labels.txt $options
done <<'TABLE'
t.tsv: the name promises TSV, but CSV is written; name it .csv	--format csv -o t.tsv
t.csv: the name promises CSV, but a table with tabs is written	--format tsv -o t.csv
t.csv: the name promises CSV, but JSON Lines is written	--json -o t.csv
t.json: the name promises JSON, but a table with tabs is written	-o t.json
t.parquet: the name promises Parquet	-o t.parquet
t.xlsx: the name promises Excel	--format csv -o t.xlsx
t.srt: the name promises labels, but an EAF of ELAN is written; name it .eaf	--events --format elan -o t.srt
t.tsv: the name promises TSV, but a label track of Audacity is written	--events --format audacity -o t.tsv
--json: does not go with --format	--format csv --json
--format: 'xml' is not one of tsv, csv, jsonl, textgrid,	--format xml
--format: audacity needs --events	--format audacity
--format: srt needs --events	-o t.srt
--no-header: needs a table	--events --format raven --no-header
--wide: cannot go with --events	--wide --events
--wide: cannot go with --multilabel	--wide --multilabel
--top-k: cannot go with --wide	--wide -k 2
TABLE
refuses 64 '--format' clap-query sounds.h5 rain --format audacity
refuses 64 'x.npy: the name promises NumPy' clap-embed "$clips" -o x.npy

# Every tool that prints a table.
clap-index build sounds.h5 -o sounds.clapindex
clap-query sounds.clapindex rain >hits.tsv
quietly clap-query sounds.clapindex rain -o hits.csv
expect 'clap-query: as many lines' equal "$(wc -l <hits.csv)" "$(wc -l <hits.tsv)"
expect 'clap-query: the header' equal "$(head -1 hits.csv)" "$(head -1 hits.tsv | tr '\t' ',')"
quietly clap-index info sounds.clapindex --format csv
expect 'clap-index info' equal "$(cut -d, -f 1-3 "$work/out")" $'rows,dim,type\n6,32,Flat'
quietly clap-index export sounds.clapindex --csv rows.csv --jsonl rows.jsonl --tsv rows.tsv
expect 'clap-index export' equal "$(tr ',' '\t' <rows.csv)" "$(<rows.tsv)"
expect 'clap-index export: JSON Lines' equal "$(wc -l <rows.jsonl)" 6
refuses 64 'rows.tsv: the name promises TSV, but CSV is written' clap-index export sounds.clapindex --csv rows.tsv
quietly clap-model info tiny -o info.csv
expect 'clap-model info' equal "$(head -2 info.csv)" $'key,value\nname,demo'
quietly clap-model info tiny --format jsonl
expect 'clap-model info: one object' cmp "$work/out" <(clap-model info tiny --json)

# --wide: the same scores, a row per clip.
clap-classify sounds.h5 --labels labels.txt -k 3 --no-header | sort -t$'\t' -k1,1 -k5,5 | cut -f 6 >narrow
quietly clap-classify sounds.h5 --labels labels.txt --wide
expect '--wide: the header' equal "$(head -1 "$work/out")" $'id\tstart_s\tend_s\tcrow\tsay "hi", rain\tbell'
expect '--wide: the scores' cmp narrow <(tail -n +2 "$work/out" | sort -t$'\t' -k1,1 | awk -F'\t' '{ print $6 "\n" $4 "\n" $5 }')
quietly clap-classify sounds.h5 --labels labels.txt --wide --softmax --no-header
expect '--wide --softmax: adds up to 1' awk -F'\t' '{ sum = $4 + $5 + $6; if (sum < 0.99999 || sum > 1.00001) exit 1 }' "$work/out"
printf 'id\ncrow\n' >clash.txt
run clap-classify sounds.h5 --labels clash.txt --wide
expect '--wide: a label called id' equal "$(head -1 "$work/out")" $'id\tstart_s\tend_s\tlabel.id\tcrow'
printf 'perc_bell.flac\ta bell\n' >phrases.tsv
refuses 64 '--wide: needs --labels' clap-classify sounds.h5 --phrases phrases.tsv --wide

# Events: two recordings of one name, in two folders. The thresholds are about the middle of what the synthetic model makes of
# the beeps.
mkdir day1 day2
beeps 1378400 day1/a.wav
beeps 480000 day2/a.wav
printf 'filename\tduration\nday1/a.wav\t172.3\nday2/a.wav\t60\n' >durations.tsv
printf 'crow\t-0.105\nsay "hi", rain\t-0.125\nbell\t-0.045\n' >thresholds.tsv
clap-embed -q day1 day2 --frames --short repeat --dtype f32 -o frames.h5
clap-classify frames.h5 --labels labels.txt --events --threshold -1 --scores scores.h5 -o all.tsv
events=(clap-classify frames.h5 --labels labels.txt --events --median 1 --thresholds thresholds.tsv)
quietly "${events[@]}" -o events.tsv
expect 'there are events' test "$(wc -l <events.tsv)" -gt 10
expect 'of several labels' test "$(tail -n +2 events.tsv | cut -f 4 | sort -u | wc -l)" -ge 2
# Truth of its own, with other times.
awk -F'\t' -v OFS='\t' 'NR == 1 { print; next } { $2 += 0.125; $3 += 0.125; if ($3 <= 60) print }' events.tsv | cut -f 1-4 >truth.tsv

evaluate() { clap-eval detection --events "0.5=$1" --truth "$2" --durations durations.tsv --merge-overlapping -q; }
by_scores() { clap-eval detection --scores scores.h5 --truth "$1" --durations durations.tsv --merge-overlapping -q; }
evaluate events.tsv truth.tsv >expected.tsv
# On the grid of frames, 0.3125 s, some criteria are met to the last digit, which rounding to milliseconds changes.
awk -F'\t' -v OFS='\t' 'NR > 1 { $2 = sprintf("%.3f", $2 + 1e-9); $3 = sprintf("%.3f", $3 + 1e-9) } { print }' events.tsv >rounded.tsv
by_scores rounded.tsv >expected_scores.tsv
expect 'the scores say something' test "$(awk -F'\t' '$1 ~ /macro$/ && $3 > 0' expected.tsv | wc -l)" -ge 1
detection=(clap-eval detection --events 0.5=events.tsv --truth truth.tsv --durations durations.tsv --merge-overlapping)
quietly "${detection[@]}" -o result.csv
expect 'clap-eval: CSV' equal "$(tr ',' '\t' <result.csv | head -3)" "$(head -3 expected.tsv)"
quietly "${detection[@]}" -o result.jsonl
expect 'clap-eval: a row per line' equal "$(grep -c '^{"metric": ' result.jsonl)" $(($(wc -l <expected.tsv) - 1))
quietly "${detection[@]}" -o result.json
expect 'clap-eval: one object' equal "$(wc -l <result.json)$(head -c 2 result.json)" '1{"'
quietly "${events[@]}" -o events.csv
expect 'CSV: the same scores' cmp <(evaluate events.csv truth.tsv) expected.tsv

for format in audacity raven textgrid elan reaper srt rttm; do
  quietly "${events[@]}" --format $format -o "labels_$format/"
  expect "$format: a file per recording" test "$(find "labels_$format" -name 'a.*' | wc -l)" -eq 2
  expect "$format: a table" equal "$(cut -f 1,2 "labels_$format/recordings.tsv")" "$(<durations.tsv)"
  expect "$format: the same scores" cmp <(evaluate "labels_$format" truth.tsv) expected.tsv
  expect "$format: the same scores as truth" cmp <(by_scores "labels_$format") expected_scores.tsv
  refuses 73 "labels_$format/: exists; use --force" "${events[@]}" --format $format -o "labels_$format/"
  quietly "${events[@]}" --format $format -o "labels_$format" --force
  touch "labels_$format/mine"
  refuses 73 'exists and has other files than labels' "${events[@]}" --format $format -o "labels_$format/" --force
  expect "$format: nothing changed" test -e "labels_$format/mine"
done
expect 'the table serves as durations' cmp \
  <(clap-eval detection --events 0.5=labels_srt --truth labels_rttm --durations labels_raven/recordings.tsv --merge-overlapping) \
  <(evaluate labels_srt labels_rttm)

# One file of several recordings, or of one.
for format in raven rttm; do
  quietly "${events[@]}" --format $format -o "both.$format.txt"
  expect "$format: two recordings, the same scores" cmp <(evaluate "both.$format.txt" truth.tsv) expected.tsv
done
quietly "${events[@]}" -o both.rttm
expect 'RTTM: ten fields' awk 'NF != 10 || $1 != "SPEAKER" { exit 1 }' both.rttm
for format in audacity textgrid elan reaper srt; do
  refuses 64 "--format: $format holds one recording per file, not 2; give -o a folder" "${events[@]}" --format $format
done
one=(clap-classify day1/a.wav --labels labels.txt --events --median 1 --thresholds thresholds.tsv)
quietly "${one[@]}" -o one.tsv
for pair in audacity:txt raven:txt textgrid:TextGrid elan:eaf reaper:csv srt:srt rttm:rttm; do
  file=a.${pair#*:}
  quietly "${one[@]}" --format "${pair%:*}" -o "$file" --force
  run "${one[@]}" --format "${pair%:*}"
  [[ $pair == elan:* ]] || expect "$pair: the same on standard output" cmp "$work/out" "$file"
  run clap-eval detection --events "0.5=$file" --truth one.tsv --durations durations.tsv --basenames --merge-overlapping
  expect "$pair: two recordings called a.wav" exits 65
  run clap-eval detection --events "0.5=$file" --truth one.tsv --durations <(head -2 durations.tsv) --basenames --merge-overlapping
  expect "$pair: recognised by its file's name" exits 0
done
quietly "${one[@]}" -o named.TextGrid
expect 'a name stands for its format' cmp named.TextGrid a.TextGrid
quietly "${one[@]}" -o named.srt
expect 'SRT' cmp named.srt a.srt

# Parts of a recording, with gaps between, are one.
run clap-classify day1/a.wav --labels labels.txt --events --hop 60 --threshold -1 --format audacity
expect 'parts of a recording' equal "$(cut -f 1,2 "$work/out" | uniq | tr '\t\n' '- ')" \
  '0.000-10.000 60.000-70.000 120.000-130.000 '

# Times to the millisecond.
expect 'milliseconds' equal "$(awk -F'\t' 'NR > 1 { printf "%.0f %.0f %s\n", $2 * 1000 + 1e-6, $3 * 1000 + 1e-6, $4 }' one.tsv)" \
  "$("${one[@]}" --format audacity | awk -F'\t' '{ printf "%.0f %.0f %s\n", $1 * 1000, $2 * 1000, $3 }')"

# No event at all, grounding, plots of the truth, and a recording that fails.
for format in audacity raven textgrid elan reaper srt rttm; do
  run clap-classify frames.h5 --labels labels.txt --events --threshold 1 --format $format -o "none_$format/"
  expect "$format: no events" exits 0
  quietly clap-eval detection --events "0.5=none_$format" --events 0.4=events.tsv --truth truth.tsv --durations durations.tsv --merge-overlapping
done
quietly clap-classify day1/a.wav --labels labels.txt --grounding --threshold 0.4 --format srt
quietly clap-classify day1/a.wav --labels labels.txt --events --thresholds thresholds.tsv --plot p.svg --truth labels_audacity -o p.tsv
quietly clap-classify day1/a.wav --labels labels.txt --events --thresholds thresholds.tsv --plot p.svg --truth a.txt -o p.tsv --force
expect 'plots show the labels' grep -q 'in the ground truth' p.svg
make_wav nan.wav 640000 1 nan
run clap-classify nan.wav day1/a.wav --labels labels.txt --events --threshold -1 --format textgrid -o some/
expect 'a recording that fails' exits 1
expect 'is not in the folder' equal "$(find some -type f | sort | tr '\n' ' ')" 'some/day1/a.TextGrid some/recordings.tsv '
run clap-classify nan.wav --labels labels.txt --events --threshold -1 --format textgrid -o none/
expect 'none is left' exits 66
expect 'no folder appears' not test -e none
expect 'nothing hidden is left' equal "$(find . -name '.*' ! -name .)" ''

# Damaged labels: one line that names file and line.
while IFS=$'\t' read -r file text reason; do
  printf '%b' "$text" >"$file"
  refuses 65 "$file: $reason" clap-eval detection --events 0.5=events.tsv --truth "$file" --durations durations.tsv
done <<'TABLE'
bad.txt	0\t1\tcrow\n1\tx\tcrow\n	line 2: 'x' is not a time
bad.srt	1\n00:00:02,000 --> 00:00:01,000\ncrow\n	line 2: an event that ends before it begins
bad.rttm	SPEAKER a 1 0 1 <NA>\n	line 1: has 6 fields, not 10
word.srt	crow\n	line 1: neither the number nor the times of a subtitle
word.eaf	crow\n	line 1: XML: syntax error
word.TextGrid	\n	line 2: the file ends too early
bad.csv	#,Name,Start,End,Length\nR1,crow,5.1.00,9.1.00,4\n	line 2: '5.1.00' is not a time
bad.eaf	<ANNOTATION_DOCUMENT>\n<TIER>\n	line 3: XML: no element found
bad.TextGrid	File type = "ooTextFile"\nObject class = "TextGrid"\nxmin = 0\n	line 4: the file ends too early
bad.selections.txt	Begin Time (s)\tEnd Time (s)\tAnnotation\n2\t1\tcrow\n	line 2: an event that ends before it begins
TABLE
mkdir empty
refuses 66 'empty: is a folder without labels' clap-eval detection --events 0.5=events.tsv --truth empty --durations durations.tsv

# Other programs read them.
if command -v python3 >/dev/null; then
  cat >check.py <<'PYTHON'
import csv, json, sys, xml.etree.ElementTree as xml

plain = [line.rstrip("\n").split("\t") for line in open("plain.tsv")]
rows = list(csv.reader(open("plain.csv", newline="")))
assert rows == plain, "CSV"
assert [dict(zip(plain[0], row)) for row in plain[1:]] == \
    [{k: v if isinstance(v, str) else None for k, v in one.items()} | {k: row[plain[0].index(k)] for k in ("start_s", "end_s", "rank", "score")}
     for one, row in zip(map(json.loads, open("plain.jsonl")), plain[1:])], "JSON Lines"

events = [line.rstrip("\n").split("\t")[:4] for line in open("one.tsv")][1:]
wanted = sorted((label, round(float(onset) * 1000 + 1e-6), round(float(offset) * 1000 + 1e-6)) for _, onset, offset, label in events)
root = xml.parse("a.eaf").getroot()
slots = {slot.get("TIME_SLOT_ID"): int(slot.get("TIME_VALUE")) for slot in root.iter("TIME_SLOT")}
assert list(slots.values()) == sorted(slots.values()), "slots in order"
found = sorted((a.find("ANNOTATION_VALUE").text, slots[a.get("TIME_SLOT_REF1")], slots[a.get("TIME_SLOT_REF2")])
               for a in root.iter("ALIGNABLE_ANNOTATION"))
assert found == wanted, "EAF"
assert root.find("HEADER/MEDIA_DESCRIPTOR").get("MEDIA_URL") == "day1/a.wav"
regions = list(csv.DictReader(open("a.csv", newline="")))
assert [r["Name"] for r in regions] == [e[3] for e in events], "REAPER"
PYTHON
  run python3 check.py
  expect "Python's csv, json and xml read them" exits 0
else
  echo 'python3 is not installed: it read nothing'
fi
finish
