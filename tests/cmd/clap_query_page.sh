#!/usr/bin/env bash
# usage: clap_query_page.sh BIN SOURCE [SHARED]
# clap-query --html and --embed-audio: a page of hits with players and spectrograms.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

make_tiny_model
mkdir clips 'odd #1?'
odd=$'odd #1?/50% "q" \'s\' <b>&amp; \xc3\xbc:.wav'
beeps 160000 clips/long.wav
beeps 40000 "$odd"
tar -cf shard.tar --transform 's|.*|member.wav|' "$odd"
printf 'file\tlabel\n%s\t<i>dog</i>\n' "clips/long.wav" >list.tsv
clap-embed -q list.tsv "odd #1?" shard.tar "$clips/misc_crow.flac" --hop 5 -o s.h5
clap-index build s.h5 -o s.clapindex
rows() { grep -c '<li class="hit"' "$1"; }
sources() { sed -n 's/^<audio [^>]*src="\([^"]*\)".*/\1/p' "$1"; }
notes() { sed -n 's|^<p class="note">\(.*\)</p>$|\1|p' "$1"; }
# What a browser makes of a source: the file that it opens.
opened() { printf '%b' "$(sed -E 's/#.*//; s|^file://||; s/\\/\\\\/g; s/%/\\x/g' <<<"$1")"; }

run clap-query s.clapindex rain bell -k 9 --html page.html --no-header
expect 'a page' exits 0
expect 'the table, too' equal "$(wc -l <"$work/out")" 12
expect 'a member is named' says 'page.html: hits in archives, which --embed-audio alone makes heard: 2'
expect 'and nothing else' says_lines 1
expect 'it is whole' equal "$(tail -n 1 page.html)" '</html>'
expect 'a row for each hit' equal "$(rows page.html)" 12
expect 'queries' equal "$(grep -c '^<h2 id=' page.html)" 2
expect 'a spectrogram for each' equal "$(grep -c 'src="data:image/png;base64,' page.html)" 12
expect 'scores as they are printed' equal "$(grep -o 'class="score">[^<]*' page.html | cut -d'>' -f2)" "$(cut -f 3 "$work/out")"
expect 'meta columns' grep -q '<dt>label</dt><dd>&lt;i&gt;dog&lt;/i&gt;</dd>' page.html
expect 'a member cannot be heard' equal "$(notes page.html | grep -c 'archive')" 2
expect 'the others can' equal "$(sources page.html | wc -l)" 10
expect 'they begin and end with the hit' grep -qx 'clips/long.wav#t=5,15' <(sources page.html)
expect 'below the page by a relative path, others by a file URL' grep -q "^file://.*/misc_crow.flac#t=0" <(sources page.html)
while IFS= read -r source; do
  expect "$source is there" test -f "$(opened "$source")"
done < <(sources page.html | sort -u)
expect 'names are escaped' not grep -qE '<b>&amp;amp|<i>dog' page.html
expect 'nothing from the network' not grep -qE '(src|href)="?https?:|url\(|@import' page.html
# shellcheck disable=SC2016
script_hash=$(sed -n '/^<script>/,/^<\/script>/p' page.html | perl -0777 -ne 'print $1 if m|<script>(.*)</script>|s' | openssl dgst -sha256 -binary | base64)
expect 'its script is the one that its policy lets run' grep -qF "sha256-$script_hash" page.html

clap-query s.clapindex rain bell -k 9 --html again.html --threads 1 >/dev/null 2>&1
expect 'the same again' cmp page.html again.html
mkdir elsewhere
clap-query -q s.clapindex rain -k 9 --html elsewhere/page.html >/dev/null
expect 'seen from another folder' equal "$(sources elsewhere/page.html | grep -vc '^file:///')" 0

