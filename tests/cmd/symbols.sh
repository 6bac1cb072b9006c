#!/usr/bin/env bash
# usage: symbols.sh LIBRARY.a... [-- PROGRAM...] | symbols.sh --self-test
# The libraries neither print nor end the process; the programs start without LibTorch.
set -euo pipefail
export LC_ALL=C

# Undefined symbols, demangled. Not here, on purpose: std::terminate (the compiler's for noexcept
# and std::thread), __assert_fail (assert is for our bugs), std::cin and stdin (for "-"), and
# FILE functions such as fwrite, which serve open files: stdout and stderr are what betrays them.
forbidden='(__)?v?printf(_chk)?|puts|putchar|perror|psignal|v?(err|warn)x?'
forbidden+='|stdout|stderr|std::w?(cout|cerr|clog)|_?_?exit|_Exit|quick_exit|abort|raise'

# The one process that a library ends is a child of its own.
allowed='verify_apart.cpp.o _exit'

check_library() {
  nm --demangle --undefined-only "$1" |
    awk -v library="${1##*/}" -v forbidden="^(${forbidden})(@.*)?\$" -v allowed="$allowed" '
      /:$/ { member = substr($0, 1, length($0) - 1); next }
      { sub(/^ *[Uwv] /, ""); use = $0; sub(/@.*/, "", use) }
      $0 ~ forbidden && member " " use != allowed { print library "(" member "): uses " $0 }'
}

check_program() {
  ldd "$1" | awk -v program="${1##*/}" \
    '$1 ~ /^lib(torch|c10)/ { print program ": loads " $1 }'
}

check() {
  local argument checker=check_library
  for argument in "$@"; do
    if [[ $argument == -- ]]; then
      checker=check_program
    else
      "$checker" "$argument"
    fi
  done
}

# Each planted use must be found, and a quiet library must pass.
self_test() {
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  cd "$work"
  local compiler=${CXX:-g++} found expected
  cat >quiet.cpp <<'SOURCE'
#include <fstream>
#include <iostream>
#include <thread>
int lines() noexcept { int n = 0; std::string s; while (std::getline(std::cin, s)) ++n; return n; }
void store(const char* path) { std::ofstream(path) << lines(); std::thread(lines).join(); }
SOURCE
  cat >loud.cpp <<'SOURCE'
#include <unistd.h>
#include <cstdio>
#include <cstdlib>
#include <iostream>
void a(int n) { std::printf("%d", n); std::fputs("x", stderr); std::cout << n; std::cerr << n; }
void b(int n) { if (n == 1) std::exit(n); if (n == 2) std::abort(); if (n == 3) _exit(n); }
SOURCE
  "$compiler" -O2 -c quiet.cpp loud.cpp
  ar rc quiet.a quiet.o
  ar rc loud.a quiet.o loud.o
  echo 'int f() { return 0; }' >torch.cpp
  "$compiler" -shared -fPIC torch.cpp -o libtorch_cpu.so
  echo 'int f(); int main() { return f(); }' >main.cpp
  "$compiler" main.cpp -o with_torch -L. -ltorch_cpu -Wl,--no-as-needed,-rpath,.
  echo 'int main() {}' | "$compiler" -x c++ - -o without_torch

  found=$(check quiet.a -- ./without_torch)
  [[ -z $found ]] || { printf 'false alarm:\n%s\n' "$found"; return 1; }
  found=$(check loud.a -- ./with_torch | sed 's/.*: //; s/@.*//' | sort | tr '\n' ',')
  expected='loads libtorch_cpu.so,uses _exit,uses abort,uses exit,uses printf,'
  expected+='uses std::cerr,uses std::cout,uses stderr,'
  printf 'planted %s\nfound   %s\n' "$expected" "$found"
  [[ $found == "$expected" ]]
}

if [[ ${1-} == --self-test ]]; then
  self_test
else
  [[ $# -gt 0 ]] || { echo "usage: symbols.sh LIBRARY.a... [-- PROGRAM...]" >&2; exit 64; }
  found=$(check "$@")
  [[ -z $found ]] || { printf '%s\n' "$found"; exit 1; }
fi
