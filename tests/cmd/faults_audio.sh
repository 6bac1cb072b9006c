#!/usr/bin/env bash
# usage: faults_audio.sh BIN SOURCE [SHARED]
# Recordings that are not as they say: what is told of them, which of their streams is read, and on which clock.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
make_tiny_model
media=$source_dir/tests/data/audio

# A warning with both lengths for what no header counts, on standard error and in the report, which --resume keeps.
make_wav a.wav 32000
make_wav b.wav 16000
cat a.wav b.wav >two.wav
run clap-embed two.wav a.wav -o o.h5 --report r.jsonl
expect 'two WAVs behind one another' exits 0
expect 'both lengths' says 'two.wav: its header declares 1.000000 s of audio'
expect 'one line' says_lines 1
expect 'in the report' grep -q '"id":"two.wav","status":"ok","warning":"its header declares 1.000000 s' r.jsonl
expect 'of that file alone' equal "$(grep -c warning r.jsonl)" 1
run clap-embed two.wav -o q.h5 -q
expect '-q: no warning' says_nothing
printf 'sound\n' >labels.txt
run clap-classify two.wav --labels labels.txt
expect 'clap-classify warns' says 'two.wav: its header declares'
run clap-query o.h5 --audio two.wav
expect 'clap-query warns' says 'two.wav: its header declares'
mkdir tar && cp two.wav tar/x.wav && tar -C tar -cf s.tar x.wav
run clap-embed s.tar -o s.h5
expect 'a member of a shard' says 's.tar/x.wav: its header declares'

# Cut files cost their rows; chains and what was written to a pipe do not.
head -c 1500 "$media/live.webm" >cut.webm
cat "$media"/tone.oga "$media"/tone.spx >chain.oga
head -c 2100 chain.oga >cut.oga
printf '#EXTM3U\n#EXTINF:1,\na.wav\n' >list.m3u8
run clap-embed cut.webm chain.oga cut.oga "$media/live.webm" list.m3u8 -o o.h5 --force
expect 'cut files fail' exits 1
expect 'WebM' says 'cut.webm: cut off'
expect 'Ogg' says 'cut.oga: cut off'
expect 'a playlist is one' says 'list.m3u8: is a playlist, not a recording'
expect 'the others are there' equal "$(ids o.h5 | tr '\n' ' ')" "chain.oga $media/live.webm "

# Streams and clocks.
times() { h5_check rows "$1" | cut -f2,3 | tr '\t\n' '  '; }
quietly clap-embed "$media/clock.mkv" --stream eng -o eng.h5
expect 'one stream' equal "$(times eng.h5)" '0 0.3 '
quietly clap-embed "$media/clock.mkv" --stream 1 -o deu.h5
expect 'another' equal "$(times deu.h5)" '0 0.4 '
quietly clap-embed "$media/clock.mkv" --stream eng --time-zero container -o clock.h5
expect 'on the clock of the file' equal "$(times clock.h5)" '0.5 0.8 '
quietly clap-embed "$media/clock.mkv" --stream eng --time-zero container --pool mean -o pool.h5
expect 'pooled as well' equal "$(times pool.h5)" '0.5 0.8 '
run clap-embed "$media/clock.mkv" --stream fra -o fra.h5
expect 'a language that is not there' says "has no audio stream in 'fra': there is eng, deu"
refuses 64 --stream clap-embed "$media/clock.mkv" --stream x -o x.h5
refuses 64 --time-zero clap-embed "$media/clock.mkv" --time-zero video -o x.h5
refuses 73 'made with other options' clap-embed "$media/clock.mkv" --stream eng -o clock.h5 --resume
refuses 65 'was made with other options' clap-embed --merge eng.h5 clock.h5 -o x.h5
onsets() { awk -F '\t' 'NR > 1 { print $2 }' "$work/out" | head -1; }
quietly clap-classify "$media/clock.mkv" --labels labels.txt --events --threshold -1 --stream eng
first=$(onsets)
quietly clap-classify "$media/clock.mkv" --labels labels.txt --events --threshold -1 --stream eng --time-zero container
expect 'events on the clock of the file' equal "$(awk "BEGIN { print $first + 0.5 }")" "$(awk "BEGIN { print $(onsets) + 0 }")"
refuses 64 --scores clap-classify "$media/clock.mkv" --labels labels.txt --events --time-zero container --scores frames.h5
run clap-query o.h5 --audio "$media/clock.mkv" --stream deu -k 1
expect 'clap-query reads the stream' exits 0
refuses 64 --audio clap-query o.h5 'a text' --stream deu

# Gaps are told.
run clap-embed "$media/gap.mka" -o gap.h5
expect 'a gap' says 'its time stamps jump, by 0.512000 s in all and first at 0.512000 s'
finish
