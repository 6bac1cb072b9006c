#!/usr/bin/env bash
# usage: tar_streams.sh BIN SOURCE [SHARED]
# Tar shards that are read once, from a pipe or packed: the rows of the same shard as a file, whatever is killed meanwhile.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
make_tiny_model
export SOURCE_DATE_EPOCH=0
mkdir members
for i in 1 2 3 4 5 6; do cp "$clips/misc_crow.flac" "members/c$i.flac"; done
cp "$clips/perc_bell.flac" members/c3.flac
echo 'a crow' >members/c1.txt
echo '{"caption": "a bell", "place": "tower"}' >members/c3.json
echo '{"place": "wood", "day": 3}' >members/c4.json
# Audio before and behind what is said of it.
tar -C members -cf s.tar c1.flac c1.txt c2.flac c3.json c3.flac c4.flac c4.json c5.flac c6.flac
quietly clap-embed s.tar -o file.h5

# like_file FILE WHAT: rows and meta columns are those of file.h5.
like_file() {
  local column
  expect "$2: rows" equal "$(h5_check rows "$1")" "$(h5_check rows file.h5)"
  for column in caption place day; do
    expect "$2: $column" equal "$(h5_check meta "$1" $column)" "$(h5_check meta file.h5 $column)"
  done
}

quietly bash -o pipefail -c 'cat s.tar | clap-embed --tar - --name s.tar -o piped.h5'
like_file piped.h5 'a pipe'
input=s.tar quietly clap-embed --tar - --name s.tar -o redirected.h5
like_file redirected.h5 'a file as standard input'
quietly clap-embed --tar s.tar -o named.h5
like_file named.h5 'a file'
mkfifo fifo.tar
cat s.tar >fifo.tar &
quietly clap-embed --tar fifo.tar --name s.tar -o fifo.h5
wait
like_file fifo.h5 'a named pipe'
cat s.tar >fifo.tar &
quietly timeout 20 clap-embed fifo.tar -o fifo2.h5
wait
expect 'a named pipe as input' equal "$(ids fifo2.h5 | head -n 1)" fifo.tar/c1.flac
quietly bash -o pipefail -c 'cat s.tar | clap-embed --tar - -o bare.h5'
expect 'without a name: the members' equal "$(ids bare.h5 | head -n 2)" $'c1.flac\nc2.flac'
for pack in gzip xz zstd; do
  command -v $pack >/dev/null || continue
  $pack -c s.tar >"packed.tar.$pack"
  quietly clap-embed "packed.tar.$pack" -o packed.h5 --force
  expect "$pack: a file" equal "$(h5_check rows packed.h5 | cut -f 2-)" "$(h5_check rows file.h5 | cut -f 2-)"
  quietly bash -o pipefail -c "$pack -c s.tar | clap-embed --tar - --name s.tar -o packed.h5 --force"
  like_file packed.h5 "$pack: a pipe"
done
quietly bash -o pipefail -c "cat s.tar | clap-embed $clips/drum_roll.flac --tar - --name s.tar -o both.h5"
expect 'beside others: in order' equal "$(ids both.h5 | sed -n '1p;$p')" "$clips/drum_roll.flac"$'\ns.tar/c6.flac'
clap-embed -q --text members/c1.txt -o text.h5
printf 'a crow\na bell\n' >labels.txt
quietly clap-classify packed.tar.gzip --labels labels.txt
expect 'clap-classify' equal "$(cut -f 1 "$work/out" | grep -c '^packed.tar.gzip/c')" 6
refuses 64 'unpack the compressed shard' clap-classify packed.tar.gzip --labels labels.txt --events --format srt -o srt/

# What is wrong costs a line, and what came before it is kept.
head -c 300000 s.tar >cut.tar
run bash -o pipefail -c 'cat cut.tar | clap-embed --tar - --name s.tar -o cut.h5'
expect 'cut off: exit code' exits 1
expect 'cut off: said' says 's.tar: not a whole tar file'
expect 'cut off: the rows before' test "$(ids cut.h5 | wc -l)" -ge 1
run bash -o pipefail -c 'cat s.tar | clap-embed --tar - --name s.tar -o small.h5 --max-member 0.05'
expect '--max-member: the others are kept' exits 1
expect '--max-member: each is named' says 's.tar/c3.flac: has'
refuses 66 'not a whole tar file' bash -o pipefail -c 'head -c 5000 /dev/urandom | clap-embed --tar - -o none.h5'
refuses 66 'none.tar' clap-embed --tar none.tar -o none.h5
tar -cf empty.tar -T /dev/null
refuses 66 'no members with a key' bash -o pipefail -c 'cat empty.tar | clap-embed --tar - -o none.h5'
input=s.tar refuses 65 'use --tar -' clap-embed - -o none.h5
refuses 64 'standard input' clap-embed - --tar - -o none.h5
refuses 64 '--name' clap-embed s.tar --name x -o none.h5
refuses 64 '--max-member' clap-embed --tar s.tar --max-member 0 -o none.h5

