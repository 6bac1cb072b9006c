#!/usr/bin/env bash
# usage: embed_shards.sh BIN SOURCE [SHARED]
# Shards of a list merge to what one run makes; --verify tells every damage that changes what a file says. FLIPS sets how many
# bytes are damaged.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
make_tiny_model
export SOURCE_DATE_EPOCH=1000000000
flips=${FLIPS:-150}
seed_random 20
make_wav long.wav 1184000
mkdir in
for i in 1 2 3 4 5 6 7; do cp "$clips/misc_crow.flac" in/$i.flac; done
cp long.wav in/33.wav
echo text >in/55.wav

for options in '' '--frames --dtype f16'; do
  # shellcheck disable=SC2086  # several words
  {
    run clap-embed in $options -o all.h5 --force
    expect "$options: one fails" exits 1
    for i in 0 1 2 3; do run clap-embed in $options --shard $i/4 -o shard$i.h5 --force; done
  }
  quietly clap-embed --merge shard2.h5 shard0.h5 shard3.h5 shard1.h5 -o merged.h5 --force
  expect "$options: merged shards are one run" same merged.h5 all.h5
  quietly clap-embed --merge --virtual shard2.h5 shard0.h5 shard3.h5 shard1.h5 -o virtual.h5 --force
  expect "$options: by reference, too" same virtual.h5 all.h5
  expect "$options: by reference, as HDF5 reads it" equal "$(h5_check matrix all.h5 virtual.h5 embeddings)" 0
  quietly clap-embed --verify all.h5 shard?.h5 merged.h5 virtual.h5
done
expect 'a shard knows its place' equal "$(attribute shard2.h5 shard)" 2/4
expect 'what is merged is none' equal "$(attribute merged.h5 shard)" 0/0
SLURM_ARRAY_TASK_ID=7 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_STEP=2 \
  run clap-embed in --frames --dtype f16 --shard slurm -o slurm.h5
expect 'a task of a job array' same slurm.h5 shard3.h5
for i in 0 1 2; do run clap-embed in/1.flac in/2.flac --shard $i/3 -o few$i.h5; expect 'a small shard' exits 0; done
expect 'a shard without inputs' equal "$(attribute few0.h5 rows)" 0
quietly clap-embed --merge few?.h5 -o few.h5
quietly clap-embed --merge few1.h5 few2.h5 few0.h5 -o few.h5 --force
expect 'and merged' equal "$(ids few.h5)" $'in/1.flac\nin/2.flac'

# A file that refers to others: they are found beside and below it, also elsewhere, and must be what they were.
mkdir -p set/parts
cp shard[01].h5 set/parts
cp shard2.h5 'set/50%b.h5'
quietly clap-embed --merge --virtual set/parts/shard?.h5 'set/50%b.h5' shard3.h5 -o set/all.h5
mv set moved
expect 'moved: the same' same moved/all.h5 all.h5
expect 'moved: as HDF5 reads it' equal "$(h5_check matrix all.h5 moved/all.h5 embeddings)" 0
quietly clap-embed --verify moved/all.h5
cp moved/all.h5 alone.h5
refuses 65 'alone.h5: its rows lie in parts/shard0.h5, and there is no such file' clap-embed --verify alone.h5
mkdir -p parts
mkfifo parts/shard0.h5
refuses 65 'and there is no such file' clap-embed --verify alone.h5
quietly clap-embed --merge moved/all.h5 -o copied.h5
expect 'copied: the same' same copied.h5 all.h5
cp moved/parts/shard1.h5 kept.h5
cp alone.h5 moved/parts/shard1.h5
refuses 65 "shard1.h5: dataset 'embeddings' lies in other files" clap-embed --verify moved/all.h5
cp moved/all.h5 moved/parts/shard1.h5
refuses 65 "shard1.h5: dataset 'embeddings' lies in other files" clap-embed --merge moved/all.h5 -o none.h5
clap-embed in --frames --dtype f16 --shard 1/4 --hop 5 --window 10 -o moved/parts/shard1.h5 --force 2>"$work/err" || true
refuses 65 'which is not the file that it was made of' clap-embed --verify moved/all.h5
cp kept.h5 moved/parts/shard1.h5
quietly clap-embed --verify moved/all.h5
for share in 98 95 92 89 86 83 80; do  # until it is among the frames
  cp kept.h5 moved/parts/shard1.h5
  at=$(($(stat -c %s kept.h5) * share / 100))
  head -c 64 /dev/zero | dd of=moved/parts/shard1.h5 bs=1 seek=$at conv=notrunc status=none
  run clap-embed --verify moved/parts/shard1.h5
  says "dataset 'frames/embeddings': rows" && break
done
refuses 65 'do not match their checksum' clap-embed --verify moved/all.h5
refuses 65 "moved/all.h5: dataset 'embeddings' lies in other files" clap-embed --merge --virtual moved/all.h5 -o none.h5
refuses 64 'is the input shard2.h5' clap-embed --merge --virtual shard?.h5 -o shard2.h5 --force
refuses 64 '--virtual: needs --merge' clap-embed in --virtual -o none.h5
refuses 64 'needs an output file' clap-embed --merge --virtual shard?.h5 -o -

