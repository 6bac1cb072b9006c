#!/usr/bin/env bash
# usage: clap_index.sh BIN SOURCE [SHARED]
# clap-index from files to files, no model involved.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

make_embeddings a.h5 audio m1 <<'ROWS'
id start_s end_s vector label
a.wav 0 10 1,0,0 dog
a.wav 10 14.5 4,3,0 dog
b.wav 0 5 0,1,0 rain
ROWS
make_embeddings c.h5 audio m1 <<'ROWS'
id start_s end_s vector fold
c.wav 0 10 0,0,1 1
ROWS
make_embeddings other.h5 audio m2 <<<$'id start_s end_s vector\nx 0 1 1,0,0'
make_embeddings wide.h5 audio m1 <<<$'id start_s end_s vector\nx 0 1 1,0,0,0'
make_embeddings text.h5 text m1 <<<$'id start_s end_s vector\na 0 0 1,0,0'

rows() { clap-index export "$1" --tsv -; }
all_rows=$'id\tstart_s\tend_s\tlabel\tfold
a.wav\t0\t10\tdog\t
a.wav\t10\t14.5\tdog\t
b.wav\t0\t5\train\t
c.wav\t0\t10\t\t1'

run clap-index build a.h5 c.h5 -o one.clapindex
expect 'build: silent success' exits 0
expect 'build: nothing on standard output' prints_nothing
expect 'build: nothing on standard error' says_nothing
run rows one.clapindex
expect 'rows in input order, meta columns united' prints "$all_rows"

export SOURCE_DATE_EPOCH=1700000000
run bash -o pipefail -c "clap-index build - c.h5 -o piped.clapindex <a.h5"
expect 'build from a pipe' exits 0
run rows piped.clapindex
expect 'the same rows' prints "$all_rows"
run clap-index build a.h5 -o grown.clapindex
run clap-index add grown.clapindex c.h5
expect 'add' exits 0
run rows grown.clapindex
expect 'add: the same rows' prints "$all_rows"
expect 'add: the same vectors' cmp grown.clapindex/vectors.faiss one.clapindex/vectors.faiss
clap-index build a.h5 -o left.clapindex
clap-index build c.h5 -o right.clapindex
run clap-index merge left.clapindex right.clapindex -o merged.clapindex
expect 'merge' exits 0
run rows merged.clapindex
expect 'merge: the same rows' prints "$all_rows"
expect 'merge: the same vectors' cmp merged.clapindex/vectors.faiss one.clapindex/vectors.faiss
run clap-index info merged.clapindex --json
expect 'info' prints '{"rows": 4, "dim": 3, "type": "Flat", "kind": "audio", "model_name": "made", "model_sha256": "m1", "window_s": 10, "hop_s": 10, "short_audio": "zero", "meta": "label,fold", "created": "2023-11-14T22:13:20Z", "space": ""}'

run clap-index export one.clapindex --npy v.npy --tsv r.tsv
expect 'export' exits 0
header=$(head -c 128 v.npy | tail -c +11)
expect 'npy: header' test "${header%% *}" = "{'descr':"
expect 'npy: shape' test "${header#*shape}" != "${header#*\'shape\': (4, 3)}"
expect 'npy: size' test "$(stat -c %s v.npy)" -eq $((128 + 4 * 3 * 4))
expect 'npy: first value' test "$(od -An -t f4 -j 128 -N 4 v.npy | tr -d ' ')" = 1
refuses 73 'v.npy: exists' clap-index export one.clapindex --npy v.npy
refuses 64 'give --npy, --tsv' clap-index export one.clapindex

awk 'BEGIN { srand(1); print "id start_s end_s vector"
  for (i = 0; i < 400; ++i) print "c" i, 0, 1, rand() "," rand() "," rand() "," rand() }' |
  make_embeddings many.h5 audio m1
for factory in HNSW8 IVF4,Flat IVF4,PQ2x4 SQ8 SQfp16; do
  run clap-index build many.h5 -o "$factory.clapindex" --factory "$factory"
  expect "$factory: builds" exits 0
  run bash -o pipefail -c "clap-index info $factory.clapindex --no-header | cut -f 1,3"
  expect "$factory: is named" prints $'400\t'"$factory"
  run bash -o pipefail -c "clap-query $factory.clapindex -k 1 --no-header --embeddings many.h5 |
    awk -F'\t' '\$1 == \$4' | wc -l"
  # All of these keep enough to find nearly every vector by itself; PQ2x4 is coarse on purpose.
  least=350
  [[ $factory != *PQ* ]] || least=1
  expect "$factory: finds its own vectors" test "$(<"$work/out")" -ge "$least"
