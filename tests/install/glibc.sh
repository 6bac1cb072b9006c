#!/usr/bin/env bash
# usage: glibc.sh FOLDER SOURCE COMPILER
# A program that needs a new glibc, made to do with an old one as scripts/bundle makes its programs, and libraries beside it, in
# FOLDER/glibc; it needs what it should, and runs here. tests/install/bundle runs it on older systems.
set -euo pipefail
folder=${1:?folder}/glibc source_dir=${2:?source folder} compiler=${3:?compiler}
command -v patchelf >/dev/null || { echo 'skipped: needs patchelf'; exit 77; }
rm -rf "$folder"
mkdir -p "$folder"
# shellcheck disable=SC2016  # the loader expands $ORIGIN
"$compiler" -std=c++20 -O1 -Wall -Wextra -pthread -o "$folder/check" "$source_dir/tests/install/glibc_check.cpp" \
  -Wl,--enable-new-dtags,-rpath,'$ORIGIN'
for library in libstdc++.so.6 libgcc_s.so.1; do
  cp -L "$("$compiler" -print-file-name="$library")" "$folder/$library"
done
# versions FILE...: of glibc that they need.
versions() { readelf --version-info --wide "$@" | grep -oE 'Name: GLIBC_[0-9.]+' | sed 's/.*_//' | sort -uV; }
before=$(versions "$folder"/* | tail -n 1)
stated=$("$source_dir/scripts/package/lower_glibc" "$folder" "$folder"/*)
after=$(versions "$folder"/* | tail -n 1)
echo "glibc $before, then $after"
failures=0
expect() { [[ $2 == "$3" ]] || { echo "FAILED: $1: $2, not $3"; failures=$((failures + 1)); }; }
expect 'what is printed' "$stated" "$after"
expect 'at most 2.28' "$(printf '%s\n' "$after" 2.28 | sort -V | tail -n 1)" 2.28
expect 'it needed more before' "$(printf '%s\n' "$before" 2.34 | sort -V | head -n 1)" 2.34
for lazily in 0 1; do
  expect "it runs, LD_BIND_NOW=$lazily" "$(LD_BIND_NOW=${lazily#0} "$folder/check" | tail -n 1)" '0 failures'
done
echo "$failures failures"
[[ $failures -eq 0 ]]
