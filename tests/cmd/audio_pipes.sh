#!/usr/bin/env bash
# usage: audio_pipes.sh BIN SOURCE [SHARED]
# A recording through a pipe, for each tool that takes recordings: as if it had come from its file.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
make_tiny_model
export SOURCE_DATE_EPOCH=0
crow=$clips/misc_crow.flac
printf 'a crow\na bell\nrain\n' >labels.txt

vectors() { h5_check rows "$1" | cut -f 2-; }  # without the id
quietly clap-embed "$crow" -o file.h5
quietly bash -o pipefail -c "cat '$crow' | clap-embed --audio - -o piped.h5"
expect 'clap-embed: the same row' equal "$(vectors piped.h5)" "$(vectors file.h5)"
expect 'clap-embed: its id' equal "$(ids piped.h5)" -
input="$crow" quietly clap-embed --audio - -o redirected.h5
expect 'clap-embed: a file as standard input' equal "$(vectors redirected.h5)" "$(vectors file.h5)"
mkfifo fifo.flac
cat "$crow" >fifo.flac &
quietly clap-embed "$clips/perc_bell.flac" --audio fifo.flac -o two.h5
wait
expect 'clap-embed: beside others' equal "$(ids two.h5)" "$clips/perc_bell.flac"$'\nfifo.flac'
cat "$crow" >fifo.flac &
run clap-embed --audio fifo.flac --audio nowhere.wav -o some.h5
wait
expect 'clap-embed: one that is missing fails alone' exits 1
expect 'clap-embed: and is named' says nowhere.wav
run bash -o pipefail -c "cat '$crow' | clap-embed --audio - -o - | clap-classify - --labels labels.txt --no-header"
clap-classify file.h5 --labels labels.txt --no-header | cut -f 2- >expected
expect 'in a pipeline' equal "$(cut -f 2- "$work/out")" "$(<expected)"
run bash -o pipefail -c "cat '$crow' | clap-classify --audio - --labels labels.txt --no-header"
expect 'clap-classify' equal "$(cut -f 2- "$work/out")" "$(<expected)"
run bash -o pipefail -c "cat '$crow' | clap-query two.h5 --audio - -k 1 --no-header"
expect 'clap-query' equal "$(cut -f 1-4 "$work/out")" $'-\t1\t1.000000\tfifo.flac'

refuses 66 '-: ' bash -o pipefail -c ": | clap-embed --audio - -o none.h5"
refuses 66 '-: ' bash -o pipefail -c "head -c 2000 /dev/zero | clap-embed --audio - -o none.h5"
expect 'what cannot be read makes no file' test ! -e none.h5
refuses 64 'standard input' clap-embed - --audio - -o none.h5
refuses 64 'standard input' clap-query two.h5 - --audio -
refuses 64 '--text' clap-embed --text labels.txt --audio - -o none.h5
refuses 64 'INPUT is required' clap-classify --labels labels.txt
refuses 64 'either embedding files or recordings' clap-classify file.h5 --audio "$crow" --labels labels.txt
mkdir room
TMPDIR=$PWD/room quietly bash -o pipefail -c "cat '$crow' | clap-embed --audio - -o room.h5"
expect 'nothing is left in TMPDIR' equal "$(ls -A room)" ''
finish
