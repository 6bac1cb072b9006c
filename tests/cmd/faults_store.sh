#!/usr/bin/env bash
# usage: faults_store.sh BIN SOURCE
# Embedding files that others made, in the wrong number or of the wrong length: no model involved.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Vectors of any length: the same scores as of unit vectors, or refused.
table=$'id start_s end_s vector frames
a 0 10 3,0,0 2,0,0;0,5,0
b 0 10 30,40,0 0,7,0
c 0 10 0,0.3,0.4 1,1,1'
make_embeddings unit.h5 audio m1 0.5 <<<"$table"
for kind in absent 0; do NORMALIZED=$kind make_embeddings "$kind.h5" audio m1 0.5 <<<"$table"; done
NORMALIZED=1 make_embeddings claimed.h5 audio m1 <<<$'id start_s end_s vector\nx 0 10 3,0,0'
NORMALIZED=1 make_embeddings frames.h5 audio m1 0.5 <<<$'id start_s end_s vector frames\nx 0 1 1,0,0 1,0,0;0,2,0'
hits() { clap-query "$1" --embeddings "$2" --no-header; }
for kind in absent 0; do
  quietly clap-index build "$kind.h5" -o "$kind.clapindex"
  expect "$kind: index" equal "$(hits "$kind.clapindex" unit.h5)" "$(hits unit.h5 unit.h5)"
  expect "$kind: as queries" equal "$(hits unit.h5 "$kind.h5")" "$(hits unit.h5 unit.h5)"
  quietly clap-embed --merge "$kind.h5" -o "merged-$kind.h5"
  expect "$kind: merged" equal "$(h5_check rows "merged-$kind.h5")" "$(h5_check rows unit.h5)"
  expect "$kind: merged with unit vectors" at_most "$(h5_check norms "merged-$kind.h5")" 1e-6
  refuses 65 "$kind.h5: its vectors are not normalized" clap-embed --merge --virtual "$kind.h5" -o v.h5
done
refuses 65 "frames.h5: frame 1 of 'x' (row 0) has length 2" clap-embed --merge frames.h5 -o x.h5
reason="claimed.h5: the embedding of 'x' (row 0) has length 3"
refuses 65 "$reason" clap-index build claimed.h5 -o x.clapindex
refuses 65 "$reason" clap-embed --merge claimed.h5 -o x.h5
refuses 65 "$reason" clap-embed --merge --virtual claimed.h5 -o x.h5
refuses 65 "$reason" clap-query claimed.h5 --embeddings unit.h5
clap-index build unit.h5 -o grown.clapindex
refuses 65 "$reason" clap-index add grown.clapindex claimed.h5
run clap-query unit.h5 --embeddings claimed.h5
expect 'wrong queries' exits 65
expect 'the row of the query' says "$reason"
for bad in 0,0,0 1e30,0,0 nan,0,0 inf,0,0 1e-30,0,0; do
  NORMALIZED=absent make_embeddings bad.h5 audio m1 <<<$'id start_s end_s vector\na 0 1 1,0,0\nb 0 1 '"$bad"
  refuses 65 "bad.h5: the embedding of 'b' (row 1)" clap-index build bad.h5 -o x.clapindex
  refuses 65 "bad.h5: the embedding of 'b' (row 1)" clap-embed --merge bad.h5 -o x.h5
done
expect 'nothing was made' not test -e x.clapindex -o -e x.h5 -o -e v.h5

clap-embed --verify unit.h5
refuses 65 "$reason" clap-embed --verify claimed.h5
refuses 66 'is a pipe' clap-embed --verify <(cat unit.h5)

# Shards: all of one run, each once.
for i in 0 1 2; do
  SHARD=$i/3 make_embeddings "part-$i.h5" audio m1 <<<$'id start_s end_s vector\n'"s$i 0 1 1,$i,0"
  SHARD=$i/3 make_embeddings "text-$i.h5" text m1 <<<$'id start_s end_s vector\n'"s 0 0 1,$i,0"
