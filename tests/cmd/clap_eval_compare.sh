#!/usr/bin/env bash
# usage: clap_eval_compare.sh BIN SOURCE [SHARED]
# clap-eval compare: two results, and the scores of two systems. The numbers of the bootstrap are those of comparison_test.cpp.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
unset GITHUB_ACTIONS GITHUB_STEP_SUMMARY
field() { awk -F'\t' -v m="$1" -v c="$2" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next } $1 == m && $2 == "" { print $at[c] }' "$work/out"; }

# Two results: what only one of them has, values by class, what is not defined.
printf '{"top1": 0.5, "top1.ci_low": 0.4, "only_a": 1, "bad": "nan", "best": "inf", "per_class": {"ap": {"dog": 0.25, "cat": 1}}}\n' >a.json
printf '{"top1": 0.625, "bad": 1, "best": 2, "only_b": 3, "per_class": {"ap": {"dog": 0.5}}, "provenance": {"x": "y"}}\n' >b.json
quietly clap-eval compare a.json b.json
expect 'two results' prints $'metric\tclass\ta\tb\tdifference\tci_low\tci_high\tp
top1\t\t0.5\t0.625\t0.125\t\t\t
only_a\t\t1\t\t\t\t\t
bad\t\tnan\t1\t\t\t\t
best\t\tinf\t2\t-inf\t\t\t
ap\tdog\t0.25\t0.5\t0.25\t\t\t
ap\tcat\t1\t\t\t\t\t
only_b\t\t\t3\t\t\t\t'
quietly clap-eval compare a.json b.json --metric top1 --json
expect 'JSON' grep -q '^{"top1":{"a":0.5,"b":0.625,"difference":0.125},"provenance":{"tool":"clap-eval .*"a":"a.json","b":"b.json"}}$' "$work/out"
quietly clap-eval compare a.json b.json --metric ap --format csv --no-header
expect 'CSV' prints $'ap,dog,0.25,0.5,0.25,,,\nap,cat,1,,,,,'
quietly clap-eval compare a.json b.json --metric top1 --markdown
expect 'Markdown' prints '| metric | class | a.json | b.json | difference | 95 % interval | p |
|---|---|---:|---:|---:|---|---:|
| top1 |  | 0.5 | 0.625 | 0.125 |  |  |'
cp "$work/out" expected.md
quietly clap-eval compare a.json b.json --metric top1 -o result.md
expect 'Markdown by name' cmp -s expected.md result.md
quietly clap-eval compare a.json b.json -o result.json
expect 'JSON by name' grep -q '^{"top1":{' result.json
run clap-eval compare b.json a.json --max-drop top1=0.1 --junit gates.xml
expect 'a drop' exits 1
expect 'a drop: which' says 'top1: 0.5 is more than 0.1 below the 0.625 of b.json'
expect 'a drop: XML' grep -q 'tests="1" failures="1"' gates.xml
quietly clap-eval compare a.json b.json --max-drop top1=0
run env GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY="$PWD/summary.md" clap-eval compare b.json a.json --max-drop top1=0.1
expect 'annotation' grep -q '^::error title=clap-eval compare::top1: ' "$work/err"
expect 'summary' grep -q '^| top1 |  | 0.625 | 0.5 | -0.125 |' summary.md

# The scores of two systems: the rows in another order.
a=(1 0 1 0 0 1 0 0 1 0 1 0) b=(1 1 1 0 1 0 1 0 1 1 1 0)
letters=(a b c d e f g h i j k l)
rows() {  # FLAG...: a row per clip, right or wrong
  local i=0 flag
  for flag; do printf 'clip%s.wav %d %d\n' "${letters[i++]}" "$flag" "$((1 - flag))"; done
}
{ echo 'id dog cat'; rows "${a[@]}"; } >a.txt
{ echo 'id dog cat'; rows "${b[@]}" | sort -r; } >b.txt
make_scores a.h5 f4 <a.txt
make_scores b.h5 f4 <b.txt
{ echo id,label; cut -d ' ' -f 1 a.txt | tail -n +2 | sed 's/$/,dog/'; } >labels.csv
pair=(clap-eval compare a.h5 b.h5 --task classification --truth labels.csv)
quietly "${pair[@]}" --ci 500 --seed 7
expect 'difference' equal "$(field top1 difference)" 0.25
expect 'interval' equal "$(field top1 ci_low) $(field top1 ci_high)" '-0.04375 0.583333'
expect 'p' equal "$(field top1 p)" 0.0978044
expect 'counts have no interval' equal "$(field n_clips difference)$(field n_clips p)" 0
quietly clap-eval compare b.h5 a.h5 --task classification --truth labels.csv --ci 500 --seed 7
expect 'the other way round' equal "$(field top1 difference) $(field top1 ci_low) $(field top1 p)" '-0.25 -0.583333 0.0978044'
quietly "${pair[@]}" --json
expect 'a thousand resamples unless asked for others' grep -q '"resamples":"1000","seed":"1"' "$work/out"
expect 'what was compared' grep -q '"task":"classification","truth":"labels.csv","clips":"12"' "$work/out"
quietly "${pair[@]}" --markdown --metric top1 --ci 500 --seed 7
expect 'Markdown: the bootstrap' grep -qF '| top1 |  | 0.416667 | 0.666667 | 0.25 | [-0.04375, 0.583333] | 0.0978044 |' "$work/out"
expect 'Markdown: a note' grep -qxF '500 paired resamples, seed 7; * p &lt; 0.05.' "$work/out"
quietly clap-eval compare --task classification --truth labels.csv --metric top1 --max-drop top1=0 --ci 20 a.h5 b.h5
expect 'arguments may come last' equal "$(field top1 b)" 0.666667
quietly "${pair[@]}" --plot plot.svg
expect 'plot' grep -q '^<svg .*b.h5 minus a.h5' plot.svg
if command -v xmllint >/dev/null; then expect 'plot: well formed' xmllint --noout plot.svg; fi

