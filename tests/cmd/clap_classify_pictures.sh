#!/usr/bin/env bash
# usage: clap_classify_pictures.sh BIN SOURCE [SHARED]
# clap-classify --events --plot and --report: spectrogram, frame scores, events and ground truth.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

make_tiny_model
printf 'crow\nrain\nbell\n' >labels.txt
bell=$clips/perc_bell.flac
classify=(clap-classify --labels labels.txt --events --no-header)

# texts FILE: what is written in a picture, one a line.
texts() { sed 's/<text/\n<text/g' "$1" | sed -n 's/^<text[^>]*>\([^<]*\)<.*/\1/p'; }
has_text() { texts "$1" | grep -qxF -- "$2"; }
tooltips() { sed 's/<title/\n<title/g' "$1" | sed -n 's/^<title>\([^<]*\)<.*/\1/p'; }
pictures() { grep -o '<svg ' "$1" | wc -l; }
images() { grep -o '<image ' "$1" | wc -l; }
whole() { [[ $(tail -n 1 "$1") == "$2" ]] && ! grep -qE 'nan|inf[^o]' <(tooltips "$1"); }

printf 'filename\tonset\toffset\tevent_label\nperc_bell.flac\t1\t2.5\tbell\nperc_bell.flac\t0\t1\tsiren\n' >truth.tsv
run "${classify[@]}" "$bell" --threshold -0.1 --plot bell.svg --truth truth.tsv
expect 'a picture' exits 0
expect 'of one recording: no message' says_nothing
expect 'the same events are printed' equal "$(clap-classify "$bell" --labels labels.txt --events --threshold -0.1 --no-header)" "$(<"$work/out")"
expect 'whole' whole bell.svg '</svg>'
for text in "$bell" crow rain bell siren 'threshold -0.1' 'ground truth' 'mel frequency (Hz)'; do
  expect "it says $text" has_text bell.svg "$text"
done
expect 'truth where it belongs' grep -qx 'truth: bell, 1 s to 2.5 s' <(tooltips bell.svg)
awk -F'\t' '{ printf "detected: %s, %s s to %s s\n", $4, $2, $3 }' "$work/out" | sort >printed
expect 'some events' test -s printed
expect 'all events' equal "$(tooltips bell.svg | grep -c '^detected: ')" "$(wc -l <printed)"
expect 'a spectrogram and its scale' equal "$(images bell.svg)" 2
tar -C "$clips" -cf shard.tar perc_bell.flac
run "${classify[@]}" shard.tar --threshold -0.1 --plot member.svg
expect 'a member of a shard' exits 0
expect 'a member: its spectrogram' equal "$(grep -o '<image [^>]*' member.svg)" "$(grep -o '<image [^>]*' bell.svg)"
if command -v rsvg-convert >/dev/null; then
  run rsvg-convert bell.svg -o bell.png
  expect 'it can be drawn' exits 0
fi

expect 'it follows a dark screen' grep -q '<style>.*prefers-color-scheme: dark' bell.svg
for text in score 'level (dB)'; do expect "a scale: $text" has_text bell.svg "$text"; done
beeps 1640000 long.wav
run "${classify[@]}" long.wav --threshold -1 --plot long.svg --report long.html
expect 'a long recording' exits 0
for page in '0:00 – 2:00' '2:00 – 3:25'; do expect "page $page" has_text long.svg "$page"; done
expect 'its spectrogram three times, with scales' equal "$(images long.svg)" 6
expect 'in the report, too' has_text long.html '2:00 – 3:25'

run "${classify[@]}" "$clips" --plot first.svg --report all.html --truth truth.tsv
expect 'a folder' exits 0
expect 'what is not shown' says 'first.svg: shows 1 of 6 recordings'
expect 'that no event was found' says '0 events above '
expect 'and nothing else' says_lines 2
expect 'a section for each recording' equal "$(pictures all.html)" 6
expect 'the page is whole' whole all.html '</html>'
expect 'nothing is fetched' not grep -qE '(src|href)="(https?:|//|/)' all.html
expect 'the first one is the same' equal "$(texts first.svg | head -3)" "$(texts all.html | head -3)"
run "${classify[@]}" "$clips" --report again.html --truth truth.tsv --force --threads 1
expect 'threads change nothing but the command' cmp <(grep -v command all.html) <(grep -v command again.html)

many=()
for i in {1..31}; do
  ln -s "$clips/misc_crow.flac" "crow_$i.flac"
  many+=("crow_$i.flac")
done
run "${classify[@]}" "${many[@]}" nowhere.wav --report many.html
expect 'a recording that fails' exits 1
expect 'pictures of 30' equal "$(pictures many.html)" 30
expect 'says so' says 'many.html: shows 30 of 31 recordings'
expect 'and on the page' grep -q 'shows 30 of 31 recordings' many.html
run "${classify[@]}" crow_1.flac --plot crow.svg --truth truth.tsv
expect 'a truth of other recordings' says 'truth.tsv: names none of the recordings'

clap-embed -q "$bell" --frames --short repeat -o bell.h5
run "${classify[@]}" bell.h5 --threshold -0.1 --plot from_file.svg --truth truth.tsv
expect 'from an embedding file' exits 0
expect 'without spectrogram' equal "$(images from_file.svg)" 0
expect 'the same events' equal "$(tooltips from_file.svg | grep -c '^detected: ')" "$(wc -l <printed)"
run "${classify[@]}" "$bell" --window 2 --hop 4 --report parts.html --threshold -1
expect 'parts between gaps' exits 0
expect 'are told apart' has_text parts.html "$bell, from 4 s"
expect 'thirty seconds are not invented' equal "$(pictures parts.html)" 2
run clap-classify "$bell" --labels labels.txt --grounding --threshold 0.5 --plot sigmoid.svg --no-header
expect 'grounding' exits 0

refuses 73 'bell.svg: ' "${classify[@]}" "$bell" --plot bell.svg
refuses 66 'nowhere.tsv' "${classify[@]}" "$bell" --plot x.svg --truth nowhere.tsv
printf 'filename\tonset\toffset\tevent_label\nx.wav\t3\t1\tbell\n' >backwards.tsv
refuses 65 'backwards.tsv: line 2' "${classify[@]}" "$bell" --plot x.svg --truth backwards.tsv
refuses 73 'nowhere/x.svg' "${classify[@]}" "$bell" --plot nowhere/x.svg
expect 'no picture of a run that failed' not test -e x.svg
finish
