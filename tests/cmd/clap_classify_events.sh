#!/usr/bin/env bash
# usage: clap_classify_events.sh BIN SOURCE [SHARED]
# clap-classify --events on long recordings: overlapping windows, filled tails, filters, grounding.
# shellcheck disable=SC2016  # programs of awk
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

make_tiny_model
printf 'crow\nrain\nbell\n' >labels.txt

# on_grid END: onsets are whole frames, offsets too or the end of the recording, none is beyond.
on_grid() {
  awk -F'\t' -v end="$1" '
    function whole(t) { return t / 0.3125 == int(t / 0.3125) }
    NR > 1 && !(whole($2) && (whole($3) || $3 == end) && $2 < $3 && $3 <= end) { exit 1 }
    END { if (NR < 2) exit 1 }' "$work/out"
}

# 172.3 s: the last window is 2.3 s long, and ends inside a frame.
beeps 1378400 long.wav
# About the middle of what the synthetic model makes of the beeps, and its sigmoid.
printf 'crow\t-0.105\nrain\t-0.125\nbell\t-0.045\n' >cosines.tsv
awk -F'\t' -v OFS='\t' '{ print $1, 1 / (1 + exp(-$2)) }' cosines.tsv >sigmoids.tsv
for hop in 10 5 7 2.5; do
  clap-embed -q long.wav --frames --short repeat --hop $hop --dtype f32 -o frames_$hop.h5
  clap-classify frames_$hop.h5 --labels labels.txt --events --thresholds cosines.tsv >from_file.tsv
  run clap-classify long.wav --labels labels.txt --events --hop $hop --thresholds cosines.tsv
  expect "hop $hop: events" exits 0
  expect "hop $hop: events of a recording and of its embedding file are the same" cmp "$work/out" from_file.tsv
  expect "hop $hop: times on the grid" on_grid 172.3
  cp "$work/out" events_$hop.tsv
done
# phases FILE: events in the middle, which only whole windows see, by their place in the period of 5 s.
phases() { awk -F'\t' -v OFS='\t' '$2 >= 20 && $3 <= 150 { n = int($2 / 5) * 5; print $2 - n, $3 - $2, $4, $5 }' "$1" | sort; }
expect 'hop 5: a sound of 5 s gives the same events every 5 s' \
  awk '$1 < 25 || $1 > 27 { exit 1 } END { if (NR == 0) exit 1 }' <(phases events_5.tsv | uniq -c)
expect 'hop 10: every 10 s' test "$(phases events_10.tsv | uniq -c | awk '{ print $1 }' | sort -n | head -1)" -ge 12
expect 'windows that overlap change the scores' not cmp -s events_5.tsv events_10.tsv

# What a recording is filled with is no event: at threshold -1 all of it is one event, which ends with it.
for short in zero repeat stretch; do
  for samples in 1000 18400 80000 98400; do
    beeps $samples short.wav
    end=$(awk "BEGIN { print $samples / 8000 }")
    run clap-classify short.wav --labels labels.txt --events --short $short --threshold -1 --no-header
    expect "$short, $samples samples: one event a label" \
      equal "$(cut -f 2,3 "$work/out" | sort | uniq -c | tr -s ' ')" " 3 0	$end"
  done
done
run clap-classify long.wav --labels labels.txt --events --hop 60 --threshold -1 --no-header
expect 'windows with gaps: parts of their own' \
  equal "$(cut -f 2,3 "$work/out" | uniq | tr '\t\n' '- ')" '0-10 60-70 120-130 '
refuses 65 'long.wav: has several rows' clap-classify long.wav --labels labels.txt --events --hop 60 --scores gaps.h5 -o gaps.tsv
expect 'no file' not test -e gaps.h5

# Frames of overlapping windows are one row of a score file.
quietly clap-classify long.wav --labels labels.txt --events --hop 5 --scores scores.h5 -o unused.tsv -q
expect 'one row' equal "$(h5_check strings scores.h5 id)" long.wav

