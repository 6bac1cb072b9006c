#!/usr/bin/env bash
# usage: recipes_all.sh BIN SOURCE [SHARED]
# scripts/benchmarks/all on miniatures: what is there is run, what is done is not run again, and a page says how it went.
# shellcheck source=tests/cmd/recipes_lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/recipes_lib.sh"

# ESC-50 under its usual name, VGGSound with a segment that is gone and a damaged one, AudioCaps without its list.
mkdir -p data/ESC-50-master/meta data/vggsound data/AudioCaps
echo 'filename,fold,target,category,esc10,src_file,take' >data/ESC-50-master/meta/esc50.csv
for fold in 1 2; do
  for class in 0,dog 5,cat; do
    sound $((fold * 12 + ${class%,*})) "data/ESC-50-master/audio/$fold-${class%,*}.wav"
    echo "$fold-${class%,*}.wav,$fold,$class,False,1,A" >>data/ESC-50-master/meta/esc50.csv
  done
done
printf -- '---g-f_I2yQ,1,people marching,test\n--56QUhyDQM,185,"wind, rain",test\n-Missing000,5,"cat, meowing",test\n' >data/vggsound/vggsound.csv
sound 20 data/vggsound/---g-f_I2yQ_000001.wav
sound 15 data/vggsound/--56QUhyDQM_000185.wav
all=("$recipes/all" data --model tiny -o results)
cell() { awk -F' *[|] *' -v set="$1" -v metric="$2" -v column="$3" '$2 == set && $3 == metric { print $column }' results/summary.md; }

run "${all[@]}" --ci 5 --junit xml --report pages
expect 'one failed: exit code 1' exits 1
expect 'prints the page' cmp -s results/summary.md "$work/out"
ours=$(grep -o '"fold_averaged_accuracy":[^,]*' results/esc50.json | awk -F: '{ printf "%.6g", $2 }')
expect 'ours and the published' equal "$(cell ESC-50 fold_averaged_accuracy 4) $(cell ESC-50 fold_averaged_accuracy 6)" "$ours 0.949"
others='LAION-CLAP 0.9275 [1], 0.817 [2]; MS-CLAP 2022 0.826 [3]; MS-CLAP 2023 0.939 [4], 0.8985 [2]'
expect 'what others published' equal "$(cell ESC-50 fold_averaged_accuracy 7)" "$others"
expect 'and where' equal "$(grep -c '^- \[[1-4]\] ' results/summary.md)" 4
expect 'nothing others published' equal "$(cell VGGSound top1 7)" ''
expect 'an interval' grep -qE '^\| ESC-50 \| fold_averaged_accuracy \| [^|]+ \| \[[-0-9.e+]+, [-0-9.e+]+\] \|' results/summary.md
expect 'what is missing' equal "$(cell VGGSound top1 8)" '1 recordings are not there'
expect 'no published figure' equal "$(cell VGGSound top5 6)" ''
expect 'why one failed' grep -q '^| AudioCaps |.*failed: .*test.csv: missing' results/summary.md
expect 'what is not there' grep -q '^| Clotho |.*the data set is not in data |$' results/summary.md
expect 'a row for each of twelve' equal "$(grep -c '^| [A-Z][^|]*|' results/summary.md)" 13
expect 'gates and pages of each' test -s xml/esc50.xml -a -s pages/vggsound.html
if command -v xmllint >/dev/null; then expect 'HTML: well formed' xmllint --noout results/summary.html; fi
expect 'HTML: the figures' grep -q "<td>ESC-50</td><td>fold_averaged_accuracy</td><td class=\"number\">$ours</td>" results/summary.html
expect 'HTML: the others' grep -qF "<td>$others</td>" results/summary.html
expect 'HTML: and where' equal "$(grep -c '^\(<p>.*<br/>\)\?\[[1-4]\] ' results/summary.html)" 4
expect 'HTML: nothing from the net' not grep -qE 'src="http|href="http|<script' results/summary.html

# Every figure of the table is of a recipe and of a metric that this recipe prints, and has a source.
while IFS=$'\t' read -r recipe metric _ value source; do
  expect "published: $recipe $metric $value" grep -qE "^results .* $metric( |\$)" "$recipes/$recipe"
  expect "published: source $source" grep -q "^source	$source	" "$recipes/published.tsv"
done < <(grep -vE '^(#|source)' "$recipes/published.tsv")

# Resuming: what is complete stays, until an option or the model changes.
touch -d '2001-01-01' results/esc50.json
run "${all[@]}" --ci 5 --junit xml --report pages
expect 'again: not what is done' says 'all: esc50: done before'
expect 'again: the result stays' test results/esc50.json -ot data
expect 'again: what failed' says 'all: audiocaps: data/AudioCaps'
run "${all[@]}" --only esc50
expect 'other options: again' says 'all: esc50: data/ESC-50-master'
expect 'other options: only what is asked for' equal "$(grep -c '^| VGGSound' results/summary.md)" 0
expect 'only what works: exit code 0' exits 0
touch tiny/model.safetensors
run "${all[@]}" --only esc50
expect 'another model: again' says 'all: esc50: data/ESC-50-master'
rm results/esc50.json
run "${all[@]}" --only esc50
expect 'a result that is gone: again' says 'all: esc50: data/ESC-50-master'

# A baseline, and what cannot be read.
mkdir base
sed 's/"fold_averaged_accuracy":[0-9.]*/"fold_averaged_accuracy":1.5/' results/esc50.json >base/esc50.json
run "${all[@]}" --only esc50,vggsound --baseline base --max-drop 0.1
expect 'a drop: exit code 1' exits 1
expect 'a drop: on the page' grep -q '^| ESC-50 | fold_averaged_accuracy |.*is more than 0.1 below the 1.5 of base/esc50.json |$' results/summary.md
expect 'a drop: others are done' equal "$(cell VGGSound top1 9)" 'done'
echo no sound >data/vggsound/--56QUhyDQM_000185.wav
run "${all[@]}" --only vggsound --force
expect 'unread: exit code 1' exits 1
expect 'unread: on the page' grep -q '^| VGGSound | top1 |.*1 recordings are not there; 1 could not be read' results/summary.md
run "${all[@]}" --only vggsound --max-missing 1
expect 'unread: with leave' exits 0

refuses 64 'which DATA' "$recipes/all" --model tiny
refuses 64 'which --model' "$recipes/all" data
refuses 64 'there is no option --modle' "$recipes/all" data --modle tiny
refuses 64 '--max-drop needs --baseline' "${all[@]}" --max-drop 0
refuses 66 'nowhere: there is no such folder' "$recipes/all" nowhere --model tiny
refuses 66 'xml: holds none of the data sets' "$recipes/all" xml --model tiny -o results
run "$recipes/all" --help
expect '--help' grep -q '^usage: all DATA --model MODEL' "$work/out"
finish
