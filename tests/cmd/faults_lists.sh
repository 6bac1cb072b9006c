#!/usr/bin/env bash
# usage: faults_lists.sh BIN SOURCE [SHARED]
# Lists, labels, tables and manifests that cannot be read to their end, are in other encodings or no text at all; pipes; what
# stands beside a text or in a folder.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
make_tiny_model
make_wav a.wav 8000
cp a.wav b.wav
clap-embed a.wav -o a.h5
printf 'x\ny\n' >labels

# A read error is no end: each reader names file and reason, and no output is left.
shim=$bin/../lib/fail_read.so
eio() {
  local of=$1 subject=$2
  shift 2
  FAIL_READ_OF=$of FAIL_READ_BYTES=${bytes:-24} refuses 74 "$subject: Input/output error" env LD_PRELOAD="$shim" "$@"
  expect "$of: no output" test ! -e none.h5 -a ! -e none
}
seq -f 'a dog number %g' 9 >texts
seq -f '%g.wav' 9 >names
{ echo audio; echo a.wav; echo b.wav; echo a.wav; } >m.tsv
printf '{"audio":"a.wav"}\n{"audio":"b.wav"}\n' >m.jsonl
printf '{"audio":"a.wav","caption":"x"}\n{"audio":"b.wav","caption":"y"}\n' >t.jsonl
printf '[{"audio":"a.wav","caption":"x"},{"audio":"b.wav","caption":"y"}]' >t.json
printf 'a.wav\tx\nb.wav\ty\n' >phrases
printf 'x\t0.5\ny\t0.25\n' >thresholds
printf 'x\ta prompt of x\ny\ta prompt of y\n' >prompts
printf '{"id":"a.wav","status":"failed"}\n' >report
printf 'id,label\na.wav,x\n' >truth.csv
clap-classify a.wav --labels labels --scores s.h5 >/dev/null
eio texts texts clap-embed --text texts -o none.h5
input=texts eio stdin 'standard input' clap-embed --text - -o none.h5
eio names names clap-embed --files-from names -o none.h5
eio names names clap-embed --files0-from names -o none.h5
input=names eio stdin 'standard input' clap-embed - -o none.h5
eio m.tsv m.tsv clap-embed m.tsv -o none.h5
eio m.jsonl m.jsonl clap-embed m.jsonl -o none.h5
eio report report clap-embed a.wav --retry-failed report -o none.h5
bytes=2 eio labels labels clap-classify a.wav --labels labels
eio prompts prompts clap-classify a.wav --prompts prompts
eio phrases phrases clap-classify a.wav --phrases phrases
eio thresholds thresholds clap-classify a.wav --labels labels --multilabel --thresholds thresholds
eio vocab.txt tiny/vocab.txt clap-embed --text x -o none.h5 --model tiny
eio truth.csv truth.csv clap-eval classification --scores s.h5 --truth truth.csv
eio t.jsonl t.jsonl clap-train t.jsonl -o none
eio t.json t.json clap-train t.json -o none
eio m.tsv m.tsv clap-train m.tsv -o none
eio names names clap-train t.json --blacklist names -o none
bytes=2 eio labels labels clap-train t.json --valid t.json --valid-labels labels -o none
printf 'text = true\nthreads = 1\n' >conf
FAIL_READ_OF=conf FAIL_READ_BYTES=12 refuses 74 'conf: cannot be read to its end' env LD_PRELOAD="$shim" clap-embed x --config conf -o none.h5
mkdir folder
for command in 'clap-classify a.wav --labels folder' 'clap-embed --files-from folder -o none.h5' 'clap-train folder -o none' \
  'clap-eval classification --scores s.h5 --truth folder'; do
  # shellcheck disable=SC2086
  refuses 66 'folder: is a directory' $command
done
input=folder refuses 66 'standard input: is a directory' clap-embed - -o none.h5
input=folder refuses 66 'standard input: is a directory' clap-embed --text - -o none.h5

# Other encodings: the line and the byte.
latin=$'caf\xe9' surrogate=$'\xed\xa0\xbd' overlong=$'x\xc0\xaf' cp1252=$'\x93hi\x94'
for text in "$latin" "$surrogate" "$overlong" "$cp1252"; do
  printf 'fine\n%s\n' "$text" >enc
  refuses 65 'enc: line 2, byte ' clap-classify a.wav --labels enc
  printf 'audio,caption\na.wav,fine\nb.wav,%s\n' "$text" >enc.csv
  refuses 65 'enc.csv: line 3, byte ' clap-train enc.csv -o none
  printf '{"audio":"a.wav","caption":"%s"}\n' "$text" >enc.jsonl
  refuses 65 'enc.jsonl: line 1, byte ' clap-train enc.jsonl -o none
