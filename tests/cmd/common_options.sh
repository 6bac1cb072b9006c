#!/usr/bin/env bash
# usage: common_options.sh BIN SOURCE [SHARED]
# What all tools share: help, version, usage errors, configuration, environment.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

for tool in "$bin"/clap-*; do
  name=$(basename "$tool")
  run "$tool" --help
  expect "$name --help: success" exits 0
  expect "$name --help: an example" grep -q '^Example:' "$work/out"
  expect "$name --help: nothing on standard error" says_nothing
  expect "$name --help: lines fit a terminal" awk 'length > 110 { exit 1 }' "$work/out"
  run "$tool" --version
  expect "$name --version" grep -qE "^$name [0-9]+\.[0-9]+\.[0-9]+\$" "$work/out"
  refuses 64 "see $name --help" "$tool" --no-such-option
  run bash -c "'$tool' --help >/dev/full"
  expect "$name: disk full" exits 74
done

make_embeddings a.h5 audio m1 <<<$'id start_s end_s vector\na.wav 0 1 1,0\nb\\x.wav 0 1 0,1'
rows() { wc -l <"$work/out"; }
run clap-query a.h5 --embeddings a.h5
expect 'without defaults: all' test "$(rows)" -eq 5
expect 'a backslash is escaped' grep -qF 'b\\x.wav' "$work/out"
run env CLAP_TOP_K=1 clap-query a.h5 --embeddings a.h5
expect 'default from the environment' test "$(rows)" -eq 3
run env CLAP_TOP_K=1 clap-query a.h5 --embeddings a.h5 -k 2
expect 'the command line wins' test "$(rows)" -eq 5
run env CLAP_NO_HEADER=1 clap-query a.h5 --embeddings a.h5
expect 'a flag from the environment' test "$(rows)" -eq 4
refuses 64 "CLAP_ISA: is 'sse9'" env CLAP_ISA=sse9 clap-query a.h5 --embeddings a.h5
refuses 64 'many' env CLAP_THREADS=many clap-query a.h5 --embeddings a.h5
printf 'top-k = 1\nno-header = true\n' >query.toml
run clap-query a.h5 --embeddings a.h5 --config query.toml
expect 'defaults from a file' test "$(rows)" -eq 2
run env CLAP_TOP_K=2 clap-query a.h5 --embeddings a.h5 --config query.toml
expect 'the environment wins over the file' test "$(rows)" -eq 4
printf 'topk = 1\n' >typo.toml
refuses 64 'topk' clap-query a.h5 --embeddings a.h5 --config typo.toml
refuses 66 'nowhere.toml' clap-query a.h5 --embeddings a.h5 --config nowhere.toml
printf '[build]\nfactory = "SQ8"\n' >index.toml
run clap-index --config index.toml build a.h5 -o i.clapindex
expect 'defaults of a subcommand' exits 0
expect 'were taken' test "$(clap-index info i.clapindex --no-header | cut -f 3)" = SQ8
refuses 64 "'gpu'" clap-query a.h5 --embeddings a.h5 --device gpu
refuses 64 "'often'" clap-query a.h5 --embeddings a.h5 --progress often
refuses 64 '--threads' clap-query a.h5 --embeddings a.h5 --threads 0

run clap-index build a.h5 -o p.clapindex --progress always
expect 'progress where it is wanted' says 'indexed 2 rows'
run clap-index build a.h5 -o q.clapindex --progress always -q
expect 'but not with -q' says_nothing
refuses 66 'no\nsuch' clap-index build $'no\nsuch' -o r.clapindex
finish
