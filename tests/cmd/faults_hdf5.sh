#!/usr/bin/env bash
# usage: faults_hdf5.sh BIN SOURCE
# Files that HDF5 itself crashes on: one line that names the file, 65, and nothing half-written.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
ulimit -c 0

make_embeddings a.h5 audio m1 <<<$'id start_s end_s vector\na 0 10 1,0\nb 0 10 0,1'
make_embeddings good.h5 audio m1 <<<$'id start_s end_s vector\nc 0 10 1,0'
cp a.h5 queries.h5
clap-index build good.h5 -o good.clapindex
cp -a good.clapindex before
printf 'id\tcaption\na\tx\n' >truth.tsv
commands=('clap-index build FILE -o x.clapindex' 'clap-index build good.h5 FILE -o x.clapindex'
  'clap-index add good.clapindex FILE' 'clap-query FILE --embeddings good.h5' 'clap-query good.h5 --embeddings FILE'
  'clap-query good.clapindex --embeddings FILE -o x.tsv' 'clap-embed --merge FILE -o x.h5' 'clap-embed --verify FILE'
  'clap-embed --merge good.h5 -o FILE --force' 'clap-eval retrieval --embeddings FILE --truth truth.tsv -o x.tsv'
  'clap-eval tagging --scores FILE --truth truth.tsv -o x.tsv')
untouched() { diff -r good.clapindex before && [[ -z $(find . -name 'x.*' -o -name '.*.part-*') ]]; }

# A crash in a read of HDF5, of each kind, early and late.
crashing() { LD_PRELOAD=$bin/../lib/fail_nth.so READ_ON=/a.h5 FAIL_CALL=crash "$@"; }
for case in 11:2 8:3 6:2; do
  for command in "${commands[@]}"; do
    # shellcheck disable=SC2086  # several words
    FAIL_SIGNAL=${case%:*} FAIL_AT=${case#*:} refuses 65 'a.h5: damaged: the HDF5 library crashes on it' \
      crashing ${command//FILE/a.h5}
  done
done
expect 'crashes leave nothing' untouched

# Sizes of a global heap that reach beyond it: 1.10 crashes on some of them, others may refuse them.
heap=$(grep -obUa GCOL a.h5 | head -n 1 | cut -d: -f1)
# damage FILE OFFSET BYTE...: in the heap.
damage() {
  local file=$1 at=$((heap + $2)) bytes
  printf -v bytes '\\x%s' "${@:3}"
  printf '%b' "$bytes" | dd of="$file" bs=1 seek="$at" conv=notrunc status=none
}
damaged=()
for case in '19 80' '25 7f' '72 ff' '106 ff' '72 ff ff ff ff' '9 0f 00'; do
  file=heap-${case// /-}.h5
  cp a.h5 "$file"
  # shellcheck disable=SC2086
  damage "$file" $case
  damaged+=("$file")
done
for file in "${damaged[@]}"; do
  for command in "${commands[@]}"; do
    # shellcheck disable=SC2086
    run timeout 20 ${command//FILE/$file}
    expect "$command on $file: refused, or read" test "$code" -eq 0 -o "$code" -eq 65 -o "$code" -eq 73
    [[ $code -eq 0 ]] || expect "$command on $file: named in one line" says_lines 1
    rm -rf x.*
  done
  rm -rf good.clapindex && cp -a before good.clapindex
done

# HDF5 gets no memory: that is not said to be damage, but where 1.10 crashes on it or does not tell. Most allocations are made as
# the library starts, and there it always crashes.
without() { LD_PRELOAD=$bin/../lib/fail_nth.so FAIL_CALL=malloc FAIL_AT=$1 FAIL_COUNT=$work/count clap-index info good.clapindex; }
run without 0
expect 'allocations: all are there' exits 0
calls=$(<"$work/count") lacking=0 misjudged=0
for ((at = calls * 3 / 4; at < calls; at += calls / 150)); do
  run without "$at"
  [[ $code -eq 0 ]] && continue
  lacking=$((lacking + 1))
  says 'out of memory' || says 'the HDF5 library crashes on it' || misjudged=$((misjudged + 1))
  expect "allocation $at: ends in words" grep -q '^clap-index: error: ' "$work/err"
  expect "allocation $at: exit code" test "$code" -eq 69 -o "$code" -eq 65
done
expect 'allocations: are needed' test "$lacking" -gt 5
expect "allocations: $misjudged of $lacking misjudged" test $((misjudged * 4)) -le "$lacking"
finish
