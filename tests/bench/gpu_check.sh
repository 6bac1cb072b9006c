#!/usr/bin/env bash
# usage: gpu_check.sh BUILD-DIR SOURCE-DIR
# scripts/gpu-check on a processor, with what is built already: what it leaves, that it resumes, what it says of failures;
# and a configure on a machine without pkg-config and packages.
set -euo pipefail
export LC_ALL=C
build=$(cd "${1:?build folder}" && pwd)
source_dir=$(cd "${2:?source folder}" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

check() {  # COMMAND...: output, messages and exit code go to $work
  code=0
  "$source_dir/scripts/gpu-check" "$@" >"$work/stdout" 2>"$work/stderr" || code=$?
}
expect() {  # WHAT CONDITION...
  local what=$1
  shift
  "$@" && return
  failures=$((failures + 1))
  printf 'FAILED: %s\ncode %s\n' "$what" "$code"
  cat "$work/stderr"
  [[ ! -f $work/results/gpu-check.md ]] || cat "$work/results/gpu-check.md"
}
exits() { [[ $code -eq $1 ]]; }
says() { grep -qF -- "$1" "$work/stderr"; }
has() { grep -qE -- "$2" "$1"; }
lacks() { ! grep -qE -- "$2" "$1"; }
table=$work/results/gpu-check.md

# Stand-ins for what was built: quick, and they fail when told to.
mkdir -p "$work/build/bin"
for room in model optimize engine; do
  cat >"$work/build/bin/tests_$room" <<'SCRIPT'
#!/bin/bash
echo "$CLAPTOOLS_TEST_DEVICE $*" >>"$CALLS"
if [[ -n ${SKIP-} ]]; then
  printf '%s\n' '[ RUN      ] Cuda.Near' 'no CUDA device here' '[  SKIPPED ] Cuda.Near (0 ms)'
  exit
fi
echo '[ RUN      ] Cuda.Near'
if [[ -n ${FAIL-} ]]; then
  printf '%s\n' 'a cosine of 0.5' '[  FAILED  ] Cuda.Near (3 ms)'
  exit 1
fi
printf '%s\n' '[       OK ] Cuda.Near (3 ms)' '[ RUN      ] Cuda.Tf32' 'not here' '[  SKIPPED ] Cuda.Tf32 (0 ms)'
SCRIPT
done
cat >"$work/build/bin/bench_encoder" <<'SCRIPT'
#!/bin/bash
[[ -z ${SLOW-} ]] || sleep 600
printf 'precision\tworkers\tbatch\tclips_per_s\tgraphs\nfp32\t1\t1\t20.00\t-\n'
SCRIPT
# An eager side as it would print, in place of PyTorch.
cat >"$work/python3" <<'SCRIPT'
#!/bin/bash
[[ $2 == eager ]] || exec python3 "$@"
printf 'precision\tworkers\tbatch\tclips_per_s\tgraphs\nfp32\t1\t1\t8.00\teager\n'
SCRIPT
chmod +x "$work/build/bin/"* "$work/python3"
export CALLS=$work/calls CLAP_PYTHON=$work/python3
run_stand_ins() { check --device cpu --quick --build "$work/build" "$@" "$work/results"; }

export FAIL=1 SLOW=1
run_stand_ins --limit 15
unset FAIL SLOW
expect 'failures: exit 1' exits 1
expect 'a failed test and its words' has "$table" 'a cosine of 0\.5'
expect 'a step beyond its time' has "$table" '\| encoder \| timed out'

: >"$CALLS"
run_stand_ins
expect 'then all passes' exits 0
expect 'what failed is done again' has "$CALLS" '^cpu .*CudaTrainer'
expect 'tests that were skipped are counted' has "$table" '\| model \| passed \| [0-9]+ \| 1 passed, 1 skipped \|'
expect 'the ratio to eager PyTorch' has "$table" '\| fp32 \| - \| 1 \| 1 \| 20\.00 \| 2\.50 \|'

: >"$CALLS"
run_stand_ins
expect 'what passed is not done again' lacks "$CALLS" .
expect 'and said' says 'trainer: passed before'
expect 'three files' [ "$(cd "$work/results" && echo *)" = 'gpu-check.json gpu-check.log gpu-check.md' ]
expect 'JSON' python3 -c "import json; json.load(open('$work/results/gpu-check.json'))['steps']['model']['tests'][1]"

rm -r "$work/results"
export SKIP=1
run_stand_ins
unset SKIP
expect 'all tests skipped: a failure' exits 1
expect 'and the reason' has "$table" 'no CUDA device here'

rm -r "$work/results"
run_stand_ins --budget 1
expect 'no time: exit 75' exits 75
expect 'no time: said' has "$table" '\| machine \| not begun'

rm -r "$work/results"
unset CLAP_PYTHON
check --device cpu --quick --build "$build" "$work/results"
expect 'what is built here: exit 0' exits 0
expect 'the CUDA tests, tried on the processor' has "$table" '\| trainer \| passed \| [0-9]+ \| [1-9]'
expect 'the encoder' has "$table" '\| fp32 \| - \| 1 \| 1 \| [0-9]'

check --device tpu
expect 'another device: exit 64' exits 64
check --device cpu --budget
expect 'no budget: exit 64' exits 64

# A bare machine: no pkg-config, no packages of GoogleTest and JSON.
check --pack "$work/deps"
if [[ $code -eq 69 ]]; then
  expect 'nothing to pack: said' says 'googletest and nlohmann-json3-dev'
else
  expect 'packed' exits 0
  torch=$(sed -n 's/^LibTorch_REMEMBERED:INTERNAL=//p' "$build/CMakeCache.txt")
  code=0
  cmake -S "$source_dir" -B "$work/bare" -G Ninja -DCLAPTOOLS_TOOLS=OFF -DCLAPTOOLS_MPI=OFF -DLibTorch_ROOT="$torch" \
    -DCMAKE_DISABLE_FIND_PACKAGE_PkgConfig=ON -DCMAKE_DISABLE_FIND_PACKAGE_GTest=ON \
    -DCMAKE_DISABLE_FIND_PACKAGE_nlohmann_json=ON -DCLAPTOOLS_GTEST_SOURCE="$work/deps/googletest" \
    -DCLAPTOOLS_JSON_INCLUDE="$work/deps/include" >"$work/stdout" 2>"$work/stderr" || code=$?
  expect 'a bare machine configures' exits 0
  expect 'with the targets that gpu-check builds' ninja -C "$work/bare" -n tests_model tests_optimize tests_engine \
    tests_features bench_encoder >/dev/null
fi
echo "$failures failures"
[[ $failures -eq 0 ]]
