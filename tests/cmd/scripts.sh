#!/usr/bin/env bash
# usage: scripts.sh SOURCE-DIR
# Set-up's decisions, with stand-ins for dpkg, apt, sudo, python and pip: nothing is installed.
set -euo pipefail
export LC_ALL=C
source_dir=$(cd "${1:?source folder}" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

# stand_in NAME SCRIPT: a program on the path; each call is written to $work/calls.
stand_in() {
  printf '#!/bin/bash\necho "%s $*" >>%q/calls\n%s\n' "$1" "$work" "$2" >"$work/bin/$1"
  chmod +x "$work/bin/$1"
}

# Everything installed, root, no GPU, a Python without torch, a package index with a CPU wheel, and PyTorch's own out of
# reach.
fresh_machine() {
  rm -rf "${work:?}"/{bin,repo,calls,torch,cpu-index}
  mkdir -p "$work/bin" "$work/repo/scripts"
  cp -r "$source_dir"/scripts/{lib.sh,torch.sh,prefix.sh,cmake} "$work/repo/scripts/"
  : >"$work/calls"
  stand_in dpkg ''
  stand_in dpkg-query 'echo installed'
  stand_in apt-get ''
  stand_in id 'echo 0'
  stand_in python3 "[[ \$1 != -m ]] || { mkdir -p '$work/repo/.deps/venv/bin' &&
    cp '$work/bin/pip' '$work/repo/.deps/venv/bin/python'; }"
  stand_in ldd 'echo libcupti.so.13 =\> /there'
  stand_in pip "case \"\$*\" in
    *--report*) cat '$work/report' ;;
    *'index versions'*) cat '$work/cpu-index' ;;
    *list*) echo nvidia-cuda-runtime==13.0.96 ;;
    *torch==*) mkdir -p '$work/repo/.deps/venv/lib/python3.11/site-packages' &&
      mv '$work/wheel' '$work/repo/.deps/venv/lib/python3.11/site-packages/torch' ;;
  esac"
  echo '{"requires_dist": ["filelock"]}' >"$work/report"
  rm -rf "$work/wheel"
  torch_at "$work/wheel" 2 13 0
}

torch_at() {  # FOLDER MAJOR MINOR PATCH
  mkdir -p "$1"/{include/ATen,include/torch/headeronly,lib}
  touch "$1/include/ATen/ATen.h" "$1/lib/libtorch_cpu.so"
  printf '#define TORCH_VERSION_%s %s\n' MAJOR "$2" MINOR "$3" PATCH "$4" \
    >"$1/include/torch/headeronly/version.h"
}

# lib COMMAND...: runs functions of lib.sh; output, messages and exit code go to $work.
lib() {
  code=0
  env -u CMAKE_PREFIX_PATH -u Torch_DIR -u LibTorch_ROOT -u CLAP_ACCEPT_CUDA -u CLAP_TORCH_INDEX_URL \
    PATH="$work/bin:$PATH" bash -c "set -euo pipefail; . '$work/repo/scripts/lib.sh'; has_gpu() { false; }; $*" setup \
    >"$work/out" 2>"$work/err" </dev/null || code=$?
}

expect() {  # WHAT CONDITION...
  local what=$1
  shift
  "$@" && return
  failures=$((failures + 1))
  printf 'FAILED: %s\ncode %s\n' "$what" "$code"
  cat "$work/out" "$work/err" "$work/calls"
}
says() { grep -qF -- "$1" "$work/err"; }
prints() { [[ $(<"$work/out") == "$1" ]]; }
called() { grep -qE -- "$1" "$work/calls"; }
exits() { [[ $code -eq $1 ]]; }
silent() { [[ ! -s $work/out && ! -s $work/err ]]; }
lacking() {  # the packages that dpkg-query does not know
  stand_in dpkg-query "[[ ' $* ' == *\" \${!#} \"* ]] && exit 1; echo installed"
}
not() { ! "$@"; }
at_most() { (($2 <= $1)); }

fresh_machine
lib install_packages
expect 'nothing missing: success' exits 0
expect 'nothing missing: silent' silent
expect 'nothing missing: apt is left alone' not called '^apt-get'

fresh_machine
lacking ninja-build libfaiss-dev
lib install_packages
expect 'root: success' exits 0
expect 'an interrupted dpkg is finished first' called '^dpkg --configure -a'
expect 'the lists are fetched' called '^apt-get .*update'
expect 'only what is missing' called '^apt-get .*--no-install-recommends ninja-build libfaiss-dev$'