done
# Shards trained alike are one index in parts; trained otherwise they cannot be joined.
for i in 0 1; do
  awk -v i=$i 'BEGIN { srand(10 + i); print "id start_s end_s vector"
    for (n = 0; n < 200; ++n) print "s" i "." n, 0, 1, rand() "," rand() "," rand() "," rand() }' |
    make_embeddings "part$i.h5" audio m1
done
quietly clap-index build part0.h5 part1.h5 --like IVF4,Flat.clapindex -o whole.clapindex
quietly clap-index build part0.h5 --like IVF4,Flat.clapindex -o part0.clapindex
quietly clap-index build part1.h5 --like IVF4,Flat.clapindex -o part1.clapindex
quietly clap-index merge part0.clapindex part1.clapindex -o joined.clapindex
expect 'merge keeps the type and loses nothing' cmp joined.clapindex/vectors.faiss whole.clapindex/vectors.faiss
expect 'merge: rows' equal "$(rows joined.clapindex)" "$(rows whole.clapindex)"
quietly clap-index build part1.h5 --factory IVF4,Flat --train-sample 100 -o alone.clapindex
refuses 65 'is of another type or training' clap-index merge part0.clapindex alone.clapindex -o x.clapindex
quietly clap-index merge part0.clapindex alone.clapindex --factory Flat -o flat.clapindex
expect 'merge to another type' equal "$(clap-index info flat.clapindex --no-header | cut -f 1,3)" $'400\tFlat'
refuses 64 '--like' clap-index build a.h5 --like one.clapindex --factory Flat -o x.clapindex
refuses 64 'train-sample' clap-index build many.h5 --factory IVF4,Flat --train-sample 0 -o x.clapindex

clap-index build many.h5 -o many.clapindex
for index in many IVF4,Flat; do
  quietly clap-index export "$index.clapindex" --hdf5 "$index.ann.h5" --queries part0.h5 -k 3
done
expect 'ann-benchmarks' equal "$(h5_check strings many.ann.h5 distance)" angular
expect 'neighbours are exact whatever the index' cmp many.ann.h5 IVF4,Flat.ann.h5
refuses 64 'give --queries' clap-index export one.clapindex --hdf5 x.h5
refuses 65 'other.h5: was made with another model' clap-index export one.clapindex --hdf5 x.h5 --queries other.h5

# Damage: no byte reaches FAISS or HDF5 unchecked.
cp -r one.clapindex hurt.clapindex
for file in vectors.faiss rows.h5; do
  cp "one.clapindex/$file" "hurt.clapindex/$file"
  printf '\377' | dd of="hurt.clapindex/$file" bs=1 seek=60 conv=notrunc status=none
  refuses 65 'hurt.clapindex' clap-query hurt.clapindex --embeddings a.h5
  refuses 65 'hurt.clapindex' clap-index export hurt.clapindex --npy x.npy
  truncate -s -1 "hurt.clapindex/$file"
  refuses 65 'hurt.clapindex' clap-index info hurt.clapindex
  cp "one.clapindex/$file" "hurt.clapindex/$file"
done
refuses 64 "index type 'Flatter'" clap-index build many.h5 -o bad.clapindex --factory Flatter

refuses 73 'one.clapindex: exists' clap-index build a.h5 -o one.clapindex
run clap-index build c.h5 -o one.clapindex --force
expect 'existing output with --force' exits 0
mkdir precious && touch precious/thesis.tex
refuses 73 'precious' clap-index build a.h5 -o precious --force
expect 'untouched' test -e precious/thesis.tex
refuses 73 'missing/x.clapindex' clap-index build a.h5 -o missing/x.clapindex
before=$(find . -maxdepth 1 | sort)
refuses 65 'other.h5: model' clap-index build a.h5 other.h5 -o x.clapindex
refuses 65 'wide.h5: dimension 4' clap-index build a.h5 wide.h5 -o x.clapindex
refuses 65 'text.h5: kind text' clap-index build a.h5 text.h5 -o x.clapindex
refuses 65 'other.h5: model' clap-index add grown.clapindex other.h5
refuses 66 'nowhere.h5' clap-index build nowhere.h5 -o x.clapindex
head -c 2000 a.h5 >cut.h5
refuses 65 'cut.h5' clap-index build cut.h5 -o x.clapindex
echo text >text.txt
refuses 65 'text.txt' clap-index build text.txt -o x.clapindex
expect 'failures leave nothing behind' test "$(find . -maxdepth 1 ! -name cut.h5 ! -name text.txt | sort)" = "$before"
refuses 64 '--output' clap-index build a.h5
refuses 64 'subcommand' clap-index
finish
