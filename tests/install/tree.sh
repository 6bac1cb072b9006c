#!/usr/bin/env bash
# usage: tree.sh BUILD TREE SOURCE
# Installs a build folder into a new folder, moves that to TREE, and looks whether all is there and nothing of the way there.
set -euo pipefail
build=$(cd "${1:?build folder}" && pwd) tree=${2:?folder to move the installation to} source_dir=${3:?source folder}
rm -rf "$tree" "$tree.first"
cmake --install "$build" --prefix "$tree.first" >"$tree.log"
mv "$tree.first" "$tree"
failures=0
expect() {
  local what=$1
  shift
  "$@" || { echo "FAILED: $what"; failures=$((failures + 1)); }
}

for page in "$source_dir"/man/*; do
  expect "man page $page" cmp -s "$page" "$tree/share/man/man${page##*.}/$(basename "$page")"
done
for tool in embed index query classify eval train model; do
  expect "clap-$tool" test "$("$tree/bin/clap-$tool" --version)" = "$("$build/bin/clap-$tool" --version)"
  for completion in bash-completion/completions/clap-$tool fish/vendor_completions.d/clap-$tool.fish; do
    expect "$completion" test -s "$tree/share/$completion"
  done
done
for file in zsh/site-functions/_clap-tools clap-tools/vocab-bert-base-uncased.txt doc/clap-tools/LICENSE doc/clap-tools/copyright; do
  expect "share/$file" test -s "$tree/share/$file"
done
expect 'no internal header' test -z "$(grep -rl '^// Internal to the room' "$tree/include")"
expect 'no header of LibTorch' test -z "$(grep -rlE '#include <(ATen|torch|c10)/' "$tree/include")"
for folder in "$tree.first" "$build"; do
  left=$(grep -rlF "$folder" "$tree" || true)
  expect "no trace of $folder, but in: $left" test -z "$left"
done
for program in "$tree"/bin/*; do
  path=$(readelf -d "$program" | sed -nE 's/.*R(UN)?PATH.*\[(.*)\]/\2/p')
  [[ -z ${CMAKE_TOOLCHAIN_FILE-} ]] || path=${path%":${CMAKE_TOOLCHAIN_FILE%/*}/usr/lib/"*}  # after scripts/setup --prefix
  expect "$program: run path '$path'" [ "$path" = "\$ORIGIN/../lib/clap-tools" ]
done
[[ $failures -eq 0 ]]
