#!/usr/bin/env bash
# usage: stream_example.sh BIN SOURCE [SHARED]
# examples/stream: shards from a store give the rows of the same shards as files, and a repetition fetches what was missing.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
command -v curl >/dev/null || { echo 'curl is not installed'; exit 77; }
make_tiny_model
run "$source_dir/examples/stream/demo" demo
expect 'the demonstration' exits 0
expect 'a recording finds itself' grep -qP '^-\t1\t1.000000\thttp://127.0.0.1:\d+/sounds-0.tar/ambi_choir.flac\t' "$work/out"
expect 'a shard through a pipe' equal "$(grep -c '^sounds-1.tar/' "$work/out")" 2
quietly clap-embed demo/store/sounds-{0..2}.tar -o files.h5
expect 'the rows of the files' equal "$(h5_check rows demo/work/corpus.h5 | cut -f 2-)" "$(h5_check rows files.h5 | cut -f 2-)"

# A shard that cannot be fetched costs its rows; --retry-failed is not for streams, the job is repeated.
cat >curl <<'SH'
#!/bin/sh
for url; do :; done
[ -e here ] || case $url in *sounds-1.tar) exit 22 ;; esac
exec cat "demo/store/${url##*/}"
SH
chmod +x curl
PATH=$PWD:$PATH
run "$source_dir/examples/stream/embed-from-store" work 2 http://store/sounds-{0..2}.tar
expect 'one is missing: exit code' exits 0
expect 'one is missing: said' says 'sounds-1.tar: its command exits with 22'
expect 'one is missing: the others' equal "$(ids work/corpus.h5 | grep -c 'sounds-[02].tar')" 4
touch here
rm work/part-*.h5
run "$source_dir/examples/stream/embed-from-store" work 2 http://store/sounds-{0..2}.tar
expect 'again' exits 0
expect 'again: all of them' equal "$(ids work/corpus.h5 | wc -l)" 6
run "$source_dir/examples/stream/embed-from-store" work 2 "http://store/a b.tar"
expect 'a strange URL' exits 64
finish