# A list of a million names takes little more than the names (61 MB).
peak() { python3 -c 'import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdin=open("names"), stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' "$@"; }
seq -f '/data/corpus/2026/station-17/a-recording-of-the-left-%08.0f.wav' 1 >names
of_one=$(peak clap-embed - --shard 0/1 -o none.h5)
seq -f '/data/corpus/2026/station-17/a-recording-of-the-left-%08.0f.wav' 1000000 >names
of_million=$(peak clap-embed - --shard 0/1000000 -o none.h5 --force)
rm names none.h5
echo "list of 1: $of_one KiB, of 1,000,000: $of_million KiB"
expect 'a million inputs take 200 MB at most' test $((of_million - of_one)) -le 200000

refuses 64 '--shard' clap-embed in --shard 4/4 -o none.h5
refuses 64 '--shard' clap-embed in --shard 1 -o none.h5
refuses 64 'SLURM_ARRAY_TASK_ID' clap-embed in --shard slurm -o none.h5
refuses 64 '--shard' clap-embed --text in --shard 0/2 -o none.h5
refuses 65 'shard 1/4: is missing' clap-embed --merge shard0.h5 shard2.h5 shard3.h5 -o none.h5
cp shard2.h5 copy.h5
refuses 65 'copy.h5: is shard 2/4 as shard2.h5 is' clap-embed --merge shard?.h5 copy.h5 -o none.h5
quietly clap-embed in/1.flac -o one.h5
quietly clap-embed in/2.flac -o two.h5
refuses 65 'one.h5: is given twice' clap-embed --merge one.h5 two.h5 one.h5 -o none.h5
quietly clap-embed --merge two.h5 one.h5 -o both.h5
expect 'files as given' equal "$(ids both.h5)" $'in/2.flac\nin/1.flac'
quietly clap-embed in/2.flac --pool mean -o mean.h5
refuses 65 'mean.h5: was made with other options than one.h5' clap-embed --merge one.h5 mean.h5 -o none.h5
clap-model synth -o other --config "$source_dir/examples/demo-model.json" --salt other --gain 64
quietly clap-embed in/2.flac --model other -o other.h5
refuses 65 'other.h5: was made with another model' clap-embed --merge one.h5 other.h5 -o none.h5
refuses 73 'both.h5' clap-embed --merge one.h5 two.h5 -o both.h5
refuses 64 '--verify' clap-embed --merge --verify one.h5 -o none.h5
expect 'no file from a refused run' test ! -e none.h5

# A file that was cut off, at every step.
size=$(stat -c %s all.h5)
for ((cut = 0; cut < size; cut += 4096)); do
  head -c $cut all.h5 >cut.h5
  run clap-embed --verify cut.h5
  expect "cut at $cut of $size" exits 65
  expect "cut at $cut: one line" says_lines 1
done

# briefly COMMAND...: with a limit of processor time, in seconds.
briefly() { bash -c 'ulimit -St "$0"; exec "$@"' "$@"; }

# A heap of texts in which HDF5 goes round in circles: object 0 of size 0.
cp all.h5 endless.h5
at=$(grep -abo GCOL all.h5 | sed -n '1s/:.*//p')
head -c 16 /dev/zero | dd of=endless.h5 bs=1 seek=$((at + 16)) conv=notrunc status=none
refuses 65 'endless.h5: damaged: the HDF5 library never finishes reading it' briefly 1 clap-embed --verify endless.h5
clap-embed --verify endless.h5 2>"$work/err" &
job=$! code=0 child=
for ((i = 0; i < 200; ++i)); do
  read -r child </proc/$job/task/$job/children || true
  [[ -z $child ]] || break
  sleep 0.05
done
sleep 0.3
expect 'endless: still at it' test -d "/proc/${child:-none}"
kill -TERM $job
wait $job || code=$?
expect 'endless: SIGTERM' exits 143
# Where a container's first process does not wait for orphans, what is left of it stays.
goes_on() { [[ $(sed 's/.*) //; s/ .*//' "/proc/$child/stat" 2>/dev/null) == [^ZX] ]]; }
for ((i = 0; i < 100; ++i)); do
  goes_on || break
  sleep 0.05
done
expect 'endless: nothing goes on' not goes_on

# One damaged byte: either it is told, or the file says what it said.
told=0
for ((i = 0; i < flips; ++i)); do
  at=$((RANDOM * 32768 + RANDOM))
  at=$((at % size))
  cp all.h5 flipped.h5
  byte=$(od -An -tu1 -j $at -N1 all.h5)
  # shellcheck disable=SC2059  # the octal code is the format
  printf "\\$(printf %03o $((byte ^ 1 << RANDOM % 8)))" | dd of=flipped.h5 bs=1 seek=$at conv=notrunc status=none
  run briefly 10 clap-embed --verify flipped.h5
  if [[ $code -eq 65 ]]; then
    told=$((told + 1))
    expect "byte $at: says why" says flipped.h5:
  else
    expect "byte $at: told, or of no consequence" same flipped.h5 all.h5
  fi
done
echo "$flips damaged bytes: $told told, the others without consequence"
# Half of so small a file is space that HDF5 leaves free.
expect 'many are told' test $((told * 3)) -gt "$flips"
refuses 66 missing.h5 clap-embed --verify missing.h5
refuses 65 'not an HDF5 file' clap-embed --verify in/1.flac
run clap-embed --verify all.h5 in/1.flac
expect 'the worst counts' exits 65
finish