# What a command writes, if the user allows it.
refuses 64 'only --allow-pipe runs' clap-embed 'pipe:cat s.tar' -o none.h5
refuses 64 'only --allow-pipe runs' clap-embed --tar 'pipe:cat s.tar' -o none.h5
echo 'pipe:touch touched; cat s.tar' >commands
refuses 64 'only --allow-pipe runs' clap-embed --files-from commands -o none.h5
input=commands refuses 64 'only --allow-pipe runs' clap-embed - -o none.h5
printf 'audio\tlabel\npipe:touch touched; cat s.tar\tx\n' >manifest.tsv
refuses 66 'pipe:touch' clap-embed --allow-pipe manifest.tsv -o none.h5
expect 'nothing was run' test ! -e touched
quietly clap-embed --allow-pipe --tar 'pipe:gzip -c s.tar' --name s.tar -o command.h5
like_file command.h5 'a command'
quietly clap-embed --allow-pipe --files-from commands -o listed.h5
expect 'a command in a list' equal "$(ids listed.h5 | head -n 1)" s.tar/c1.flac
cp s.tar s1.tar
cp s.tar s2.tar
quietly clap-embed --allow-pipe 'pipe:cat s{1..2}.tar' -o two.h5
expect 'ranges in commands' equal "$(ids two.h5 | sed -n '1p;$p')" $'s1.tar/c1.flac\ns2.tar/c6.flac'
run clap-embed --allow-pipe 'pipe:cat s.tar; exit 3' 'pipe:cat s1.tar' 'pipe:head -c 300000 s2.tar' -o failed.h5
expect 'a command that fails: exit code' exits 1
expect 'a command that fails: said' says 's.tar: its command exits with 3'
expect 'a command that is cut off: said' says 's2.tar: not a whole tar file'
expect 'a command that fails: its rows are kept' equal "$(ids failed.h5 | grep -c '^s.tar/')" 6
refuses 66 'exits with 127' clap-embed --allow-pipe 'pipe:no-such-command 2>/dev/null' -o none.h5
quietly clap-classify --allow-pipe 'pipe:cat s.tar' --labels labels.txt
expect 'clap-classify: a command' equal "$(cut -f 1 "$work/out" | grep -c '^s.tar/c')" 6
clap-embed --allow-pipe 'pipe:cat s.tar; sleep 61' -o slow.h5 2>"$work/err" &
job=$!
sleep 4
kill -TERM $job
code=0
timeout 20 tail --pid=$job -f /dev/null || kill -9 $job
wait $job || code=$?
expect 'a command that does not end: SIGTERM' exits 143

# An interrupted run goes on where it was, when the stream is given again.
for i in $(seq 40); do cp "$clips/misc_crow.flac" "members/m$i.flac"; done
(cd members && tar -cf ../long.tar m*.flac c*)
slow() { python3 -c 'import sys, time
data = open("long.tar", "rb").read()
step = len(data) // 40 + 1
for at in range(0, len(data), step):
    sys.stdout.buffer.write(data[at:at + step]); sys.stdout.buffer.flush(); time.sleep(0.1)'; }
again=(clap-embed --tar - --name long.tar -o resumed.h5 --batch 4 --resume -q)
input=long.tar quietly "${again[@]}"
mv resumed.h5 whole.h5
for signal in TERM KILL TERM; do
  slow 2>/dev/null | "${again[@]}" 2>"$work/err" &
  sleep 2.2
  pkill -$signal -f -- "--name long.tar -o resumed.h5" || true
  wait || true
  expect "$signal: no output yet" test ! -e resumed.h5
done
input=long.tar quietly "${again[@]}"
expect 'resumed: the same bytes' cmp resumed.h5 whole.h5
input=long.tar quietly "${again[@]}"
input=s.tar refuses 73 'other inputs' "${again[@]}"
finish
