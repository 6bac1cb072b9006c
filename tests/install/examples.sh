#!/usr/bin/env bash
# usage: examples.sh BIN SOURCE find_package|pkg_config COMPILER CMAKE
# Builds examples/cpp against the installation around BIN in one of two ways and compares what they print with the tools.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../cmd/lib.sh"
way=${3:?find_package or pkg_config} compiler=${4:?compiler} cmake=${5:?cmake}
prefix=$(dirname "$bin")
make_tiny_model

case $way in
  find_package)
    run "$cmake" -G Ninja -S "$source_dir/examples/cpp" -B built -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_CXX_COMPILER="$compiler"
    expect 'configures' exits 0
    run "$cmake" --build built --parallel 2
    expect 'builds' exits 0
    ;;
  pkg_config)
    export PKG_CONFIG_PATH=$prefix/lib/pkgconfig
    mkdir built
    read -ra flags <<<"$(pkg-config --cflags --libs claptools)"
    for example in cosine embed_folder; do
      run "$compiler" -std=c++20 "$source_dir/examples/cpp/$example.cpp" -o "built/$example" "${flags[@]}"
      expect "$example builds" exits 0
    done
    ;;
esac
for example in cosine embed_folder; do
  expect "$example does not link LibTorch" not grep -q libtorch <(ldd "built/$example")
done

# cosine: as clap-query has it.
cp -r "$clips" clips
clap-embed clips -o clips.h5 --pool mean
clap-index build clips.h5 -o clips.clapindex
clap-query clips.clapindex 'a bell is struck' -k 3 --no-header >hits.tsv
quietly built/cosine tiny clips/perc_bell.flac 'a bell is struck' clips.h5 clips.clapindex
cosine=$(awk -F'\t' '$4 == "clips/perc_bell.flac" { print $3 }' <(clap-query clips.clapindex 'a bell is struck' --no-header))
# shellcheck disable=SC2016  # awk's fields
expect 'cosine: that of clap-query' awk -v a="$cosine" -F'\t' '$1 == "cosine" { d = $2 - a; exit !(d < 2e-6 && d > -2e-6) }' "$work/out"
expect 'cosine: rows' equal "$(sed -n 's/^row\t\([^\t]*\).*/\1/p' "$work/out")" "$(printf '%s\n' clips/*.flac)"
expect 'cosine: hits' equal "$(sed -n 's/^hit\t//p' "$work/out")" "$(cut -f 4,3 hits.tsv | awk -F'\t' '{ print $2 "\t" $1 }')"
refuses 66 'nowhere.wav' built/cosine tiny nowhere.wav rain

# embed_folder: the same rows as clap-embed; a killed run is resumed, and what it had done is not done again.
mkdir many
recordings=(clips/*.flac)
for i in {100..189}; do ln "${recordings[i % 6]}" "many/$i.flac"; done
run built/embed_folder tiny many whole.h5
expect 'embed_folder' exits 0
expect 'embed_folder: progress of its own' says '90 of 90: many/189.flac, done'
clap-embed many -o tool.h5 --pool mean --batch 1
for file in whole tool; do
  clap-index build "$file.h5" -o "$file.clapindex"
  clap-query "$file.clapindex" rain -k 90 --no-header >"$file.tsv"
done
expect 'embed_folder: the rows of clap-embed' cmp whole.tsv tool.tsv
built/embed_folder tiny many resumed.h5 2>progress &
killed=$!
until grep -q '^6[6-9] of' progress; do sleep 0.05; kill -0 "$killed" 2>/dev/null || break; done
kill -KILL "$killed" 2>/dev/null || true
wait "$killed" 2>/dev/null || true
expect 'a killed run has no output' not test -e resumed.h5
run built/embed_folder tiny many resumed.h5
expect 'resume' exits 0
expect 'resume: finished inputs are copied' says 'of 90: many/100.flac, copied'
clap-index build resumed.h5 -o resumed.clapindex
clap-query resumed.clapindex rain -k 90 --no-header >resumed.tsv
expect 'resume: the same rows' cmp whole.tsv resumed.tsv
refuses 73 'resumed.h5' built/embed_folder tiny many resumed.h5
finish
