# Debian packages without root: unpacked into a folder of the user's, and built against there. Sourced by lib.sh.
# shellcheck shell=bash
#
# The folder has usr/ as the packages have it, tools/ with the compiler and pkg-config told to look there, toolchain.cmake, and
# packages.tsv, written last. .deps/prefix is a link to it, by which later scripts find it.
#
# glibc is the host's: programs start with the host's loader, and one loader and another's glibc do not fit each other.

prefix_link=${root:?}/.deps/prefix
triple=$(uname -m)-linux-gnu  # Debian's name of the folders of libraries

# Compiler, CMake, Ninja and pkg-config come from the folder even where the host has them: they fit its libraries, and a build is
# then the same on every host. All else is the host's first: its python3 may be the one with torch.
use_prefix() {
  local prefix
  prefix=$(readlink -f "$prefix_link")
  export PATH=$prefix/tools:$PATH:$prefix/usr/bin CMAKE_TOOLCHAIN_FILE=$prefix/toolchain.cmake
  python=$prefix/usr/bin/python3
}

# A build folder keeps the compiler and the libraries that it was configured with.
require_build_of_prefix() {
  [[ -z ${CMAKE_TOOLCHAIN_FILE-} || ! -f ${build:?}/CMakeCache.txt ]] ||
    grep -q "^CMAKE_TOOLCHAIN_FILE:[A-Z]*=$CMAKE_TOOLCHAIN_FILE\$" "$build/CMakeCache.txt" ||
    die 73 "$build was configured without ${CMAKE_TOOLCHAIN_FILE%/*}: remove it, or the link $prefix_link"
}

# prefix_apt DIR ARGUMENT...: apt-get with the system's package sources and keys, and everything that it writes in DIR. It takes
# no package for installed, so that DIR does not depend on those of this host.
prefix_apt() {
  local apt=$1/apt
  shift
  mkdir -p "$apt/lists/partial" "$apt/archives/partial" "$apt/log"
  : >"$apt/status"
  apt-get --quiet --quiet -o Dir::State="$apt" -o Dir::State::status="$apt/status" -o Dir::Cache="$apt" -o Dir::Log="$apt/log" \
    -o APT::Sandbox::User= "$@"
}

# unpack_archives DIR: /bin, /lib and so on are links to those of /usr, as on an installed system.
unpack_archives() {
  local folder
  for folder in bin sbin lib lib64; do
    mkdir -p "$1/usr/$folder"
    ln -sfn "usr/$folder" "$1/$folder"
  done
  printf '%s\0' "$1"/apt/archives/*.deb | xargs -0 -P "$(nproc)" -n 1 bash -o pipefail -c \
    'dpkg-deb --fsys-tarfile "$1" | tar --extract --keep-directory-symlink --no-same-owner -C "$0"' "$1"
}

# reroot_links DIR: absolute links lead to the files of DIR.
reroot_links() {
  local link target
  while IFS=$'\t' read -r link target; do
    [[ ! -e $1$target ]] || ln -sfn "$1$target" "$link"
  done < <(find "$1" -type l -lname '/*' -printf '%p\t%l\n')
}

# link_alternatives DIR: what the packages' scripts link on installation: BLAS and LAPACK, and a library that Open MPI looks for.
link_alternatives() {
  local lib=$1/usr/lib/$triple file
  for file in "$lib"/openblas-pthread/lib*.{so*,a} "$1"/usr/lib/libpsm1/lib*.so*; do
    [[ ! -e $file ]] || ln -sfn "$file" "$lib/${file##*/}"
  done
}