fresh_machine
stand_in dpkg-query 'echo half-configured'
lib install_packages
expect 'a half-installed package is missing' called '^apt-get .* g\+\+ cmake '

fresh_machine
lacking cmake
stand_in id 'echo 1000'
# shellcheck disable=SC2016  # the stand-in expands them
stand_in sudo '[[ $1 == -n ]] && exit 0; exec "$@"'
lib install_packages
expect 'sudo is used' called '^sudo env .*apt-get .*install'

fresh_machine
lacking cmake
stand_in id 'echo 1000'
stand_in sudo 'exit 1'
lib install_packages
expect 'no root: exit 69' exits 69
expect 'no root: the command to run' says 'apt-get install --yes --no-install-recommends cmake'
expect 'no root: apt is left alone' not called '^apt-get'

fresh_machine
lacking cmake
stand_in apt-get 'exit 100'
lib install_packages
expect 'apt fails: exit 69' exits 69

fresh_machine
torch_at "$work/torch/own" 2 12 1
torch_at "$work/torch/python" 2 13 0
stand_in python3 "echo '$work/torch/python'"
lib "export CMAKE_PREFIX_PATH=/nowhere:'$work/torch/own'; find_torch"
expect 'the user'\''s LibTorch comes first' prints "$work/torch/own"
mkdir -p "$work/torch/own/share/cmake/Torch"
lib "export Torch_DIR='$work/torch/own/share/cmake/Torch'; find_torch"
expect 'Torch_DIR is understood' prints "$work/torch/own"
lib "export LibTorch_ROOT='$work/torch/own' CMAKE_PREFIX_PATH='$work/torch/python'; find_torch"
expect 'LibTorch_ROOT says most' prints "$work/torch/own"
lib "export LibTorch_ROOT='$work/torch/none'; find_torch"
expect 'LibTorch_ROOT without a LibTorch is refused' says "LibTorch_ROOT=$work/torch/none is no LibTorch"
lib find_torch
expect 'then that of python3' prints "$work/torch/python"
torch_at "$work/torch/python" 2 9 0
lib find_torch
expect 'an old one is passed over' exits 1
expect 'and named' says 'passing over'

# A configure by hand looks in the same places, in the same order, and again each time.
mkdir -p "$work/hand"
cat >"$work/hand/CMakeLists.txt" <<'TEXT'
cmake_minimum_required(VERSION 3.25)
project(hand LANGUAGES NONE)
list(APPEND CMAKE_MODULE_PATH ${MODULES})
find_package(LibTorch REQUIRED)
message(NOTICE "took ${LibTorch_FOLDER}")
TEXT
configure_by_hand() { lib "$1 cmake -G Ninja -S '$work/hand' -B '$work/hand/build' -DMODULES='$work/repo/scripts/cmake' ${*:2}"; }
fresh_machine
torch_at "$work/torch/own" 2 12 1
torch_at "$work/repo/.deps/venv/lib/python3.11/site-packages/torch" 2 13 0
touch "$work/repo/.deps/venv/torch-2.13.0.done"
rm -rf "$work/hand/build"
configure_by_hand ''
expect 'by hand: the private one' says "took $work/repo/.deps/venv/lib"
configure_by_hand "CMAKE_PREFIX_PATH=/nowhere:'$work/torch/own'"
expect 'by hand: CMAKE_PREFIX_PATH of the environment wins' says "took $work/torch/own"
configure_by_hand ''
expect 'by hand: a later run without it keeps what was taken' says "took $work/torch/own"
configure_by_hand '' "-DCMAKE_PREFIX_PATH='$work/repo/.deps/venv/lib/python3.11/site-packages/torch/share/cmake'"
expect 'by hand: the variable of CMake wins, too' says "took $work/repo/.deps/venv/lib"
rm -rf "$work/hand/build"
configure_by_hand "Torch_DIR='$work/torch/own/share/cmake/Torch'"
expect 'by hand: Torch_DIR of the environment' says "took $work/torch/own"
rm -r "$work/torch/own"
configure_by_hand ''
expect 'by hand: what is gone is not kept' says "took $work/repo/.deps/venv/lib"

fresh_machine
lib 'find_torch || install_torch && find_torch'
expect 'a private environment is made' prints "$work/repo/.deps/venv/lib/python3.11/site-packages/torch"
expect 'without what Python alone needs' called '^pip .*install --no-compile --no-deps torch==2'
expect 'one line says what and how large' says 'CPU build, 190 MB'
: >"$work/calls"
lib find_torch
expect 'and found again' exits 0
expect 'without pip' not called '^pip'

