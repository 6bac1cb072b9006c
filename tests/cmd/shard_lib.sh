# shellcheck shell=bash disable=SC2154  # variables of lib.sh
# Sourced after lib.sh: a corpus in shards against one run.

# make_corpus N: N links to the example recordings in corpus/, one file that is none, and queries.
make_corpus() {
  local all=("$clips"/*.flac) i
  mkdir corpus
  for ((i = 0; i < $1; ++i)); do
    ln "${all[i % ${#all[@]}]}" "corpus/$(printf %05d "$i").flac" 2>/dev/null ||
      cp "${all[i % ${#all[@]}]}" "corpus/$(printf %05d "$i").flac"
  done
  echo text >corpus/00001.txt.flac
  printf '%s\n' 'a crow calls' 'a bell' >queries.txt
}

# One run, and its index.
undisturbed() {
  run clap-embed -q corpus -o one.h5
  expect 'one recording fails' exits 1
  quietly clap-index build one.h5 -o one.clapindex
}

# expect_undisturbed FOLDER: its file and index hold what one.h5 and one.clapindex do.
expect_undisturbed() {
  local index=$1/corpus.clapindex
  expect "$1: rows and errors of one run" same "$1/corpus.h5" one.h5
  expect "$1: vectors of one run" cmp "$index/vectors.faiss" one.clapindex/vectors.faiss
  expect "$1: index rows of one run" equal "$(clap-index export "$index" --tsv -)" "$(clap-index export one.clapindex --tsv -)"
}