done
SHARD=0/2 make_embeddings half.h5 audio m1 <<<$'id start_s end_s vector\ns9 0 1 1,0,0'
SHARD=2/3 make_embeddings slow.h5 audio m1 0.5 zero <<<$'id start_s end_s vector frames\ns2 0 1 1,2,0 1,0,0'
SHARD=2/3 make_embeddings other.h5 audio m1 0 repeat <<<$'id start_s end_s vector\ns2 0 1 1,2,0'
make_embeddings whole.h5 audio m1 <<<$'id start_s end_s vector\ns0 0 1 1,0,0\ns1 0 1 1,1,0\ns2 0 1 1,2,0'
make_embeddings more.h5 audio m1 <<<$'id start_s end_s vector\ns0 1 2 1,0,0\ns0 1 2 1,0,0'
together() {
  clap-embed --merge "$@" -o joined.h5 --force 2>merge.err || echo "merge: $?" >>merge.err
  clap-index build "$@" -o joined.clapindex --force
}
for case in 'shard 2/3: is missing|part-0.h5 part-1.h5' 'shard 0/3: is missing|part-2.h5 part-1.h5' \
  'part-1.h5: is given twice|part-0.h5 part-1.h5 part-1.h5 part-2.h5' \
  'part-1-copy.h5: is shard 1/3 as part-1.h5 is|part-0.h5 part-1.h5 part-1-copy.h5 part-2.h5' \
  "half.h5: was made with another number of shards|part-0.h5 half.h5 part-1.h5 part-2.h5" \
  "row 's0' is in|part-0.h5 part-1.h5 part-2.h5 whole.h5" "row 's0' is in|whole.h5 copy.h5" \
  'other.h5: was made with other options|part-0.h5 part-1.h5 other.h5' 'link.h5: is given twice|whole.h5 link.h5'; do
  cp part-1.h5 part-1-copy.h5; cp whole.h5 copy.h5; ln -sf whole.h5 link.h5
  IFS='|' read -r reason files <<<"$case"
  # shellcheck disable=SC2086  # several words
  refuses 65 "$reason" together $files
  expect "$files: as --merge" equal "$(tail -n 1 merge.err)" 'merge: 65'
  # shellcheck disable=SC2086
  refuses 65 "$reason" clap-query ${files} --embeddings unit.h5
  # shellcheck disable=SC2086
  refuses 65 "${reason#*: }" clap-index add grown.clapindex $files
done
refuses 65 'shard 1/3: is missing' clap-index add grown.clapindex part-0.h5
quietly clap-index add grown.clapindex part-2.h5 part-0.h5 part-1.h5
refuses 65 "row 's0' is in the index" clap-index add grown.clapindex whole.h5
quietly clap-index build part-0.h5 part-1.h5 part-2.h5 more.h5 -o all.clapindex
expect 'rows that a file repeats are its own affair' equal "$(clap-index info all.clapindex --no-header | cut -f 1)" 5

# An index of each shard, merged: as many as there were.
for i in 0 1 2; do
  run clap-index build "part-$i.h5" -o "part-$i.clapindex"
  expect "shard $i alone" exits 0
  expect "shard $i alone: is said" says "holds shard $i/3 alone"
done
refuses 65 'shard 1/3: is missing' clap-index merge part-0.clapindex part-2.clapindex -o x.clapindex
quietly clap-index merge part-0.clapindex part-1.clapindex part-2.clapindex -o joined.clapindex --force
refuses 65 "row 's0' is in the index" clap-index add joined.clapindex more.h5
make_embeddings later.h5 audio m1 <<<$'id start_s end_s vector\nt0 1 2 1,0,0\nt0 1 2 1,0,0'
quietly clap-index add joined.clapindex later.h5
refuses 65 'shard 1/3: is missing' clap-index add part-0.clapindex part-2.h5
quietly clap-index add part-0.clapindex part-1.h5 part-2.h5
quietly clap-index merge joined.clapindex -o again.clapindex
quietly clap-query part-1.h5 --embeddings unit.h5 >/dev/null

# Pipes are read once, whoever reads; a time limit, as they used to hang.
limited() { timeout 20 "$@"; }
quietly limited clap-index build <(cat whole.h5) -o piped.clapindex
expect 'a substitution' cmp piped.clapindex/vectors.faiss <(clap-index build whole.h5 -o w.clapindex && cat w.clapindex/vectors.faiss)
mkfifo fifo.h5
for command in 'clap-index build fifo.h5 -o fifo.clapindex' 'clap-index add w.clapindex fifo.h5' \
  'clap-query fifo.h5 --embeddings unit.h5' 'clap-query unit.h5 --embeddings fifo.h5' \
  'clap-embed --merge fifo.h5 -o fifo-merged.h5' 'clap-index build fifo.h5 more.h5 -o both.clapindex'; do
  cat unit.h5 >fifo.h5 &
  # shellcheck disable=SC2086
  run limited $command
  expect "$command" exits 0
  wait
