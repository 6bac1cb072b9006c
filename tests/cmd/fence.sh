#!/usr/bin/env bash
# usage: fence.sh SOURCE-DIR | fence.sh --self-test
# One third-party library, one room; data flows one way; JSON is bounded before it is parsed. Prints each breach.
set -euo pipefail
export LC_ALL=C

# A room includes only itself and rooms before it; LibTorch lies behind the last five.
rooms=(core audio archive manifests text checkpoints families parallel engine store models index tasks metrics learn formats report evaluate pipeline runs
  zero_shot search corpus dataset train features model optimize plugin cuda parquet)

# header pattern <tab> rooms that may include it <tab> "public" where that room's headers may, too
fences=$(cat <<'TABLE'
<lib(av|sw)[a-z]*/	audio
[<"](hdf5|H5[A-Za-z]*)\.h	store
<openssl/	store
<faiss/	index
<archive(_entry)?\.h	archive
<mpi\.h	parallel
<zlib\.h	report
<expat\.h	formats
<(arrow|parquet)/	parquet
<nlohmann/	core manifests checkpoints families runs dataset train cmd
<(ATen|torch|c10)/	features model optimize plugin cuda	public
<(CLI|fmt)/	cmd
TABLE
)

contains() { [[ " $1 " == *" $2 "* ]]; }

position_of() {
  local i
  for i in "${!rooms[@]}"; do
    [[ ${rooms[i]} == "$1" ]] && { echo "$i"; return; }
  done
  echo -1
}

# check_include FILE LINE INCLUDE ROOM: prints the broken rule, if any.
check_include() {
  local where=$1:$2 include=$3 room=$4 pattern allowed public
  while IFS=$'\t' read -r pattern allowed public; do
    [[ $include =~ ^$pattern ]] || continue
    if ! contains "$allowed" "$room"; then
      echo "$where: $include belongs to: $allowed"
    elif [[ $1 == lib/*.hpp && $public != public ]]; then
      echo "$where: $include in a public header"
    fi
  done <<<"$fences"
  [[ $room != cmd ]] || return 0
  if [[ $include =~ ^[\<\"]claptools/([a-z_]+)/ ]]; then
    local other=${BASH_REMATCH[1]}
    (($(position_of "$other") <= $(position_of "$room") && $(position_of "$other") >= 0)) ||
      echo "$where: $room includes the later or unknown room $other"
  elif [[ $include =~ ^[\<\"](cmd|support)/ ]]; then
    echo "$where: the library includes the command line"
  fi
}

check_tree() {
  local file line text room
  cd "$1"
  for room in lib/claptools/*/; do
    room=$(basename "$room")
    (($(position_of "$room") >= 0)) || echo "lib/claptools/$room: a room without a place in the order"
  done
  while IFS=: read -r file line text; do
    room=cmd
    [[ $file =~ ^lib/claptools/([^/]+)/ ]] && room=${BASH_REMATCH[1]}
    [[ $text =~ include[[:space:]]*([\<\"][^\>\"]*) ]] || continue
    check_include "$file" "$line" "${BASH_REMATCH[1]}" "$room"
  done < <(grep -rnE '^[[:space:]]*#[[:space:]]*include' --include='*.[ch]pp' --include='*.h' lib cmd)
}

# What a family of models is called, and its weights are, is known in families/, model/networks/ and tests only;
# rooms that serve every family name no architecture.
check_families() {
  cd "$1"
  grep -rnE '\b(mga_clap|laion_clap|ms_clap|wavcaps)\b|"(audio_encoder|text_encoder|text_model|audio_model|frame_proj|word_proj|sed_model)\.' \
    --include='*.[ch]pp' lib cmd | grep -vE '^lib/claptools/(families|model/networks)/|docs/reference/' |
    sed -E 's/^([^:]*:[0-9]+):.*/\1: names a family of models or its weights/' || true
  grep -rnE '\b(ModelConfig|AudioConfig|TextConfig)\b' --include='*.[ch]pp' \
    lib/claptools/{engine,models,pipeline,zero_shot,search,dataset,train,tasks} cmd 2>/dev/null |
    sed -E 's/^([^:]*:[0-9]+):.*/\1: names an architecture/' || true
}

# A folder is one subject: with more than 25 files it is several.
check_folders() {
  cd "$1"
  find lib cmd -type f | sed 's|/[^/]*$||' | sort | uniq -c |
    awk '$1 > 25 { print $2 ": " $1 " files, of at most 25" }'
}

# The library names members of its options in backquotes; cmd/options/flag_names makes flags of them.
check_flags() {
  cd "$1"
  grep -rnE '"([^"]*[ (])?--[a-z]' --include='*.[ch]pp' lib | grep -vE '[ /](tar|setup) --' |
    sed -E 's/^([^:]*:[0-9]+):.*/\1: a message of the library names a flag/' || true
}

# JSON from outside is bounded before a tree is built of it (core/json.hpp).
check_json_readers() {
  local file
  cd "$1"
  while IFS= read -r file; do
    grep -qE 'check_json|find_json_fault|read_json_file' "$file" ||
      echo "$file: parses JSON that check_json() has not seen"
  done < <(grep -rlE '[jJ]son::parse\(' --include='*.[ch]pp' lib cmd)
}

# Each planted line must be found, and nothing must be found without them.
self_test() {
  local tree planted=0 found
  tree=$(mktemp -d)
  # shellcheck disable=SC2064  # the path of now
  trap "rm -rf '$tree'" EXIT
  plant() {  # FILE INCLUDE
    mkdir -p "$tree/$(dirname "$1")"
    printf '#include %s\n' "$2" >>"$tree/$1"
  }
  plant lib/claptools/audio/reader.cpp '<libavformat/avformat.h>'
  plant lib/claptools/audio/reader.cpp '"claptools/core/error.hpp"'
  plant lib/claptools/model/model.hpp '<ATen/core/Tensor.h>'
  plant cmd/clap_embed.cpp '<CLI/CLI.hpp>'
  found=$(check_tree "$tree")
  [[ -z $found ]] || { printf 'false alarm:\n%s\n' "$found"; return 1; }

  while read -r file include; do
    plant "$file" "$include"
    planted=$((planted + 1))
  done <<'PLANTED'
lib/claptools/core/a.cpp <libavutil/frame.h>
lib/claptools/audio/a.hpp <libswresample/swresample.h>
lib/claptools/index/a.cpp <hdf5.h>
lib/claptools/index/a.cpp "H5Cpp.h"
lib/claptools/checkpoints/a.cpp <openssl/sha.h>
lib/claptools/core/a.cpp <zlib.h>
cmd/clap_index.cpp <faiss/Index.h>
lib/claptools/pipeline/a.cpp <torch/torch.h>
lib/claptools/tasks/a.cpp <c10/util/Half.h>
lib/claptools/store/a.cpp <fmt/core.h>
lib/claptools/core/a.hpp <CLI/CLI.hpp>
lib/claptools/text/a.cpp <nlohmann/json.hpp>
lib/claptools/evaluate/a.cpp <nlohmann/json.hpp>
lib/claptools/store/a.cpp <archive_entry.h>
lib/claptools/store/a.cpp <expat.h>
lib/claptools/core/a.cpp "claptools/store/embedding_file.hpp"
lib/claptools/store/a.cpp "claptools/nowhere/a.hpp"
lib/claptools/pipeline/a.cpp "claptools/model/model.hpp"
lib/claptools/model/a.cpp "cmd/program/run_main.hpp"
lib/claptools/pipeline/a.cpp "claptools/zero_shot/label_set.hpp"
PLANTED
  mkdir -p "$tree/lib/claptools/attic"
  printf 'Json::parse(text);\n' >"$tree/cmd/unchecked.cpp"
  printf 'check_json(text, name);\nJson::parse(text);\n' >"$tree/cmd/checked.cpp"
  planted=$((planted + 2))
  printf 'auto w = get("text_encoder.layer");\n' >"$tree/cmd/prefix.cpp"
  printf 'const ModelConfig& config();\n' >"$tree/lib/claptools/pipeline/config.hpp"
  mkdir -p "$tree/lib/claptools/families/mga_clap"
  printf 'namespace mga_clap {}  // "audio_encoder."\n' >"$tree/lib/claptools/families/mga_clap/a.cpp"
  planted=$((planted + 2))
  printf 'throw Error("exists; use --force");\n"--window" \n"use tar --dereference"\n' >"$tree/lib/claptools/core/flags.cpp"
  planted=$((planted + 2))
  mkdir -p "$tree/lib/claptools/core/many"
  touch "$tree/lib/claptools/core/many/"{1..26}.hpp
  planted=$((planted + 1))
  found=$({ check_tree "$tree"; (check_json_readers "$tree"); (check_families "$tree"); (check_folders "$tree"); (check_flags "$tree"); } | wc -l)
  echo "planted $planted violations, found $found"
  [[ $found -eq $planted ]]
}

if [[ ${1-} == --self-test ]]; then
  self_test
else
  found=$(check_tree "${1:?source folder}"; check_json_readers "$PWD"; check_families "$PWD"; check_folders "$PWD"; check_flags "$PWD")
  [[ -z $found ]] || { printf '%s\n' "$found"; exit 1; }
fi