# The same in a folder of tables for sed_scores_eval; what clap-eval makes of the folder and of the file.
quietly clap-classify long.wav --labels labels.txt --events --hop 5 --scores tables/ -o unused2.tsv -q
expect 'a table named without its extension' equal "$(ls -A tables)" long.tsv
expect 'its columns' equal "$(head -n 1 tables/long.tsv)" $'onset\toffset\tcrow\train\tbell'
expect 'its times' equal "$(sed -n 3p tables/long.tsv | cut -f 1,2)" $'0.3125\t0.625'
printf 'filename\tonset\toffset\tevent_label\nlong.wav\t5\t6\tcrow\nlong.wav\t20\t22\train\nlong.wav\t30\t33.5\tbell\n' >truth.tsv
printf 'filename\tduration\nlong.wav\t172.3\n' >durations.tsv
for scores in scores.h5 tables; do
  quietly clap-eval detection --scores "$scores" --truth truth.tsv --durations durations.tsv
  cp "$work/out" "metrics_$scores"
done
expect 'metrics are equal' cmp metrics_scores.h5 metrics_tables
refuses 73 'tables/: exists' clap-classify long.wav --labels labels.txt --events --scores tables/ -o unused3.tsv
quietly clap-classify long.wav --labels labels.txt --events --scores tables -o unused3.tsv -q --force
expect 'another hop, other scores' not cmp -s metrics_tables <(clap-eval detection --scores tables --truth truth.tsv --durations durations.tsv)
echo mine >tables/notes.txt
refuses 73 'tables/: exists and has other files than tables of scores' \
  clap-classify long.wav --labels labels.txt --events --scores tables/ -o unused4.tsv --force
expect 'which are left' test -s tables/notes.txt -a -s tables/long.tsv
refuses 64 '--scores: can be a folder of tables only with --events' clap-classify long.wav --labels labels.txt --scores new/ -o unused4.tsv
mkdir twins
cp long.wav twins/
refuses 65 "long.tsv: would be the table of 'long.wav' and of 'twins/long.wav'" \
  clap-classify long.wav twins/long.wav --labels labels.txt --events --scores new/ -o unused4.tsv
expect 'no folder' not test -e new

# Filters: frames or seconds.
run clap-classify long.wav --labels labels.txt --events --thresholds cosines.tsv --median 0.9s
expect '0.9 s are 3 frames' cmp "$work/out" events_10.tsv
clap-classify long.wav --labels labels.txt --events --thresholds cosines.tsv --median 7 >seven.tsv
run clap-classify long.wav --labels labels.txt --events --thresholds cosines.tsv --median 2.2s
expect '2.2 s are 7 frames' cmp "$work/out" seven.tsv
expect 'which is another filter than 3' not cmp -s seven.tsv events_10.tsv
for bad in 0 -1 x 3x 0s nans 9999s 1.5 ''; do
  refuses 64 --median clap-classify long.wav --labels labels.txt --events "--median=$bad"
done
refuses 64 --max-gap clap-classify long.wav --labels labels.txt --events --max-gap nan
refuses 64 --min-duration clap-classify long.wav --labels labels.txt --events --min-duration -1
refuses 64 '--pool: leaves no frames' clap-classify long.wav --labels labels.txt --events --pool mean
run clap-classify long.wav --labels labels.txt --events --pool first --threshold -1 --no-header
expect 'the first window only' equal "$(cut -f 2,3 "$work/out" | uniq)" $'0\t10'

# Bounding boxes instead of a filter: the threshold picks boxes and leaves their times.
boxes=(clap-classify --labels labels.txt --events --post csebbs --merge-threshold-abs 0.001)
quietly "${boxes[@]}" long.wav --threshold -1
cp "$work/out" boxes.tsv
expect 'boxes: not the events of the filter' not cmp -s boxes.tsv events_10.tsv
quietly "${boxes[@]}" frames_10.h5 --threshold -1
expect 'boxes: of a recording and of its embedding file' cmp "$work/out" boxes.tsv
quietly "${boxes[@]}" long.wav --thresholds cosines.tsv
expect 'boxes: above the threshold' test "$(wc -l <"$work/out")" -gt 1 -a "$(wc -l <"$work/out")" -lt "$(wc -l <boxes.tsv)"
expect 'boxes: each is one of all' equal "$(comm -23 <(sort "$work/out") <(sort boxes.tsv))" ''
printf 'label\tstep_filter_length\tmerge_threshold_abs\tmerge_threshold_rel\nrain\t2\tinf\tinf\n' >parameters.tsv
quietly "${boxes[@]}" long.wav --threshold -1 --post-parameters parameters.tsv
of() { awk -F'\t' -v label="$1" '$4 == label' "$2"; }
expect 'boxes: parameters of a class' not equal "$(of rain "$work/out")" "$(of rain boxes.tsv)"
expect 'boxes: the others stay' equal "$(of crow "$work/out")" "$(of crow boxes.tsv)"
refuses 64 '--median: cannot go with --post csebbs' "${boxes[@]}" long.wav --median 3
refuses 64 '--max-gap: cannot go with --post csebbs' "${boxes[@]}" long.wav --max-gap 1
refuses 64 '--grounding: cannot go with --post csebbs' "${boxes[@]}" long.wav --grounding
refuses 64 '--post: needs --events' clap-classify long.wav --labels labels.txt --post csebbs
refuses 64 '--post-parameters: needs --post csebbs' clap-classify long.wav --labels labels.txt --events --post-parameters parameters.tsv
refuses 65 "labels.txt: column 'label' is missing" "${boxes[@]}" long.wav --post-parameters labels.txt