# link_glibc DIR: the host's libraries in the place of the package's.
link_glibc() {
  local file
  while read -r file; do
    file=${file##*/}
    [[ ! -e /lib/$triple/$file ]] || ln -sfn "/lib/$triple/$file" "$1/usr/lib/$triple/$file"
  done < <(dpkg-deb --fsys-tarfile "$1"/apt/archives/libc6_*.deb | tar --list | grep "/$triple/[^/]*\.so")
}

# set_run_paths DIR: programs of the packages, and libraries that name the folders of an installed system, look for libraries in
# DIR. So do all libraries that they take from there, which only a run path of the old kind (DT_RPATH) brings about.
set_run_paths() {
  # shellcheck disable=SC2016  # the inner shell expands them
  find "$1/usr" -type f \( -perm -u+x -o -name '*.so*' \) -print0 |
    xargs -0 -P "$(nproc)" -n 50 bash -c '
      for file in "${@:2}"; do
        [[ $file == *.so* && $("$0" --print-rpath "$file" 2>/dev/null) != /* ]] ||
          "$0" --force-rpath --set-rpath "$1" "$file" 2>/dev/null || true  # scripts, and programs without an interpreter
      done' "$1/usr/bin/patchelf" "$1/usr/lib/$triple"
}

# wrapper FILE LINE...
wrapper() {
  local file=$1
  shift
  { echo '#!/bin/sh'; printf '%s\n' "$@"; } >"$file"
  chmod +x "$file"
}

# write_tools DIR
write_tools() {
  local dir=$1 lib=$1/usr/lib/$triple name
  mkdir -p "$dir/tools"
  for name in gcc g++; do
    wrapper "$dir/tools/$name" "exec '$dir/usr/bin/$name' --sysroot='$dir' -B'$dir/usr/bin' \"\$@\" -Wl,--disable-new-dtags,-rpath,'$lib'"
    touch -r "$(find "$dir/usr/lib/gcc/$triple" -name crtend.o | sed -n 1p)" "$dir/tools/$name"  # by which ccache knows a compiler
  done
  wrapper "$dir/tools/pkg-config" "export PKG_CONFIG_SYSROOT_DIR='$dir'" \
    "export PKG_CONFIG_LIBDIR=\"\${PKG_CONFIG_LIBDIR-$lib/pkgconfig:$dir/usr/share/pkgconfig}\"" "exec '$dir/usr/bin/pkg-config' \"\$@\""
  for name in mpicc mpirun; do
    wrapper "$dir/tools/$name" "OPAL_PREFIX='$dir/usr' PMIX_INSTALL_PREFIX='$lib/pmix2' exec '$dir/usr/bin/$name.openmpi' \"\$@\""
  done
  wrapper "$dir/tools/valgrind" "VALGRIND_LIB='$dir/usr/libexec/valgrind' exec '$dir/usr/bin/valgrind.bin' \"\$@\""
  for name in cmake ctest cpack ninja; do ln -sfn "../usr/bin/$name" "$dir/tools/$name"; done
  cat >"$dir/toolchain.cmake" <<CMAKE
set(CMAKE_C_COMPILER $dir/tools/gcc)
set(CMAKE_CXX_COMPILER $dir/tools/g++)
set(CMAKE_FIND_ROOT_PATH $dir)
set(PKG_CONFIG_EXECUTABLE $dir/tools/pkg-config)
set(MPI_C_COMPILER $dir/tools/mpicc)
CMAKE
}

# rename_folders DIR: where files of the packages name others by their whole name: pip, which Python's venv takes from a folder
# beside it, and the libraries of FAISS.
rename_folders() {
  find "$1"/usr/lib/python3* -name '_sysconfigdata*.py' -exec sed -i "s|'/usr/share/python-wheels|'$1/usr/share/python-wheels|" {} +
  sed -i "/LINK_LIBRARIES/s|;/usr/lib|;$1/usr/lib|g" "$1/usr/lib/$triple"/cmake/faiss/*.cmake
}

# fill_prefix DIR: as far as an interrupted attempt did not come.
fill_prefix() {
  local dir=$1
  say "unpacking Debian packages into $dir (1.1 to 1.4 GB)"
  prefix_apt "$dir" update >&2 || say "some package sources could not be reached"
  prefix_apt "$dir" install --yes --no-install-recommends --download-only "${packages[@]}" >&2 ||
    die 69 "could not fetch the packages; apt-get takes its sources from /etc/apt"
  unpack_archives "$dir" || die 74 "could not unpack $dir/apt/archives"
  reroot_links "$dir"
  link_alternatives "$dir"
  link_glibc "$dir"
  set_run_paths "$dir"
  rename_folders "$dir"
  write_tools "$dir"
  printf '%s\n' "$dir"/apt/archives/*.deb | sed -E 's|.*/([^_]*)_([^_]*)_.*|\1\t\2|; s/%3a/:/' >"$dir/packages.part"
  rm -rf "$dir/apt"
  mv "$dir/packages.part" "$dir/packages.tsv"
}

prefix_is_whole() { [[ -f $1/packages.tsv && -z $(printf '%s\n' "${packages[@]}" | grep -vxFf <(cut -f 1 "$1/packages.tsv")) ]]; }

# unpack_packages DIR: makes DIR, if it is not there yet, and has later scripts use it.
unpack_packages() {
  local dir tool
  [[ $1 =~ ^[A-Za-z0-9_./+-]+$ ]] || die 64 "$1: compilers and run paths take letters, digits and _./+- only"
  for tool in apt-get dpkg-deb; do
    command -v "$tool" >/dev/null || die 69 "--prefix unpacks Debian packages and needs $tool"
  done
  mkdir -p "$1" "$root/.deps" || die 73 "$1: cannot be made"
  dir=$(cd "$1" && pwd -P)
  [[ -f $dir/packages.tsv || -d $dir/apt || -z $(ls -A "$dir") ]] || die 73 "$dir: holds something else"
  prefix_is_whole "$dir" || fill_prefix "$dir"
  ln -sfn "$dir" "$prefix_link"
  use_prefix
}
