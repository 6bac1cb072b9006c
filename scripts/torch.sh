# LibTorch for set-up: the one that is there, or the wheel that suits this machine. Sourced by lib.sh.
# shellcheck shell=bash

private_env=${root:?}/.deps/venv
torch_version=2.13.0  # what the private environment gets
torch_cpu_index=https://download.pytorch.org/whl/cpu
patience_s=15         # for that index to answer
cuda_dependency='"(nvidia-|cuda-toolkit)'  # of a CUDA build's wheel, in pip's report

# Prints the first usable LibTorch; fails where there is none.
find_torch() {
  local folder
  folder=$(cmake -P "$root/scripts/cmake/LocateTorch.cmake") && [[ -n $folder ]] && printf '%s\n' "$folder"
}

has_gpu() { compgen -G '/dev/nvidia[0-9]*' >/dev/null; }

private_pip() { "$private_env/bin/python" -m pip --disable-pip-version-check --no-input "$@"; }

# pip's report on the torch that an index would give; fails where it has none.
torch_report() { private_pip --quiet install --dry-run --no-deps --report - "$@" "torch==$torch_version"; }

# Whether PyTorch's own index of CPU builds can be reached; it must say so within seconds.
cpu_index_answers() {
  local versions
  versions=$(timeout "$patience_s" "$private_env/bin/python" -m pip --disable-pip-version-check --no-input --timeout 4 \
    --retries 0 index versions torch --index-url "$torch_cpu_index" 2>/dev/null) &&
    grep -qF "$torch_version+cpu" <<<"$versions"
}

# install_wheels MESSAGE PIP-ARGUMENT...
install_wheels() {
  say "fetching LibTorch $torch_version into .deps (only its headers and libraries are used): $1"
  shift
  private_pip install --no-compile "$@" >&2 || die 69 "could not install torch $torch_version"
}

# The CUDA runtime and CUPTI of the wheel's CUDA version: all that libtorch_cpu.so of a CUDA build is linked against.
small_cuda_packages() {
  local version
  version=$(sed -nE 's/.*"cuda-toolkit[^"]*==([0-9]+\.[0-9]+).*/\1/p' <<<"$1" | head -n 1)
  [[ -n $version ]] && printf '%s\n' "nvidia-cuda-runtime==$version.*" "nvidia-cuda-cupti==$version.*"
}

all_libraries_found() {
  ! ldd "$private_env"/lib/python3*/site-packages/torch/lib/libtorch_cpu.so | grep -q 'not found'
}

install_full_cuda() {
  install_wheels 'CUDA build with all of CUDA, 2.7 GB' "$@" "torch==$torch_version"
  install_cuda_headers "$@"
}

# Without a GPU a CUDA build serves as a CPU build does, and most of its dependencies nobody.
install_cuda_for_cpu() {  # REPORT PIP-ARGUMENT...
  local report=$1 small
  shift
  if mapfile -t small < <(small_cuda_packages "$report") && [[ ${#small[@]} -gt 0 ]]; then
    install_wheels 'CUDA build without CUDA (no GPU here), 540 MB' --no-deps "$@" "torch==$torch_version" "${small[@]}"
    ! all_libraries_found || return 0
  fi
  install_full_cuda "$@"
}

# What the headers of the CUDA runtime need, and LibTorch's wheel does not bring: for the plug-in with CUDA graphs.
install_cuda_headers() {
  local version
  version=$(private_pip list --format freeze | sed -n 's/^nvidia-cuda-runtime==\([0-9]*\.[0-9]*\).*/\1/p')
  private_pip --quiet install --no-deps "$@" "nvidia-cuda-crt==$version.*" >&2 ||
    say "no headers of CUDA $version: building without CUDA graphs"
}

# The build of torch, best first. A CPU build of the configured index (or CLAP_TORCH_INDEX_URL); with a GPU, or told
# to by CLAP_ACCEPT_CUDA=1, a CUDA build whole; else PyTorch's CPU index; else a CUDA build without what GPUs need.
install_suitable_torch() {
  local index=() report
  [[ -z ${CLAP_TORCH_INDEX_URL-} ]] || index=(--index-url "$CLAP_TORCH_INDEX_URL")
  report=$(torch_report "${index[@]}") || report=
  if [[ -n $report ]] && ! grep -Eq "$cuda_dependency" <<<"$report"; then
    install_wheels 'CPU build, 190 MB' --no-deps "${index[@]}" "torch==$torch_version"
  elif [[ -n $report ]] && { has_gpu || [[ ${CLAP_ACCEPT_CUDA-} == 1 ]]; }; then
    install_full_cuda "${index[@]}"
  elif [[ ${#index[@]} -eq 0 ]] && cpu_index_answers; then
    install_wheels "CPU build from $torch_cpu_index, 190 MB" --no-deps --index-url "$torch_cpu_index" \
      "torch==$torch_version+cpu"
  elif [[ -n $report ]]; then
    install_cuda_for_cpu "$report" "${index[@]}"
  else
    die 69 "pip finds no wheel of torch $torch_version for $("$python" --version); CMAKE_PREFIX_PATH=.../torch names one that you have"
  fi
}

# The stamp is written last: without it, whatever lies there is an interrupted attempt.
install_torch() {
  "$python" -m venv --clear "$private_env"
  # Debian 12's own pip downloads a whole wheel just to tell what it depends on.
  private_pip --quiet install --upgrade pip >&2 || die 69 "pip cannot reach its package index"
  install_suitable_torch
  touch "$private_env/torch-$torch_version.done"
}