done
refuses 65 'enc: line 2, byte 1: ' clap-embed --text enc -o none.h5
input=enc refuses 65 'standard input: line 2, byte 1: ' clap-embed --text - -o none.h5
refuses 65 'enc.csv: line 3, byte 7: ' clap-embed enc.csv -o none.h5
refuses 65 'enc.jsonl: line 1, byte ' clap-embed enc.jsonl -o none.h5
refuses 65 'not UTF-8' clap-embed --text "$latin" -o none.h5
refuses 65 'not UTF-8' clap-classify a.wav --labels labels --prompt "{} $latin"
refuses 65 'line 2, byte 4: not UTF-8 (\xe9)' clap-classify a.wav --labels <(printf 'fine\n%s\n' "$latin")
printf '[{"audio":"a.wav","caption":"\\ud83d alone"}]' >lone.json
refuses 65 'lone.json: manifest: not valid JSON' clap-train lone.json -o none
printf 'x\ny\n' | iconv -f UTF-8 -t UTF-16 >utf16
refuses 65 'utf16: line 1, byte 1: UTF-16' clap-classify a.wav --labels utf16
refuses 65 'utf16: line 1, byte 1: UTF-16' clap-embed --text utf16 -o none.h5
printf 'audio\tlabel\na.wav\tx\n' | iconv -f UTF-8 -t UTF-16 >utf16.tsv
refuses 65 'utf16.tsv: line 1, byte 1: UTF-16' clap-embed utf16.tsv -o none.h5
printf '\xef\xbb\xbfx\r\ny\r\n' >bom
quietly clap-classify a.wav --labels bom -o bom.out
clap-classify a.wav --labels labels -o plain.out
expect 'the mark of UTF-8 is no part of a label' cmp -s bom.out plain.out
latin_wav=$'caf\xe9.wav'
cp a.wav "$latin_wav"
printf '%s\n' "$latin_wav" >latin.names
quietly clap-embed --files-from latin.names -o latin.h5
printf 'audio,label\n%s,x\n' "$latin_wav" >latin.csv
quietly clap-embed latin.csv -o latin2.h5
expect 'names of files may have any bytes' equal "$(ids latin2.h5)" "$(ids latin.h5)"

# Binary data is told once.
tar -cf shard.tar a.wav
for file in shard.tar a.h5 a.wav; do
  input=$file refuses 65 'standard input: is a' clap-embed - -o none.h5
  refuses 65 ', not lines of text' clap-classify b.wav --labels $file
  refuses 65 ', not lines of text' clap-embed --text $file -o none.h5
done
input=shard.tar refuses 65 'standard input: is a tar archive, not a list: use --tar -' clap-embed - -0 -o none.h5

# Pipes are read once, from whatever writes to them.
quietly clap-embed --files-from <(printf 'a.wav\r\nb.wav\n') -o pipe.h5
expect 'a list from a pipe' equal "$(ids pipe.h5)" $'a.wav\nb.wav'
mkfifo list.tsv
printf 'audio\na.wav\n' >list.tsv &
quietly clap-embed list.tsv -o fifo.h5
expect 'a manifest from a pipe' equal "$(ids fifo.h5)" a.wav
mkfifo fifo waits.tar
{ sleep 60 >fifo & } 2>/dev/null
holder=$!
for command in 'clap-embed --text fifo -o none.h5' 'clap-embed --files-from fifo -o none.h5' 'clap-classify a.wav --labels fifo'; do
  # shellcheck disable=SC2086
  timeout -s TERM --preserve-status 2 $command 2>"$work/err" && code=0 || code=$?
  expect "$command: SIGTERM while it waits" exits 143
done
kill $holder
timeout -s TERM --preserve-status 5 clap-embed waits.tar -o none.h5 2>"$work/err" && code=0 || code=$?
expect 'a pipe called .tar: SIGTERM while nobody writes to it' exits 143
mkfifo waits.tsv
echo 'a bell' >bell.txt
timeout -k 2 -s TERM --preserve-status 5 clap-classify waits.tsv --labels bell.txt 2>"$work/err" && code=0 || code=$?
expect 'clap-classify: SIGTERM while it waits for a manifest' exits 143

# Folders beside texts, and what folders hide.
mkdir dog
quietly clap-embed --text dog -o dog.h5
expect 'a word that is a folder, too' equal "$(ids dog.h5)" dog
refuses 65 './dog: is a directory' clap-embed --text ./dog -o none.h5
mkdir -p card/.Trashes card/sub
cp a.wav card/1.WAV
cp a.wav card/.Trashes/deleted.wav
cp a.wav card/sub/.hidden.wav
{ printf '\0\5\26\7\0\2\0\0Mac OS X        '; head -c 400 /dev/zero; } >card/._1.WAV
quietly clap-embed card -o card.h5
expect 'hidden files are left out' equal "$(ids card.h5)" card/1.WAV
quietly clap-embed card --hidden -o hidden.h5
expect '--hidden: but not a Mac'"'"'s' equal "$(ids hidden.h5)" $'card/.Trashes/deleted.wav\ncard/1.WAV\ncard/sub/.hidden.wav'
quietly clap-embed card/.Trashes -o named.h5
expect 'a folder that is named' equal "$(ids named.h5)" card/.Trashes/deleted.wav
finish
