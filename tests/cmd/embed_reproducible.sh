#!/usr/bin/env bash
# usage: embed_reproducible.sh BIN SOURCE [SHARED]
# The same command gives the same bytes; outputs, pipes and what is left alone.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
make_tiny_model
make_wav long.wav 1184000
export SOURCE_DATE_EPOCH=1000000000

quietly clap-embed "$clips" long.wav --frames -o a.h5
mv a.h5 first.h5
quietly clap-embed "$clips" long.wav --frames -o a.h5
expect 'the same command, the same bytes' cmp -s a.h5 first.h5
expect 'SOURCE_DATE_EPOCH' equal "$(attribute a.h5 created)" 2001-09-09T01:46:40Z
SOURCE_DATE_EPOCH=soon run clap-embed "$clips" -o epoch.h5
expect 'a SOURCE_DATE_EPOCH that is no number' not exits 70

# Outputs.
cp first.h5 kept.h5
refuses 73 'first.h5' clap-embed "$clips" -o first.h5
expect 'an existing output is left alone' cmp -s first.h5 kept.h5
quietly clap-embed "$clips/misc_crow.flac" --force -o first.h5
expect '--force' equal "$(attribute first.h5 rows)" 1
echo text >notes
refuses 73 notes clap-embed "$clips" -o notes
refuses 73 no/such clap-embed "$clips" -o no/such/folder.h5
refuses 73 /proc clap-embed "$clips" -o /proc/out.h5
refuses 73 /dev/full clap-embed "$clips" -o /dev/full --force
clap-embed "$clips" -o - | cat >piped.h5
expect 'a pipe: the same rows' equal "$(h5_check rows piped.h5 | cut -f1-3)" "$(h5_check rows a.h5 | cut -f1-3 | head -6)"
quietly clap-embed "$clips" -o named.h5
expect 'a pipe: the same values' equal "$(h5_check difference piped.h5 named.h5)" 0
clap-embed "$clips" -o - >/dev/full 2>"$work/err" || code=$?
expect 'a full disk' exits 74
expect 'a full disk: one line' says_lines 1
codes=$(set +eo pipefail; clap-embed "$clips" -o - 2>"$work/err" | true; echo "${PIPESTATUS[0]}")
expect 'a closed pipe: ended by SIGPIPE' equal "$codes" 141
expect 'a closed pipe: without a word' says_nothing

# Nothing is written beside the output, and no network is needed.
mkdir watched home temporary
cd watched
export HOME=$PWD/../home TMPDIR=$PWD/../temporary
if unshare -rn true 2>/dev/null; then
  quietly unshare -rn clap-embed "$clips" -o only.h5
else
  echo 'no network namespaces here: the run has whatever network there is'
  quietly clap-embed "$clips" -o only.h5
fi
expect 'only the output' equal "$(find . ../home ../temporary -type f)" ./only.h5

# A Python user reads it in three lines.
if python3 -c 'import h5py' 2>/dev/null; then
  run python3 -c 'import h5py, sys
f = h5py.File(sys.argv[1])
print(f["id"].asstr()[0], f["embeddings"].shape, f.attrs["complete"])' only.h5
  expect 'h5py' prints "$clips/ambi_choir.flac (6, 32) 1"
else
  echo 'no h5py here: not tried'
fi
cd ..

# Help and version come at once: 50 ms of a usual processor, counted in instructions, which no slow or busy machine changes.
most=130000000
instructions() {
  valgrind --tool=cachegrind --cache-sim=no --cachegrind-out-file=/dev/null "$@" 2>&1 >/dev/null |
    sed -nE 's/.*I +refs: +([0-9,]+)$/\1/p' | tr -d ,
}
command -v valgrind >/dev/null || echo 'no valgrind here: the time of --help is not tried'
for program in "$bin"/clap-*; do
  if command -v valgrind >/dev/null; then
    count=$(instructions "$program" --help)
    expect "${program##*/} --help: $count instructions" at_most "$count" $most
  fi
  quietly "$program" --help
  expect "${program##*/} --help: an example" grep -q '^Example' "$work/out"
  quietly "$program" --version
  expect "${program##*/} --version" grep -qE "^${program##*/} [0-9]+\.[0-9]+\.[0-9]+$" "$work/out"
done
finish