fresh_machine
torch_at "$work/repo/.deps/venv/lib/python3.11/site-packages/torch" 2 13 0
lib find_torch
expect 'an interrupted installation does not count' exits 1

# A package index with CUDA builds alone, as the public one is for Linux: nothing asks.
cuda_index() {
  fresh_machine
  cat >"$work/report" <<'TEXT'
{"requires_dist": ["filelock", "cuda-toolkit[cublas,cudart,cupti]==13.0.3; platform_system == \"Linux\"",
 "nvidia-cudnn-cu13==9.20.0.48; platform_system == \"Linux\""]}
TEXT
}
cuda_index
echo 'Available versions: 2.13.0+cpu, 2.12.1+cpu' >"$work/cpu-index"
lib install_torch
expect 'no GPU: PyTorch'\''s CPU index' called '^pip .*install --no-compile --no-deps --index-url https://download.pytorch.org/whl/cpu torch==2.13.0\+cpu$'
expect 'no GPU, CPU index: said' says '190 MB'
expect 'no GPU, CPU index: success' exits 0

cuda_index
echo 'Available versions: 2.12.1+cpu' >"$work/cpu-index"
lib install_torch
expect 'CPU index without this version: the CUDA build without CUDA' called \
  '^pip .*install --no-compile --no-deps torch==2.13.0 nvidia-cuda-runtime==13.0.\* nvidia-cuda-cupti==13.0.\*$'

cuda_index
lib install_torch
expect 'no CPU index: the CUDA build without CUDA' called \
  '^pip .*install --no-compile --no-deps torch==2.13.0 nvidia-cuda-runtime==13.0.\* nvidia-cuda-cupti==13.0.\*$'
expect 'no CPU index: said' says 'CUDA build without CUDA (no GPU here), 540 MB'
expect 'no CPU index: success' exits 0
expect 'no CPU index: no headers of CUDA' not called cuda-crt

cuda_index
mkfifo "$work/cpu-index"  # never answers
SECONDS=0
lib 'patience_s=1; install_torch'
expect 'a CPU index that does not answer is not waited for' at_most 8 "$SECONDS"
expect 'and the CUDA build without CUDA taken' called '^pip .*install --no-compile --no-deps torch==2.13.0 nvidia-cuda-runtime'

cuda_index
stand_in ldd 'echo libnew.so.1 =\> not found'
lib install_torch
expect 'a library is still missing: all of CUDA' called '^pip .*install --no-compile torch==2.13.0$'

cuda_index
echo 'Available versions: 2.13.0+cpu' >"$work/cpu-index"
lib 'has_gpu() { true; }; install_torch'
expect 'GPU: all of CUDA' called '^pip .*install --no-compile torch==2.13.0$'
expect 'GPU: its headers' called '^pip .*install --no-deps nvidia-cuda-crt==13.0.\*$'
expect 'GPU: said' says '2.7 GB'
expect 'GPU: the CPU index is not asked' not called 'index versions'

cuda_index
lib 'CLAP_ACCEPT_CUDA=1; install_torch'
expect 'CLAP_ACCEPT_CUDA: all of CUDA without a GPU' called '^pip .*install --no-compile torch==2.13.0$'

cuda_index
echo 'Available versions: 2.13.0+cpu' >"$work/cpu-index"
lib 'CLAP_TORCH_INDEX_URL=https://index.example/simple; install_torch'
expect 'CLAP_TORCH_INDEX_URL: that index' called '^pip .*install --no-compile --no-deps --index-url https://index.example/simple torch==2.13.0 nvidia-cuda-runtime'
expect 'CLAP_TORCH_INDEX_URL: no other' not called 'download.pytorch.org'

fresh_machine
rm "$work/report"
lib install_torch
expect 'no wheel at all: exit 69' exits 69
expect 'no wheel at all: the way out' says CMAKE_PREFIX_PATH
echo 'Available versions: 2.13.0+cpu' >"$work/cpu-index"
lib install_torch
expect 'no wheel but in the CPU index: taken' called '^pip .*torch==2.13.0\+cpu$'

if command -v shellcheck >/dev/null; then
  cd "$source_dir"
  mapfile -t recipes < <(find scripts/benchmarks -type f ! -name '*.tsv')
  shellcheck -x scripts/{arm64,bundle,image,setup,demo,test,format,gpu-check} "${recipes[@]}" .ci/run tests/cmd/*.sh tests/bench/gpu_check.sh scripts/package/lower_glibc tests/install/{bundle,image,distributions,deb,prefix,glibc.sh} || failures=$((failures + 1))
fi
echo "$failures failures"
[[ $failures -eq 0 ]]
