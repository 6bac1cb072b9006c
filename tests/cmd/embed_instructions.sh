#!/usr/bin/env bash
# usage: embed_instructions.sh BIN SOURCE SHARED LIBTORCH_VERSION
# Instructions of clap-embed for a recording, which no load on the machine can change: fails at 5 % more than
# was counted. Valgrind shows every machine the same processor, so the same code is chosen.
# 77: no valgrind, no AVX2, or another LibTorch than the one counted with.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
counted=230000000 libtorch=2.13
skip() { echo "embed_instructions: skipped: $*"; exit 77; }
command -v valgrind >/dev/null || skip "no valgrind"
grep -qw avx2 /proc/cpuinfo || skip "counted on a processor with AVX2, which Valgrind shows where there is one"
[[ ${4-} == "$libtorch"* ]] || skip "counted with LibTorch $libtorch, this is ${4-unknown}"

make_tiny_model
mkdir some
for i in {1..5}; do cp "$clips/perc_bell.flac" "some/$i.flac"; done

# count FILES OUTPUT
count() {
  valgrind --tool=callgrind --callgrind-out-file=/dev/null --log-file="$2.log" \
    clap-embed --threads 1 -q -o "$2.h5" "some/"[1-"$1"].flac
  sed -n 's/.*Collected : \([0-9]*\).*/\1/p' "$2.log" >"$2.count"
}
count 1 one & count 5 five
wait
each=$((($(<five.count) - $(<one.count)) / 4))
echo "embed_instructions: $each instructions a recording, $((each * 100 / counted)) % of $counted"
expect "no more than 105 %" test "$each" -le $((counted + counted / 20))
finish
