#!/usr/bin/env bash
# usage: embed_inputs.sh BIN SOURCE [SHARED]
# Manifests and tar shards as input, what they carry to meta/, what is wrong with them; limits of a recording; a decoder that
# is stuck.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
make_tiny_model
export SOURCE_DATE_EPOCH=1000000000
make_wav short.wav 8000
mkdir in
for i in 1 2 3 4; do make_wav in/$i.wav $((i * 2000)); done
meta() { h5_check meta "$1" "$2"; }
clap-embed in -o all.h5

# Manifests.
printf 'label\tfile\tfold\nd\xc3\xb6g\tin/1.wav\t1\n\t./in/2.wav\t\n' >m.tsv
printf '\xef\xbb\xbfpath,label\r\nin/1.wav,"a ""b"", c"\r\n' >m.csv
printf '%s\n' '{"audio":"3.wav","n":3,"tags":["x",{"y":1}],"no":null,"label":"cat"}' '' '{"audio":"4.wav"}' >m.jsonl
quietly clap-embed m.tsv -o m.h5
expect 'TSV: ids as given' equal "$(ids m.h5)" $'in/1.wav\n./in/2.wav'
expect 'TSV: columns' equal "$(attribute m.h5 meta)" 'label fold'
expect 'TSV: label' equal "$(meta m.h5 label)" dög
expect 'TSV: fold' equal "$(meta m.h5 fold)" 1
quietly clap-embed m.csv -o csv.h5
expect 'CSV: quotes' equal "$(meta csv.h5 label)" 'a "b", c'
quietly clap-embed m.jsonl --audio-root in -o json.h5
expect 'JSON Lines: ids' equal "$(ids json.h5)" $'3.wav\n4.wav'
expect 'JSON Lines: columns' equal "$(attribute json.h5 meta)" 'n tags no label'
expect 'JSON Lines: other values are JSON' equal "$(meta json.h5 tags)" '["x",{"y":1}]'
quietly clap-embed m.tsv in/4.wav m.csv -o mixed.h5
expect 'several: columns' equal "$(attribute mixed.h5 meta)" 'label fold'
expect 'several: values' equal "$(meta mixed.h5 label)" $'dög\n\n\na "b", c'
quietly clap-embed m.tsv -o m.h5 --resume
sed -i 's/\t1$/\t2/' m.tsv
refuses 73 'made of other inputs' clap-embed m.tsv -o m.h5 --resume

refuses 66 'none.tsv' clap-embed none.tsv -o none.h5
printf 'a\tb\n1\t2\n' >bad.tsv
refuses 65 "bad.tsv: no column 'audio'" clap-embed bad.tsv -o none.h5
printf 'audio\tb\n\t2\n' >bad.tsv
refuses 65 'bad.tsv: line 2: no audio' clap-embed bad.tsv -o none.h5
printf 'audio\tb\n' >bad.tsv
refuses 66 'bad.tsv: no recordings' clap-embed bad.tsv -o none.h5
while IFS= read -r line; do
  printf '{"audio":"in/1.wav"}\n%s\n' "$line" >bad.jsonl
  refuses 65 'bad.jsonl: line 2' clap-embed bad.jsonl -o none.h5
