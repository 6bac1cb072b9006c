#!/usr/bin/env bash
# usage: torch_lookup.sh BIN SOURCE SHARED TORCH PLUGIN
# Where programs find LibTorch: $CLAP_TORCH, beside the plug-in, where it was built with it; each before the next.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
torch=${4:?folder of LibTorch} plugin=${5:?the plug-in}
make_tiny_model

# A tree of programs and plug-in beside each other: as it was built, and as if its LibTorch had gone since.
mkdir -p tree/{bin,lib}
cp "$bin/clap-embed" tree/bin/
cp "$plugin" tree/lib/
name=$(basename "$plugin")
recorded=$(readelf -d "$plugin" | sed -nE 's/.*R(UN)?PATH.*\[(.*)\]/\2/p' | tr ':' '\n' | grep '^/' | head -1)
expect 'the plug-in records where LibTorch was' equal "$(realpath "$recorded")" "$(realpath "$torch/lib")"
cp -r tree gone
LC_ALL=C sed -i "s|$recorded|${recorded//?/x}|g" "gone/lib/$name"
expect 'its own folder comes first' equal \
  "$(readelf -d "$plugin" | sed -nE 's/.*R(UN)?PATH.*\[(.*)\]/\2/p' | cut -d: -f1)" "\$ORIGIN"

embeds() {
  rm -f row.h5
  run "$1/bin/clap-embed" --text 'a dog barks' -o row.h5
  expect "$2" exits 0
  expect "$2: no message" says_nothing
}
fails() {
  local tree=$1 what=$2
  rm -f row.h5
  refuses 69 "$3" "$tree/bin/clap-embed" --text 'a dog barks' -o row.h5
  expect "$what: no file" not test -e row.h5
  expect "$what: a short message" test "$(wc -c <"$work/err")" -le 300
}

embeds tree 'where it was built'
mkdir false
echo 'not a library' >false/libtorch_cpu.so
cp false/libtorch_cpu.so false/libc10.so

# Nowhere: the three ways to name it.
for way in CLAP_TORCH 'beside this plug-in' LibTorch_ROOT; do fails gone 'nowhere' "$way"; done

# Beside the plug-in: as the folder libtorch or the libraries themselves; before the recorded place.
ln -s "$torch" gone/lib/libtorch
embeds gone 'libtorch/ beside the plug-in'
rm gone/lib/libtorch
for library in "$torch"/lib/*.so* "$torch"/../nvidia/*/lib/*.so*; do  # of a CUDA build, CUDA's as well
  [[ ! -e $library ]] || ln -s "$library" gone/lib/
done
embeds gone 'libraries beside the plug-in'
find gone/lib -type l -delete
cp false/* tree/lib/
fails tree 'a false one beside the plug-in is not passed over' "$name"

# The variable first: a folder with lib/, or that folder, and by a relative path.
for folder in "$torch" "$torch/lib" "$(realpath --relative-to=. "$torch")"; do
  export CLAP_TORCH=$folder
  embeds tree "CLAP_TORCH=$folder before a false one beside the plug-in"
  embeds gone "CLAP_TORCH=$folder and no other"
done
rm tree/lib/libtorch_cpu.so tree/lib/libc10.so
CLAP_TORCH=
embeds tree 'an empty CLAP_TORCH'
CLAP_TORCH=false
fails tree 'a false CLAP_TORCH is not passed over' 'CLAP_TORCH'
CLAP_TORCH=nowhere
fails tree 'a missing CLAP_TORCH is not passed over' 'lib/libtorch_cpu.so is missing'
CLAP_TORCH=$(printf 'long/%.0s' {1..200})
fails tree 'a long CLAP_TORCH' 'CLAP_TORCH'
unset CLAP_TORCH

# Another version: no symbols of the one that was built with.
mkdir other
for library in libtorch_cpu libc10; do
  cc -shared -x c -o "other/$library.so" "-Wl,-soname,$library.so" /dev/null
done
export CLAP_TORCH=other
fails tree 'another version' 'does not fit: it was built with'
unset CLAP_TORCH
rm "tree/lib/$name"
fails tree 'no plug-in' "$name: the plug-in is not where"
finish