# Other tasks, by the options of their subcommands.
data=$source_dir/tests/data/metrics
sed_case=$data/sed/edge_ragged
quietly clap-eval compare "$sed_case/scores.h5" "$sed_case/scores.h5" --task detection --truth "$sed_case/ground_truth.tsv" \
  --durations "$sed_case/durations.tsv" --median 3 --psds name=mine --ci 10 --metric mine --metric psds1
expect 'detection: a system and itself' equal "$(field mine difference) $(field psds1 ci_high) $(field psds1 p)" '0 0 1'
value=$(field psds1 a)
quietly clap-eval detection --scores "$sed_case/scores.h5" --truth "$sed_case/ground_truth.tsv" --durations "$sed_case/durations.tsv" \
  --median 3 --metric psds1
expect 'detection: as the subcommand' equal "$(awk -F'\t' '$1 == "psds1" && $2 == "" { print $3 }' "$work/out")" "$value"
for task in scenes tagging retrieval grounding; do
  case $task in
    scenes) folder=$data/cls/three_classes files=(--truth "$data/cls/three_classes/labels.csv") ;;
    tagging) folder=$data/tag/ties files=(--truth "$data/tag/ties/tags.tsv") ;;
    grounding) folder=$data/ground/one_audio files=(--truth "$data/ground/one_audio/ground_truth.tsv" --durations "$data/ground/one_audio/durations.tsv") ;;
    retrieval) folder=. files=(--truth captions.csv) ;;
  esac
  if [[ $task == retrieval ]]; then
    make_scores scores.h5 f4 <<<$'id t0 t1\nx 1 0\ny 0 1'
    printf 'audio_id\nx\ny\n' >captions.csv
  fi
  quietly clap-eval compare "$folder/scores.h5" "$folder/scores.h5" --task "$task" "${files[@]}" --ci 5 --json
  expect "$task: differences of a system and itself" equal "$(grep -o '"difference":[^,}]*' "$work/out" | grep -v null | sort -u)" '"difference":0.0'
done

# What cannot be.
refuses 64 '--task' clap-eval compare a.h5 b.h5 --task probe --truth labels.csv
refuses 64 '--truth' clap-eval compare a.h5 b.h5 --task classification
refuses 64 '--truth: needs --task' clap-eval compare a.json b.json --truth labels.csv
refuses 64 '--median: is not an option of classification' "${pair[@]}" --median 3
refuses 64 '--ci-scheme' "${pair[@]}" --ci-scheme balanced
refuses 64 'cannot be read twice' clap-eval compare - b.h5 --task classification --truth labels.csv
refuses 64 "there is no metric 'psds1'" "${pair[@]}" --metric psds1
refuses 64 "there is no metric 'x'" clap-eval compare a.json b.json --metric x
refuses 64 'B is required' clap-eval compare a.json
refuses 64 '--markdown' clap-eval compare a.json b.json --markdown --json
refuses 64 'the name promises' clap-eval compare a.json b.json --markdown -o x.csv
refuses 65 'only_b' clap-eval compare a.json b.json --max-drop only_b=0
refuses 65 'a.txt: not valid JSON' clap-eval compare a.txt b.json
printf '{"provenance": {}}\n' >empty.json
refuses 65 'empty.json: is not a result of --json' clap-eval compare empty.json b.json
refuses 66 'nowhere.json' clap-eval compare nowhere.json b.json
refuses 66 'nowhere.h5' clap-eval compare a.h5 nowhere.h5 --task classification --truth labels.csv
refuses 64 'b.json' clap-eval compare a.json b.json -o b.json --force
refuses 73 'result.json' clap-eval compare a.json b.json -o result.json
make_scores other.h5 f4 <<<$'id dog cat\nelse.wav 1 0'
refuses 65 'are not among those scored' clap-eval compare a.h5 other.h5 --task classification --truth labels.csv --max-missing 99
finish