done
cat part-0.h5 >fifo.h5 &
refuses 65 'shard 1/3: is missing' limited clap-index build fifo.h5 part-2.h5 -o x.clapindex
wait
run limited bash -c 'cat whole.h5 | clap-embed --merge - -o from-pipe.h5'
expect '--merge of standard input' exits 0
cat unit.h5 >fifo.h5 &
refuses 64 'a pipe' limited clap-embed --merge --virtual fifo.h5 -o x.h5
wait
echo 'no file' >fifo.h5 &
refuses 65 'fifo.h5: not an HDF5 file' limited clap-index build fifo.h5 -o x.clapindex
wait

# Reads that are interrupted, short, or fail: in this order the same, the same, 74.
faulty() { LD_PRELOAD=$bin/../lib/fail_nth.so READ_ON=unit.h5 FAIL_COUNT=$work/reads "$@"; }
hits unit.h5 unit.h5 >plain.tsv
FAIL_CALL=read FAIL_AT=0 run faulty clap-embed --merge unit.h5 -o read.h5
reads=$(<"$work/reads")
expect 'the file is read' test "$reads" -gt 10
for at in $(seq 1 4 "$reads"); do
  FAIL_CALL=interrupt FAIL_AT=$at run faulty clap-embed --merge unit.h5 -o read.h5 --force
  expect "read $at interrupted" exits 0
  FAIL_CALL=read FAIL_AT=$at refuses 74 'unit.h5: Input/output error' faulty clap-embed --merge unit.h5 -o none.h5
done
for at in $(seq 1 16 "$reads"); do
  FAIL_CALL=end FAIL_AT=$at refuses 74 'unit.h5: was cut off' faulty clap-embed --merge unit.h5 -o none.h5
done
SHORT_READS=1 run faulty clap-query unit.h5 --embeddings unit.h5 --no-header
expect 'short reads' cmp "$work/out" plain.tsv
for command in 'clap-index build unit.h5 -o x.clapindex' 'clap-query unit.h5 --embeddings more.h5' 'clap-query more.h5 --embeddings unit.h5'; do
  for at in 1 4; do
    # shellcheck disable=SC2086
    FAIL_CALL=read FAIL_AT=$at run faulty $command
    expect "$command: read $at fails" exits 74
    expect "$command: read $at: said" says 'unit.h5: Input/output error'
    # shellcheck disable=SC2086
    FAIL_CALL=end FAIL_AT=$at run faulty $command
    expect "$command: read $at gives nothing" exits 74
    expect "$command: read $at: named" says 'unit.h5: was cut off, or could not be read, while it was in use'
  done
done

# --force replaces what these tools wrote, and nothing else.
touch empty.h5
for output in empty.h5 joined.h5; do
  quietly clap-embed --merge unit.h5 -o "$output" --force
  expect "$output: replaced" same_rows "$output" unit.h5
done
quietly clap-index export grown.clapindex --hdf5 ann.h5 --queries unit.h5
quietly clap-index export grown.clapindex --hdf5 ann.h5 --queries unit.h5 --force
mkdir theirs
echo 'my notes' >theirs/notes
head -c 3000 unit.h5 >theirs/cut
cp "$source_dir/tests/data/store/refused/no_format.h5" theirs/data
ln -s notes theirs/link
echo dog >labels.txt
cp -a theirs before
for name in theirs/*; do
  reason="$name: is not a file that these tools wrote"
  refuses 73 "$reason" clap-embed --merge unit.h5 -o "$name" --force
  refuses 73 "$reason" clap-embed unit.wav -o "$name" --force
  refuses 73 "$reason" clap-embed --text dog -o "$name" --force
  refuses 73 "$reason" clap-index export grown.clapindex --hdf5 "$name" --queries unit.h5 --force
  refuses 73 "$reason" clap-classify unit.h5 --labels labels.txt --scores "$name" --force
done
expect 'they are as they were' diff -r theirs before

# What FAISS would die of.
for factory in HNSW0 HNSW1 IVF2_HNSW0,Flat 'IVF2(HNSW0),Flat' IVF0,Flat PQ0 'IVF2(Index7),Flat' IVF999999999,Flat 'Flat,Refine(HNSW4)'; do
  refuses 64 "index type '$factory': " clap-index build whole.h5 --factory "$factory" -o x.clapindex
done
expect 'still nothing was made' not test -e x.clapindex -o -e x.h5 -o -e none.h5
finish
