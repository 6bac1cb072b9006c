#!/usr/bin/env bash
# usage: faults_manifests.sh BIN SOURCE [SHARED]
# Tables as other programs write them, columns that a file cannot hold, blacklists, names of audio, folders that are not there.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
make_tiny_model
mkdir au
for i in 0 1 2 3 4 5; do make_wav au/Y$i.wav 8000; done
cp au/Y0.wav a.wav
meta() { h5_check meta "$1" "$2"; }
warns() { expect "$1: a warning" says "warning: $2"; expect "$1: one" says_lines 1; }

# Columns.
printf ',audio,label\n0,a.wav,x\n' >pandas.csv
run clap-embed pandas.csv -o pandas.h5
expect 'the index of pandas' equal "$(attribute pandas.h5 meta)" label
warns 'the index of pandas' "pandas.csv: column '' is not carried"
printf 'Unnamed: 0,audio,label\n0,a.wav,x\n' >again.csv
run clap-embed again.csv -o again.h5
expect 'the index, read and written again' equal "$(attribute again.h5 meta)" label
printf 'audio,dog/cat,dog_cat\na.wav,x,y\n' >slash.csv
run clap-embed slash.csv -o slash.h5
expect 'a slash' equal "$(attribute slash.h5 meta)" 'dog_cat dog_cat_2'
expect 'a slash: the manifest is named' says "slash.csv: column 'dog/cat' is carried as 'dog_cat'"
printf '{"audio":"a.wav",".":"1","..":"2","%s":"3"}\n' "$(printf 'x%.0s' {1..400})" >odd.jsonl
run clap-embed odd.jsonl -o odd.h5
expect 'names that HDF5 does not take: exit code' exits 0
expect 'a dot' equal "$(meta odd.h5 _)" 1
expect 'two dots' equal "$(meta odd.h5 __)" 2
mkdir s
cp a.wav s/k.wav
echo '{"a/b":"in a shard"}' >s/k.json
tar -C s -cf s.tar k.wav k.json
run clap-embed s.tar -o s.h5
expect 'keys in a shard' equal "$(meta s.h5 a_b)" 'in a shard'
warns 'keys in a shard' "s.tar: column 'a/b' is carried as 'a_b'"
for name in filename fname file_name; do
  printf '%s,label\na.wav,x\n' $name >f.csv
  quietly clap-embed f.csv -o f.h5 --force
  expect "$name is audio" equal "$(ids f.h5)" a.wav
done
printf '"audio"\t"label"\n"a.wav"\t"a ""b"""\n' >quoted.tsv
quietly clap-embed quoted.tsv -o quoted.h5
expect 'quoted cells' equal "$(meta quoted.h5 label)" 'a "b"'
printf '"audio"\t"label"\n"1"\t"a.wav"\t"x"\n' >r.tsv
run clap-embed r.tsv -o r.h5
expect 'row names of R' equal "$(attribute r.h5 meta)" label
printf 'audio;label;\r\na.wav;x;\r\n' >semicolons.csv
quietly clap-embed semicolons.csv -o semicolons.h5
expect 'semicolons' equal "$(meta semicolons.h5 label)" x

# Blacklists.
train() { run clap-train "$@" --audio-root au --batch 2 --epochs 1 -q -o none; }
{ echo audio,caption; for i in 0 1 2 3 4 5; do echo "Y$i.wav,sound $i"; done; } >m.csv
says_count() { train m.csv --blacklist "$1" --init nowhere; expect "$1" says "$1: $2 entries matched, $3 recordings left out"; }
printf '{"AudioSet": ["Y0.wav", "Y1.wav"], "FreeSound": [7]}' >official.json
printf '["Y0", "Y1.flac"]' >list.json
printf 'Y0\r\n\nY1.mp3\nnone\n' >plain.txt
says_count official.json '2 of 3' 2
says_count list.json '2 of 2' 2
says_count plain.txt '2 of 3' 2
printf 'x1\nx2\n' >others.txt
train m.csv --blacklist others.txt
expect 'none matches: exit code' exits 65
expect 'none matches: examples' says "others.txt: none of its 2 entries matches a clip, such as 'Y0.wav'"
printf '{"AudioSet": "Y0.wav"}' >broken.json
train m.csv --blacklist broken.json
expect 'no blacklist' exits 65
cp m.csv AudioSet.csv
printf '{"AudioSet": ["Y0.wav"], "FreeSound": ["Y1.wav"]}' >sources.json
train AudioSet.csv --blacklist sources.json --init nowhere
expect 'the list of the source' says 'sources.json: 1 of 2 entries matched'

# Audio by --audio-name.
for i in 0 1 2 3; do printf '{"id":"%s","caption":"sound %s","duration":1.5,"href":"x"}\n' $i $i; done >wc.jsonl
paste -sd, wc.jsonl | sed 's/^/[/; s/$/]/' >wc.json
sed 's/^/{"num_captions_per_audio":1,"data":/; s/$/}/; s/"href":"x"/"audio":"wav_path","file_name":"x.wav"/g' wc.json >published.json
printf 'id,caption,file_name\n0,sound 0,x.wav\n1,sound 1,x.wav\n' >wc.csv
for manifest in wc.jsonl wc.json published.json wc.csv; do
  train $manifest --audio-name 'Y{id}.wav' --init nowhere
  expect "--audio-name: $manifest" says nowhere
done
train wc.json
expect 'no audio: told' says 'wc.json: item 1: no audio file named'
train wc.json --audio-name '{other}.wav'
expect 'no such key: told' says 'wc.json: item 1: no audio file named'

# Folders that are not there are told before anything is removed.
mkdir model
echo mine >model/file
run clap-train m.csv --audio-root mistyped --force -o model
expect '--audio-root: exit code' exits 66
expect '--audio-root' says 'mistyped: no such folder (--audio-root)'
run clap-train m.csv --audio-root s --force -o model
expect 'no recording there: exit code' exits 66
expect 'no recording there' says 'm.csv: none of its 6 recordings exists, such as s/Y0.wav'
expect 'nothing is removed' equal "$(<model/file)" mine
refuses 66 'mistyped: no such folder' clap-embed m.csv --audio-root mistyped -o none.h5
finish
