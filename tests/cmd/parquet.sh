#!/usr/bin/env bash
# usage: parquet.sh BIN SOURCE SHARED [PYARROW]
# clap-index export --parquet, read back by pyarrow and, where it is there, pandas; 77 if the build has no Arrow.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
pyarrow=${4-}

make_embeddings a.h5 audio m1 <<'ROWS'
id start_s end_s vector label embedding
a/dög.wav 0 10 1,0,0 dog x
a/dög.wav 10 14.5 4,3,0 dog -
b.wav 0 5 0,1,0 rain y
ROWS
clap-index build a.h5 -o a.clapindex

# The program alone, as after a build without Arrow.
mkdir -p alone/bin
cp "$bin/clap-index" alone/bin
refuses 69 'scripts/setup --parquet' alone/bin/clap-index export a.clapindex --parquet a.parquet
expect 'nothing is written' not test -e a.parquet
refuses 64 'promises CSV' clap-index export a.clapindex --parquet a.csv

if [[ -z $pyarrow ]] || ! PYTHONPATH=$(dirname "$pyarrow") python3 -c 'import pyarrow.parquet' 2>/dev/null; then
  finish
  exit 77
fi
export PYTHONPATH
PYTHONPATH=$(dirname "$pyarrow")

quietly clap-index export a.clapindex --parquet a.parquet
refuses 73 'a.parquet: exists' clap-index export a.clapindex --parquet a.parquet
refuses 69 'CLAP_ARROW: no libarrow.so' env CLAP_ARROW=/ clap-index export a.clapindex --parquet b.parquet
quietly env CLAP_ARROW="$pyarrow" clap-index export a.clapindex --parquet b.parquet
expect 'the same with the Arrow of the environment' cmp a.parquet b.parquet
run clap-index export a.h5 --parquet -
cp "$work/out" piped.parquet
cat >read.py <<'PYTHON'
import sys
import pyarrow.parquet as pq
table = pq.read_table(sys.argv[1])
for field in table.schema:
    print(field.name, field.type)
for row in table.to_pylist():
    print(row['id'], row['start_s'], row['end_s'], row['label'], row['meta.embedding'], [round(x, 4) for x in row['embedding']])
print(table.schema.metadata[b'model_sha256'].decode())
try:
    import pandas
except ImportError:
    sys.exit()
assert len(pandas.read_parquet(sys.argv[1])) == table.num_rows
PYTHON
for file in a.parquet piped.parquet; do
  run env PYTHONIOENCODING=utf-8 python3 read.py "$file"
  expect "$file: as it was written" prints "id string
start_s double
end_s double
embedding fixed_size_list<element: float not null>[3]
label string
meta.embedding string
a/dög.wav 0.0 10.0 dog x [1.0, 0.0, 0.0]
a/dög.wav 10.0 14.5 dog - [0.8, 0.6, 0.0]
b.wav 0.0 5.0 rain y [0.0, 1.0, 0.0]
m1"
done

# More rows than a row group holds, of a compressed index.
awk 'BEGIN { srand(1); print "id start_s end_s vector"
  for (i = 0; i < 9000; ++i) print "c" i, 0, 1, rand() "," rand() "," rand() "," rand() }' | make_embeddings many.h5 audio m1
clap-index build many.h5 -o many.clapindex --factory SQ8
quietly clap-index export many.clapindex --parquet many.parquet --npy many.npy
cat >compare.py <<'PYTHON'
import struct
import pyarrow.parquet as pq
table = pq.read_table('many.parquet')
values = table['embedding'].combine_chunks().flatten().to_pylist()
raw = open('many.npy', 'rb').read()[128:]
print(table.num_rows, table['id'][8999], pq.ParquetFile('many.parquet').num_row_groups, values == list(struct.unpack(f'<{len(raw) // 4}f', raw)))
PYTHON
run python3 compare.py
expect 'many rows' prints '9000 c8999 2 True'
finish
