#!/usr/bin/env bash
# usage: embed_report.sh BIN SOURCE [SHARED]
# --report tells what came of each input, also after an interruption; --retry-failed and --merge repair a run.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
make_tiny_model
make_wav good.wav 64000
invalid=$'inv\xff.wav'
cp good.wav late.kept
echo text >bad.wav
cp bad.wav "$invalid"
printf '%s\0' good.wav bad.wav late.wav "$invalid" good.wav >list
field() { sed -n "$1p" report | grep -oE "\"$2\":\"?[^,\"}]*" | sed 's/^[^:]*:"*//'; }

input=list run clap-embed -0 - -o first.h5 --report report
expect 'exit code' exits 1
expect 'a line an input, and the summary' equal "$(wc -l <report)" 6
expect 'the summary: what it came to' equal "$(field 6 status) $(field 6 inputs) $(field 6 failed) $(field 6 audio_s)" 'summary 5 3 4.0'
expect 'the summary: how fast' at_most "$(field 6 wall_s)" 60
expect 'the summary, in words' says 'clap-embed: embedded 2 of 5 clips, 3 failed, 0.00111 h of audio'
input=list run clap-embed -0 - -o quiet.h5 -q
expect 'the summary: -q' test "$(grep -c 'h of audio' "$work/err")" -eq 0
expect 'in order' equal "$(field 1 id) $(field 2 id) $(field 3 id) $(field 5 id)" 'good.wav bad.wav late.wav good.wav'
expect 'status' equal "$(field 1 status) $(field 2 status)" 'ok failed'
expect 'seconds' equal "$(field 1 audio_s) $(field 2 audio_s)" '2.0 0.0'
expect 'wall time' at_most "$(field 1 wall_s)" 60
expect 'stage and reason' equal "$(field 3 stage): $(field 3 reason)" 'open: No such file or directory'
expect 'other names' equal "$(field 4 id_hex)" 696e76ff2e776176
expect 'is UTF-8' iconv -f UTF-8 -t UTF-8 report -o /dev/null

cp late.kept late.wav
input=list run clap-embed -0 - -o second.h5 --retry-failed report --report again
expect 'two fail again' exits 1
expect 'the one that is good now' equal "$(ids second.h5)" late.wav
expect 'the others' equal "$(h5_check errors second.h5 | cut -f1)" $'bad.wav\ninv\\xff.wav'
quietly clap-embed --merge first.h5 second.h5 -o merged.h5
expect 'merged: rows' equal "$(ids merged.h5)" $'good.wav\ngood.wav\nlate.wav'
expect 'merged: what failed twice, once' equal "$(h5_check errors merged.h5 | cut -f1)" $'bad.wav\ninv\\xff.wav'

# The same of a run in shards; the retry may be one of a shard, too, with that job's own report.
rm late.wav
for i in 0 1; do
  input=list run clap-embed -0 - --shard $i/2 -o shard$i.h5 --report report$i
  expect "shard $i: some fail" exits 1
done
cat report0 report1 >reports
cp late.kept late.wav
cp good.wav bad.wav
input=list run clap-embed -0 - --retry-failed reports -o retry.h5
expect 'shards: the retry' equal "$(ids retry.h5)" $'bad.wav\nlate.wav'
expect 'shards: the retry is none' equal "$(attribute retry.h5 shard)" 0/0
quietly clap-embed --merge shard?.h5 retry.h5 -o all.h5
expect 'shards: rows' equal "$(ids all.h5)" $'good.wav\ngood.wav\nbad.wav\nlate.wav'
expect 'shards: what failed twice' equal "$(h5_check errors all.h5 | cut -f1)" 'inv\xff.wav'
quietly clap-embed --merge retry.h5 shard1.h5 shard0.h5 -o again.h5
expect 'shards: in any order' same again.h5 all.h5
for i in 0 1; do input=list run clap-embed -0 - --shard $i/2 --retry-failed report$i -o retry$i.h5; done
expect 'shards: all that failed in one' equal "$(ids retry0.h5) $(ids retry1.h5)" 'bad.wav late.wav'
quietly clap-embed --merge shard?.h5 retry?.h5 -o each.h5
expect 'shards: retried each by itself' same each.h5 all.h5
refuses 65 'shard 1/2: is missing' clap-embed --merge shard0.h5 retry.h5 -o none.h5
echo text >bad.wav

refuses 66 'none of the inputs failed' clap-embed good.wav -o none.h5 --retry-failed report
refuses 66 'missing' clap-embed good.wav -o none.h5 --retry-failed missing
refuses 65 'bad.wav: line 1' clap-embed good.wav -o none.h5 --retry-failed bad.wav
refuses 73 'report' clap-embed good.wav -o none.h5 --report report

# After an interruption it is whole.
for ((i = 0; i < 150; ++i)); do cp good.wav c$((100 + i)).wav; done
clap-embed c*.wav -o out.h5 --report long 2>"$work/err" &
job=$! code=0
for ((i = 0; i < 1200; ++i)); do
  ! compgen -G '.out.h5.parts/*.part' >/dev/null || break
  sleep 0.05
done
kill -TERM $job
wait $job || code=$?
expect 'interrupted' exits 143
expect 'interrupted: the report so far' test "$(wc -l <long)" -ge 64
quietly clap-embed c*.wav -o out.h5 --report long --resume
expect 'resumed: the summary is of all' equal "$(tail -n 1 long | grep -oE '"inputs":150,"failed":0,"audio_s":300.0')" '"inputs":150,"failed":0,"audio_s":300.0'
expect 'resumed: all of it' equal "$(grep -c '"status":"ok","audio_s":2.0' long)" 150
finish