done <<'LINES'
[1]
{"audio":
{"label":"x"}
{"audio":"in/1.wav","label":"a\u0000b"}
{"audio":"in/1.wav\u0000"}
LINES
{ printf '{"audio":"x","deep":'; head -c 200000 /dev/zero | tr '\0' '['; } >bad.jsonl
refuses 65 'nests deeper than 64 levels' clap-embed bad.jsonl -o none.h5
expect 'no file of a refused run' test ! -e none.h5

# Shards.
mkdir w
for i in 1 2 3 4; do cp in/$i.wav w/k$i.wav; done
echo '{"label":"dog","caption":"told"}' >w/k1.json
printf 'not taken\n' >w/k1.txt
printf 'rain\r\n' >w/k2.txt
echo '{"label":' >w/k4.json
tar -C w -cf s-08.tar k1.json k1.txt k1.wav k2.wav k2.txt
tar -C w -cf s-09.tar ./k3.wav
quietly clap-embed 's-{08..09}.tar' -o tar.h5
quietly clap-embed 's-{08..09}.tar' -o tar.h5 --resume
expect 'shards: ids' equal "$(ids tar.h5)" $'s-08.tar/k1.wav\ns-08.tar/k2.wav\ns-09.tar/./k3.wav'
expect 'shards: the same embeddings' equal "$(h5_check rows tar.h5 | cut -f2-)" "$(h5_check rows all.h5 | head -3 | cut -f2-)"
expect 'shards: captions' equal "$(meta tar.h5 caption)" $'told\nrain'
expect 'shards: JSON' equal "$(meta tar.h5 label)" dog
expect 'shards: nothing is extracted' equal "$(find . -name 'k1*' | sort | tr '\n' ' ')" './w/k1.json ./w/k1.txt ./w/k1.wav '
for i in 0 1; do quietly clap-embed 's-{08..09}.tar' --shard $i/2 -o part$i.h5; done
quietly clap-embed --merge part1.h5 part0.h5 -o merged.h5
expect 'shards in shards' same merged.h5 tar.h5
expect 'whole shards' equal "$(ids part0.h5; ids part1.h5 | sed 's/^/1: /')" $'s-08.tar/k1.wav\ns-08.tar/k2.wav\n1: s-09.tar/./k3.wav'
for i in 0 1; do quietly clap-embed 's-{08..09}.tar' --shard $i/2 --shard-by input -o input$i.h5; done
expect 'shards of inputs' equal "$(ids input0.h5)" 's-08.tar/k1.wav'
quietly clap-embed --merge input1.h5 input0.h5 -o merged.h5 --force
expect 'shards of inputs, merged' same merged.h5 tar.h5
refuses 65 'of other tar files' clap-embed --merge part0.h5 input1.h5 -o none.h5
refuses 64 '--shard-by' clap-embed 's-{08..09}.tar' --shard-by tar -o none.h5
head -c 1000 s-09.tar >s-10.tar
CLAP_SHARD_BY=input quietly clap-embed 's-{08..09}.tar' -o none.h5
rm none.h5
run clap-embed 's-{08..10}.tar' 's-11.tar' --shard 3/4 -o last.h5
expect 'a shard of a file that is missing' says 's-11.tar'

head -c 20000 s-08.tar >cut.tar
tar -C w -cf doubled.tar k1.wav
tar -C w -rf doubled.tar k1.wav  # given twice, it would be stored as a link
tar -C w -cf apart.tar k1.wav k2.wav k1.txt
tar -C w -czf packed.tar.gz k1.wav
tar -C w -cf json.tar k4.wav k4.json
tar -C w -cf silent.tar k1.txt
mkdir links
ln -s k1.wav links/l.wav
cp w/k1.wav links/k1.wav
tar -C links -cf links.tar l.wav k1.wav
while IFS=$'\t' read -r name reason; do
  run clap-embed "$name" s-09.tar -o bad.h5 --force --report report
  expect "$name: exit code" exits 1
  expect "$name: told with its name" grep -q "^clap-embed: error: $name.*$reason" "$work/err"
  expect "$name: none of its members" equal "$(ids bad.h5)" 's-09.tar/./k3.wav'
  expect "$name: stage" grep -q '"stage":"list"' report
done <<'TABLE'
cut.tar	not a whole tar file
doubled.tar	occurs twice
apart.tar	key 'k1' do not stand together
json.tar	k4.json: not valid JSON
silent.tar	no audio among its members
absent.tar	No such file
TABLE
quietly clap-embed packed.tar.gz s-09.tar -o bad.h5 --force --report report
expect 'a packed shard: its members' equal "$(ids bad.h5 | tail -n 1)$(ids bad.h5 | grep -c packed.tar.gz/)" "s-09.tar/./k3.wav$(tar -tf packed.tar.gz | grep -c wav$)"
run clap-embed links.tar -o links.h5
expect 'a link fails' exits 1
expect 'a link: said' says "links.tar/l.wav: is a symbolic link to 'k1.wav'"
expect 'beside a link' equal "$(ids links.h5)" links.tar/k1.wav
run clap-embed cut.tar s-09.tar -o bad.h5 --force --report report
cp s-08.tar cut.tar
quietly clap-embed cut.tar s-09.tar -o again.h5 --retry-failed report
expect 'a shard that was mended' equal "$(ids again.h5)" $'cut.tar/k1.wav\ncut.tar/k2.wav'
expect 'a shard that was mended: had failed' equal "$(h5_check errors bad.h5 | cut -f1)" cut.tar
quietly clap-embed --merge bad.h5 again.h5 -o mended.h5
expect 'a shard that was mended: merged' equal "$(h5_check errors mended.h5)" ''
expect 'a shard that was mended: its captions' equal "$(meta mended.h5 caption)" $'\ntold\nrain'
run clap-embed cut.tar -o strict.h5 --strict
expect 'strict: sound' exits 0
refuses 65 'doubled.tar: member' clap-embed doubled.tar -o none.h5 --strict

# No input at all, and folders that lead back to themselves.
mkdir empty loop
refuses 66 'no audio files' clap-embed empty -o none.h5
: >list
refuses 66 'no recordings' clap-embed --files-from list -o none.h5
cp short.wav loop/a.wav
ln -s . loop/again
ln -s ../loop loop/back
quietly clap-embed loop -o loop.h5
expect 'loops of links' equal "$(ids loop.h5)" loop/a.wav

# Limits.
run clap-embed in --max-duration 0.2 -o limit.h5
expect 'too long: exit code' exits 1
expect 'too long: the others' equal "$(ids limit.h5)" $'in/1.wav\nin/2.wav\nin/3.wav'
expect 'too long: said' says 'in/4.wav: longer than the allowed'
refuses 64 --max-duration clap-embed in --max-duration -1 -o none.h5
make_wav wide.wav 100 65
run clap-embed wide.wav -o wide.h5
expect '65 channels' says 'wide.wav: 65 channels, more than 64'

# A decoder that is stuck costs its recording, and neither the others nor the end.
cp short.wav in/2stuck.wav
cp short.wav in/3stuck.wav
export LD_PRELOAD=$bin/../lib/fail_nth.so STALL_ON=stuck.wav
for threads in 1 2; do
  run clap-embed in --file-timeout 1 --threads $threads -o stuck.h5 --force
  expect "stuck, $threads threads: exit code" exits 1
  expect "stuck, $threads threads: said" says 'in/2stuck.wav: the decoder has been stuck for the allowed 1 s'
  expect "stuck, $threads threads: the others" same_rows stuck.h5 all.h5
done
for threads in 1 2; do
  STALL_ON=nothing STALL_STAT=stuck.wav run clap-embed in --file-timeout 1 --threads $threads -o stuck.h5 --force
  expect "stuck before it is opened, $threads threads: exit code" exits 1
  expect "stuck before it is opened, $threads threads: the others" same_rows stuck.h5 all.h5
done
clap-embed in -o term.h5 2>"$work/err" &
job=$! code=0 began=$SECONDS
sleep 3
kill -TERM $job
wait $job || code=$?
unset LD_PRELOAD
expect 'stuck: SIGTERM' exits 143
expect 'stuck: within 10 s' test $((SECONDS - began)) -le 13
finish
