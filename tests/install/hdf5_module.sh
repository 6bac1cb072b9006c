#!/usr/bin/env bash
# usage: hdf5_module.sh SOURCE CMAKE
# pkg-config's module of HDF5 is hdf5-serial on Debian and hdf5 elsewhere: either alone is found, and passed on.
set -euo pipefail
source_dir=$(cd "${1:?source folder}" && pwd) cmake=${2:?CMake}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/all"
while read -r folder; do
  [[ ! -d $folder ]] || find "$folder" -name '*.pc' -exec ln -sf -t "$work/all" {} +
done < <(pkg-config --variable pc_path pkg-config | tr ':' '\n')
[[ -e $work/all/hdf5.pc && -e $work/all/hdf5-serial.pc ]] || { echo 'skipped: needs both modules'; exit 77; }

failures=0
for module in hdf5 hdf5-serial; do
  cp -r "$work/all" "$work/$module"
  rm "$work/$module"/hdf5*.pc
  cp "$work/all/$module.pc" "$work/$module/"
  PKG_CONFIG_LIBDIR=$work/$module "$cmake" -G Ninja -S "$source_dir" -B "$work/build-$module" -DCLAPTOOLS_TORCH=OFF \
    -DCLAPTOOLS_BUILD_TESTS=OFF >"$work/log" 2>&1 || { cat "$work/log"; failures=$((failures + 1)); continue; }
  grep -qE "^Requires: .* $module " "$work/build-$module/claptools.pc" ||
    { echo "FAILED: claptools.pc does not require $module"; failures=$((failures + 1)); }
done
echo "$failures failures"
[[ $failures -eq 0 ]]
