#!/usr/bin/env bash
# usage: clap_eval_gates.sh BIN SOURCE [SHARED]
# Of each subcommand of clap-eval: what is missing fails, also beside a baseline, unless --max-missing lets it pass; tables have
# six significant digits, JSON all.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
unset GITHUB_ACTIONS GITHUB_STEP_SUMMARY

# Three clips; of c.wav there are no scores, because it failed (NAME_f.h5) or for an unknown reason (NAME_u.h5).
scores() {  # NAME [FRAMES]
  local table
  table=$(cat)
  make_scores "$1_f.h5" f4 "${2:-0}" c.wav <<<"$table"
  make_scores "$1_u.h5" f4 "${2:-0}" <<<"$table"
}
scores clips <<<$'id dog cat\na.wav 1 0\nb.wav 0 1'
printf 'id,label\na.wav,dog\nb.wav,cat\nc.wav,cat\n' >labels.csv
printf 'filename\tevent_labels\na.wav\tdog\nb.wav\tcat\nc.wav\tcat\n' >tags.tsv
scores frames 4 <<<$'id dog cat\na.wav 1,1,0,0 0,0,0,0\nb.wav 0,0,0,0 0,0,1,1'
printf 'filename\tonset\toffset\tevent_label\na.wav\t0\t2\tdog\nb.wav\t2\t4\tcat\nc.wav\t0\t1\tcat\n' >truth.tsv
printf 'filename\tduration\na.wav\t4\nb.wav\t4\nc.wav\t4\n' >durations.tsv
scores items 4 <<<$'id -\na.wav 9,9,-9,-9\nb.wav -9,-9,9,9'
printf 'filename,onset,offset,event_label,audio_id\na.wav,0,2,dog,x/1.wav\nb.wav,2,4,cat,x/2.wav\nc.wav,2,4,cat,x/3.wav\n' >ground.csv
printf 'audio_id,duration\nx/1.wav,4\nx/2.wav,4\nx/3.wav,4\n' >audios.csv
scores similar <<<$'id t0 t1 t2\na.wav 1 0 0\nb.wav 0 1 0'
printf 'audio_id\na.wav\nb.wav\nc.wav\n' >captions.csv
vectors=$'id start_s end_s vector\na.wav 0 10 1,0\nb.wav 0 10 0,1\nd.wav 0 10 1,0.1\ne.wav 0 10 0.1,1'
make_embeddings rows_u.h5 audio m1 <<<"$vectors"
make_embeddings rows_f.h5 audio m1 <<<"$vectors"$'\nc.wav 0 10 failed'
printf 'id,label,split\na.wav,dog,train\nb.wav,cat,train\nd.wav,dog,test\ne.wav,cat,test\nc.wav,cat,test\n' >split.csv

declare -A inputs=([classification]='--scores clips' [scenes]='--scores clips' [tagging]='--scores clips' [detection]='--scores frames'
  [grounding]='--scores items' [retrieval]='--scores similar' [probe]='--embeddings rows')
declare -A truths=([classification]='--truth labels.csv' [scenes]='--truth labels.csv' [tagging]='--truth tags.tsv'
  [detection]='--truth truth.tsv --durations durations.tsv' [grounding]='--truth ground.csv --durations audios.csv'
  [retrieval]='--truth captions.csv' [probe]='--truth split.csv --c 1')
declare -A metrics=([classification]=top1 [scenes]=top1 [tagging]=macro_map [detection]=psds1 [grounding]=psds1 [retrieval]=t2a.r1
  [probe]=top1)
