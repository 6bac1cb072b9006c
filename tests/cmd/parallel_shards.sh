#!/usr/bin/env bash
# usage: parallel_shards.sh BIN SOURCE [SHARED]
# examples/parallel with the real xargs, and GNU parallel where it is: the index of one run, and a repetition after a
# failure runs only what is missing.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tests/cmd/shard_lib.sh
. "$source_dir/tests/cmd/shard_lib.sh"

make_tiny_model
make_corpus 22
undisturbed
for with in parallel xargs; do
  if ! command -v "$with" >/dev/null; then
    echo "not tried: $with is not installed"
    continue
  fi
  example=$source_dir/examples/parallel/embed-with-$with
  run "$example" corpus "$with" 4
  expect "$with" exits 0
  expect_undisturbed "$with"
  rm "$with/part-2.h5"
  touch -d '1 hour ago' "$with"/part-*.h5
  [[ $with != parallel ]] || sed -i -E 's/^(3\t.*\t)0(\t0\t)/\1143\2/' "$with/jobs.log"  # part 2 is the third job
  run "$example" corpus "$with" 4
  expect "$with, again" exits 0
  expect "$with: only the missing part" equal "$(find "$with" -name 'part-*.h5' -newermt '30 minutes ago')" "$with/part-2.h5"
  expect_undisturbed "$with"
done
finish
