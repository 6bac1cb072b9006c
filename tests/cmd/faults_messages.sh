#!/usr/bin/env bash
# usage: faults_messages.sh BIN SOURCE [SHARED]
# Messages say what to do, in one line of at most 300 characters, and outputs are judged before work begins.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

make_embeddings a.h5 audio m1 <<<$'id start_s end_s vector\na.wav 0 1 1,0\nb.wav 0 1 0,1'
clap-index build a.h5 -o a.clapindex

# A slip is named with what was probably meant.
for tool in "$bin"/clap-*; do
  refuses 64 "unknown option '--thread'; did you mean --threads?" "$tool" --thread 4
  refuses 64 "unknown option '--zzzzzz'" "$tool" --zzzzzz
done
refuses 64 "unknown command 'biuld'; did you mean 'build'?" clap-index biuld a.h5 -o x
refuses 64 "unknown command 'detectoin'; did you mean 'detection'?" clap-eval detectoin --scores x
refuses 64 "unknown command 'nonsense'; there are info" clap-model nonsense
refuses 64 'did you mean --min-score?' clap-query a.h5 --min-scores 0.5
refuses 64 'did you mean --force?' clap-query a.h5 dog -force
refuses 64 "'max' is not one of none, codebook, mean, first" clap-embed x -o y --pool max
refuses 64 "did you mean 'stretch'?" clap-embed x -o y --short strech
refuses 64 "did you mean 'f16'?" clap-model convert x -o y --dtype f61
refuses 64 "did you mean 'always'?" clap-query x --progress allways
refuses 64 "did you mean 'infonce'?" clap-train x -o y --loss infonec
refuses 64 "did you mean 'top1'?" clap-eval classification --scores x --truth y --min top2=1
refuses 64 'a subcommand is required: build, update' clap-index
refuses 64 '--ef: a value is missing' clap-query a.h5 --ef
refuses 64 '--ef: is given more than once' clap-query a.h5 --ef 1 --ef 2
refuses 64 "unexpected argument 'extra'" clap-model info x extra
for tool in "$bin"/clap-*; do
  run "$tool"
  expect "$tool alone" exits 64
  run "$tool" --
  expect "$tool --" exits 64
  expect "$tool --: one line" says_lines 1
done

# No name, value or text makes a line longer than 300 characters.
long=$(printf 'n%.0s' {1..5000})
accents=$(printf 'é%.0s' {1..2000})
zeros=$(printf '\\x00%.0s' {1..900})
while IFS='|' read -r line; do
  run bash -c "$line"
  expect "${line:0:60}: fails" not exits 0
  expect "${line:0:60}: at most 300 bytes" awk 'length > 300 { exit 1 }' "$work/err"
  expect "${line:0:60}: says something" test -s "$work/err"
done <<LINES
clap-query $long dog
clap-query a.h5 --device $accents
clap-query a.h5 --$long
clap-query a.h5 -k $long
clap-query $accents/$accents dog
clap-index $long
clap-index build $long -o x.clapindex
clap-index build a.h5 -o $long.npy
clap-index build a.h5 -o x.clapindex --factory $long
clap-embed $long -o x.h5
clap-embed $zeros -o x.h5
clap-embed --retry-failed $long a.wav -o x.h5
clap-classify $long --labels $long
clap-eval classification --scores $long --truth $long
clap-eval classification --scores a --truth b --min $long=1
clap-model info $accents
clap-model info --config $long
clap-train $long -o x
CLAP_THREADS=$long clap-query a.h5 dog
LINES

# A folder, another format's name, an input.
refuses 73 'is a folder' clap-query a.h5 --embeddings a.h5 -o .
refuses 73 'is a folder' clap-query a.h5 --embeddings a.h5 -o . --force
mkdir folder
refuses 73 'folder: is a folder' clap-embed a.wav -o folder
refuses 73 'folder: is a folder' clap-embed a.wav -o folder --force
refuses 73 'folder: is a folder' clap-index export a.clapindex --npy folder --force
refuses 73 'folder: is a folder' clap-eval classification --scores x --truth y --report folder --force
while read -r line; do
  # shellcheck disable=SC2086  # words
  refuses 64 'the name promises' $line
done <<'LINES'
clap-embed a.wav -o x.npy
clap-embed a.wav -o x.csv
clap-embed a.wav -o x.parquet --force
clap-embed a.wav -o x.h5 --report x.csv
clap-embed --text dog -o x.jsonl
clap-query a.h5 --embeddings a.h5 -o tags.csv --format tsv
clap-query a.h5 --embeddings a.h5 -o hits.json
clap-query a.h5 --embeddings a.h5 -o hits.tsv --json
clap-query a.h5 --embeddings a.h5 -o hits.tsv.gz
clap-classify a.h5 --labels l.txt -o tags.csv --json
clap-classify a.h5 --labels l.txt -o tags.jsonl --format csv
clap-classify a.h5 --labels l.txt --scores s.npy
clap-classify a.h5 --labels l.txt --events --plot p.png
clap-classify a.h5 --labels l.txt --events --report r.pdf
clap-index build a.h5 -o x.h5
clap-index merge a.clapindex -o x.faiss
clap-index export a.clapindex --tsv rows.csv
clap-index export a.clapindex --npy v.npz
clap-index info a.clapindex -o info.json
clap-eval classification --scores x --truth y -o m.csv --json
clap-eval classification --scores x --truth y --junit j.json
clap-eval classification --scores x --truth y --report r.md
clap-model convert x -o m.safetensors
clap-model synth -o m.pt
clap-train x -o m.pt
LINES
quietly clap-query a.h5 --embeddings a.h5 -o hits.anything
quietly clap-query a.h5 --embeddings a.h5 -o hits.json --json
cp a.h5 kept.h5
cp -r a.clapindex kept.clapindex
ln a.h5 link.h5
refuses 64 'is the input' clap-embed --merge a.h5 -o ./a.h5 --force
refuses 64 'is the input' clap-query a.h5 --embeddings a.h5 -o link.h5 --force
refuses 64 'is the input' clap-query a.h5 --embeddings a.h5 -o a.h5 --force
refuses 64 'is the input' clap-index merge a.clapindex -o ./a.clapindex --force
printf 'dog\n' >labels.tsv
refuses 64 'is the input' clap-classify a.h5 --labels labels.tsv -o labels.tsv --force
expect 'nothing was touched' cmp a.h5 kept.h5
expect 'nothing was touched' diff -r a.clapindex kept.clapindex
expect 'nothing was touched' test "$(<labels.tsv)" = dog
finish
