# shellcheck shell=bash disable=SC2154  # variables of lib.sh
# Sourced after lib.sh: a corpus in shards against one run.
clap-embed --help | grep -qe --shard || { echo "skipped: this clap-embed has no --shard"; exit 77; }

# make_corpus N: N links to the example recordings in corpus/, and queries.
make_corpus() {
  local all=("$clips"/*.flac) i
  mkdir corpus
  for ((i = 0; i < $1; ++i)); do
    ln "${all[i % ${#all[@]}]}" "corpus/$(printf %05d "$i").flac" 2>/dev/null ||
      cp "${all[i % ${#all[@]}]}" "corpus/$(printf %05d "$i").flac"
  done
  printf '%s\n' 'a crow calls' 'a bell' >queries.txt
}

# The index of one run.
undisturbed() {
  quietly clap-embed -q corpus -o one.h5
  quietly clap-index build one.h5 -o one.clapindex
}

rows_and_vectors() {
  clap-index export "$1" --tsv - --npy "$work/vectors.npy" --force
  cksum <"$work/vectors.npy"
}

# expect_undisturbed INDEX: its rows and vectors are those of one.clapindex.
expect_undisturbed() {
  expect "$1: rows and vectors of one run" equal "$(rows_and_vectors "$1")" "$(rows_and_vectors one.clapindex)"
}
