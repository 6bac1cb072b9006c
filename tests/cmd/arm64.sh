#!/usr/bin/env bash
# usage: arm64.sh BIN SOURCE [SHARED]
# scripts/arm64, with its tests; then clap-embed and clap-model for ARM64, under qemu-user, against those of BIN: the same
# embeddings of texts and recordings, and what is not there is refused in one line. Takes an hour on two cores where nothing is
# built yet. ARM64_OPTIONS is for scripts/arm64, ARM64_DEPS the folder of its --deps.
# Exit status: 0, 1 if something failed, 77 if it cannot be tried here.
for tool in aarch64-linux-gnu-g++ qemu-aarch64-static; do
  command -v "$tool" >/dev/null || { echo "skipped: needs $tool (Debian: crossbuild-essential-arm64, qemu-user-static)"; exit 77; }
done
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
deps=${ARM64_DEPS:-$source_dir/.deps/arm64}
read -ra options <<<"${ARM64_OPTIONS-}"
"$source_dir/scripts/arm64" --deps "$deps" "${options[@]}" >"$work/arm64.log" 2>&1 || { tail -n 100 "$work/arm64.log"; exit 1; }
sed -n '/Test *#/p' "$work/arm64.log"

# The programs for ARM64 under names of their own, and beside tools of this machine as all scripts here expect them.
export QEMU_CPU=${QEMU_CPU:-neoverse-n1}
mkdir "$work/arm" "$work/both"
ln -s "$bin"/* "$work/both/"
for program in clap-embed clap-model; do
  printf '#!/bin/sh\nexec qemu-aarch64-static -L %q %q "$@"\n' "$deps/root" "$source_dir/build/arm64/bin/$program" >"$work/arm/$program"
  chmod +x "$work/arm/$program"
  ln -sf "$work/arm/$program" "$work/both/"
done
arm() { "$work/arm/$1" "${@:2}"; }

# same_embeddings WHAT ARGUMENT...: of clap-embed for either processor.
same_embeddings() {
  local what=$1
  shift
  quietly clap-embed "$@" --force -o here.h5
  quietly arm clap-embed "$@" --force -o there.h5
  expect "$what: as many rows" equal "$(attribute there.h5 rows)" "$(attribute here.h5 rows)"
  expect "$what: the same embeddings" at_most "$(h5_check angle here.h5 there.h5)" 1e-6
}

make_tiny_model
run arm clap-model verify tiny
expect 'the known answer of a model made here' exits 0
same_embeddings 'tiny model, texts' --text 'a crow calls' 'people sing in a choir' 'Ein Café im Regen'
same_embeddings 'tiny model, recordings' "$clips" --window 4 --hop 3 --frames
demo=$bin/../share/clap-tools/model
if [[ -f $demo/model.safetensors ]]; then
  export CLAP_MODEL=$demo
  same_embeddings 'demonstration model, texts' --text 'a crow calls' 'rain on a roof'
  same_embeddings 'demonstration model, a recording' "$clips/misc_crow.flac" --frames
  CLAP_MODEL=$PWD/tiny
else
  echo "skipped: no demonstration model in $demo"
fi

# A precision that this processor or this LibTorch lacks is refused in one line, and so is another architecture's instruction set.
for precision in bf16 int8; do
  run arm clap-embed --precision "$precision" --text rain --force -o precision.h5
  expect "$precision: works, or is refused" test "$code" -eq 0 -o "$code" -eq 69
  [[ $code -eq 0 ]] || expect "$precision: one line" says_lines 1
  echo "$precision on $QEMU_CPU: exit $code $(grep -vE "$summary" "$work/err")"
done
refuses 69 'this processor has no avx2' env CLAP_ISA=avx2 "$work/arm/clap-embed" --text rain -o isa.h5
run env CLAP_ISA=baseline "$work/arm/clap-embed" --text rain -o isa.h5
expect 'CLAP_ISA=baseline' exits 0

expect 'embed_text.sh' "$source_dir/tests/cmd/embed_text.sh" "$work/both" "$source_dir" "$shared"
finish