for task in "${!inputs[@]}"; do
  metric=${metrics[$task]}
  printf '{"%s": 0.5}\n' "$metric" >base.json
  read -ra words <<<"${inputs[$task]}"
  read -ra truth <<<"${truths[$task]}"
  failed=(clap-eval "$task" "${words[0]}" "${words[1]}_f.h5" "${truth[@]}")
  unknown=(clap-eval "$task" "${words[0]}" "${words[1]}_u.h5" "${truth[@]}")
  drop=(--baseline base.json --max-drop "$metric=0")
  for gates in '' "${drop[*]}" "--min $metric=0"; do
    read -ra options <<<"$gates"
    run "${failed[@]}" "${options[@]}"
    expect "$task $gates: a clip failed" exits 1
    expect "$task $gates: which" says "n_missing: 1 is above the maximum of 0; without scores: 'c.wav'"
    expect "$task $gates: says only that" says_lines 1
    run "${failed[@]}" "${options[@]}" --max-missing 1
    expect "$task $gates: tolerated" exits 0
    refuses 65 "'c.wav' is not among those" "${unknown[@]}" "${options[@]}"
    run "${unknown[@]}" "${options[@]}" --max-missing 0
    expect "$task $gates: one too many" exits 1
    run "${unknown[@]}" "${options[@]}" --max-missing 1
    expect "$task $gates: as many as allowed" exits 0
  done
  printf '{"%s": 1000}\n' "$metric" >base.json
  run "${failed[@]}" "${drop[@]}" --max-missing 1
  expect "$task: a drop, with leave to miss one" exits 1
  expect "$task: a drop" says 'is more than 0 below the 1000 of base.json'
done

# compare: what either of two systems lacks.
make_scores all.h5 f4 <<<$'id dog cat\na.wav 1 0\nb.wav 0 1\nc.wav 0 1'
compare=(clap-eval compare --task classification --truth labels.csv --metric top1 --ci 20)
for pair in 'all.h5 clips_f.h5' 'clips_f.h5 all.h5'; do
  read -ra files <<<"$pair"
  run "${compare[@]}" "${files[@]}" --max-drop top1=0
  expect "compare $pair: fails" exits 1
  expect "compare $pair: which file" says "clips_f.h5: n_missing: 1 is above the maximum of 0; without scores: 'c.wav'"
  run "${compare[@]}" "${files[@]}" --max-drop top1=0 --max-missing 1
  expect "compare $pair: tolerated" exits 0
done
refuses 65 "'c.wav' is not among those scored" "${compare[@]}" all.h5 clips_u.h5
run "${compare[@]}" all.h5 clips_u.h5 --max-missing 1 --junit gates.xml
expect 'compare: unknown, tolerated' exits 0
expect 'compare: XML' grep -q 'clips_u.h5: n_missing &lt;= 1' gates.xml
printf '{"top1": 0.5, "n_missing": 2}\n' >two.json
printf '{"top1": 0.5, "n_missing": 0}\n' >none.json
run clap-eval compare none.json two.json
expect 'compare: results' exits 1
expect 'compare: results: which' says 'two.json: n_missing: 2 is above the maximum of 0'
run clap-eval compare none.json two.json --max-missing 2
expect 'compare: results, tolerated' exits 0

# Six digits in tables, all in JSON; whole numbers in full.
{ echo id dog cat; for i in {1..7}; do echo "x$i 1 0"; done; } >table
make_scores thirds.h5 f4 <table
{ echo id,label; for i in {1..7}; do [[ $i -le 4 ]] && echo "x$i,dog" || echo "x$i,cat"; done; } >thirds.csv
thirds=(clap-eval classification --scores thirds.h5 --truth thirds.csv --metric top1 --metric n_clips)
quietly "${thirds[@]}"
expect 'TSV' prints $'metric\tclass\tvalue\ntop1\t\t0.571429\nn_clips\t\t7'
quietly "${thirds[@]}" --format csv --no-header
expect 'CSV' prints $'top1,,0.571429\nn_clips,,7'
quietly "${thirds[@]}" --format jsonl
expect 'JSON Lines' prints $'{"metric": "top1", "class": "", "value": 0.5714285714285714}\n{"metric": "n_clips", "class": "", "value": 7}'
quietly "${thirds[@]}" --json -o thirds.json
expect 'JSON' grep -q '^{"top1":0.5714285714285714,"n_clips":7.0,' thirds.json
printf '{"big": 1234567, "small": 0.000012345678, "huge": 1.5e20}\n' >sizes.json
quietly clap-eval compare sizes.json sizes.json --no-header
expect 'whole numbers in full' equal "$(cut -f 1,3 "$work/out")" $'big\t1234567\nsmall\t1.23457e-05\nhuge\t1.5e+20'
finish