run clap-query s.clapindex rain -k 9 --html embedded.html --embed-audio
expect 'embedded' exits 0
expect 'embedded: no message' says_nothing
expect 'embedded: every hit' equal "$(sources embedded.html | grep -c '^data:audio/wav;base64,')" 6
sources embedded.html | sed -n '2s/^data:audio\/wav;base64,//p' | base64 -d >cut.wav
expect 'a WAV file' equal "$(head -c 4 cut.wav)" RIFF
cut -f 5-6 "$work/out" | sed -n 3p >segment
expect 'of the length of the hit' equal "$(($(stat -c %s cut.wav) - 44))" "$(awk '{ printf "%d", ($2 - $1) * 48000 }' segment)"
beeps 640000 clips/hour.wav
clap-embed -q clips/hour.wav -o hour.h5
run clap-query hour.h5 rain -k 1 --group-by-file --min-score -1 --html hour.html --embed-audio --no-header
expect 'a long hit' equal "$(cut -f 5-6 "$work/out")" $'0\t80'
expect 'its first 30 s' grep -q 'The first 30 s can be heard here' hour.html
expect '... and no more' at_most "$(sources hour.html | sed -n 's/^data:audio\/wav;base64,//p' | base64 -d | wc -c)" 1440044

{
  printf 'id start_s end_s vector\n'
  for ((i = 1; i <= 1001; ++i)); do echo "$clips/misc_crow.flac 0 0.1 1,0.$i"; done
} | make_embeddings many.h5 audio m1
make_embeddings query.h5 text m1 <<<$'id start_s end_s vector\nq 0 0 1,0'
run clap-query many.h5 --embeddings query.h5 -k 2000 --html many.html
expect 'many hits' equal "$(rows many.html) $(grep -c 'class="strip"' many.html) $(sources many.html | wc -l)" '1001 1000 1001'
expect 'many hits: says so' says 'many.html: hits without a spectrogram, beyond the first 1000: 1'

mv clips gone
run clap-query s.clapindex rain -k 9 --html missing.html
expect 'recordings that are gone' exits 1
expect 'are named once' equal "$(grep -c 'error: clips/long.wav: .*No such file' "$work/err")" 1
expect 'their rows stay' equal "$(rows missing.html)" 6
expect '... and say so' grep -q 'Cannot be read: .*No such file' <(notes missing.html)
expect 'the table is whole' equal "$(wc -l <"$work/out")" 7
mkdir clips
printf 'no sound' >clips/long.wav
run clap-query s.clapindex rain -k 9 --html damaged.html
expect 'recordings that are none' exits 1
rm shard.tar
tar -cf shard.tar list.tsv
run clap-query s.clapindex rain -k 9 --html other.html --embed-audio
expect 'a shard without the member' says 'shard.tar/member.wav: has no such member'

clap-embed -q --text 'a crow calls' '<b>rain</b>' -o t.h5
run clap-query t.h5 rain --html texts.html
expect 'texts' exits 0
expect 'texts have no sound' equal "$(rows texts.html) $(sources texts.html | wc -l) $(grep -c 'class="strip"' texts.html)" '2 0 0'
run clap-query s.clapindex rain --min-score 1 --html none.html
expect 'no hits' grep -q '<small>no hits</small>' none.html

refuses 73 'page.html: exists' clap-query s.clapindex rain --html page.html
run clap-query -q s.clapindex rain -k 1 --html page.html --force
expect 'replaced' equal "$(rows page.html)" 1
refuses 64 '--html: standard output is taken by the table' clap-query s.clapindex rain --html -
run clap-query -q s.clapindex rain -k 1 --html - -o one.tsv
expect 'to standard output' equal "$(head -n 1 "$work/out")" '<!DOCTYPE html>'
expect 'without a place: file URLs' equal "$(sources "$work/out" | grep -vc '^file:///')" 0
refuses 64 '--html: is the file of another output' clap-query s.clapindex rain --html x -o x
refuses 64 '--html: is the file of another output' clap-query s.clapindex rain --html x --m3u x
cp s.h5 plain
refuses 64 'plain: is the input' clap-query plain rain --html plain --force
refuses 64 'the name promises CSV' clap-query s.clapindex rain --html page.csv
refuses 64 '--embed-audio' clap-query s.clapindex rain --embed-audio
refuses 64 '--merge' clap-query --merge one.tsv --html m.html
refuses 73 'nowhere/x.html' clap-query s.clapindex rain --html nowhere/x.html
refuses 73 'elsewhere' clap-query s.clapindex rain --html elsewhere
expect 'no page of a run that failed' not test -e m.html
expect 'nothing hidden is left' equal "$(find . -name '.*.part*')" ''
finish