# Grounding: a sigmoid is above that of the threshold where the cosine is; without filter and gaps only the scores differ.
# gaps_up_to SECONDS: whether an event begins so soon after one of its label.
gaps_up_to() {
  awk -F'\t' -v most="$1" '($4 in last) && $2 - last[$4] <= most { found = 1 } { last[$4] = $3 } END { exit !found }' "$work/out"
}
grounding=(clap-classify long.wav --labels labels.txt --grounding --thresholds sigmoids.tsv)
clap-classify long.wav --labels labels.txt --events --thresholds cosines.tsv --median 1 | cut -f 1-4 >detected.tsv
run "${grounding[@]}" --median 1 --max-gap 0
expect 'the sigmoid' cmp <(cut -f 1-4 "$work/out") detected.tsv
expect 'is the score' awk -F'\t' 'NR > 1 && !($5 > 0.46 && $5 < 0.51) { exit 1 }' "$work/out"
run "${grounding[@]}" --no-header --max-gap 0
expect 'there are gaps of two frames' gaps_up_to 0.625
run "${grounding[@]}" --no-header --events
expect 'which are joined' not gaps_up_to 0.625
expect 'but not all' test "$(wc -l <"$work/out")" -gt 30

# Damage: of a recording that fails there is no event.
make_wav nan.wav 640000 1 nan
run clap-classify nan.wav short.wav --labels labels.txt --events --threshold -1 --no-header
expect 'a recording that is not a number' exits 1
expect 'is named' says 'nan.wav'
expect 'the other one has its events' equal "$(cut -f 1 "$work/out" | uniq)" short.wav
printf 'id start_s end_s vector frames\nx.wav 0 1e9 1,0 1,0;0,1\n' |
  make_embeddings long_row.h5 audio "$(attribute frames_10.h5 model_sha256)" 0.3125
run clap-classify long_row.h5 --labels labels.txt --events
expect 'a row that its frames do not fill' exits 65
printf 'id start_s end_s vector frames\nx.wav 0 0.1 1,0 1,0\n' |
  make_embeddings hop.h5 audio "$(attribute frames_10.h5 model_sha256)" 0.00001
refuses 65 'hop.h5: its frames are not a simple fraction' clap-classify hop.h5 --labels labels.txt --events

# Interrupted: no file appears, and no event of a recording that was not seen whole.
many=()
for i in {1..400}; do
  ln -s long.wav "long_$i.wav"
  many+=("long_$i.wav")
done
for table in interrupted.tsv -; do
  clap-classify "${many[@]}" --labels labels.txt --events --thresholds cosines.tsv -o $table --scores i.h5 >"$work/out" 2>"$work/err" &
  pid=$!
  sleep 4
  kill -TERM "$pid"
  code=0
  wait "$pid" || code=$?
  expect "$table: SIGTERM" exits 143
  expect 'no score file' not test -e i.h5
  expect 'no table' not test -e interrupted.tsv
  expect 'nothing else is left' equal "$(find . -name '*interrupted*' -o -name '*i.h5*')" ''
done
count=$(($(wc -l <events_10.tsv) - 1))
expect 'whole recordings only' test $(($(tail -n +2 "$work/out" | wc -l) % count)) -eq 0 -a -s "$work/out"
finish
