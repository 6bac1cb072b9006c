#!/usr/bin/env bash
# usage: headers.sh TREE COMPILER EVERY
# Each public header of an installation compiles alone, without a library's own headers; of many, each EVERY-th.
set -euo pipefail
tree=${1:?installed tree} compiler=${2:?compiler} every=${3:?number}
failures=0 read=0
while read -r header; do
  read=$((read + 1))
  "$compiler" -std=c++20 -Wall -Wextra -Werror -fsyntax-only -I "$tree/include" -include "$header" -x c++ /dev/null ||
    failures=$((failures + 1))
done < <(cd "$tree/include" && find . -name '*.hpp' | sort | sed 's|^\./||' | awk -v n="$every" 'NR % n == 0')
echo "$read headers, $failures do not compile alone"
[[ $failures -eq 0 && $read -gt 4 ]]
