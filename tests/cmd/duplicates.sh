#!/usr/bin/env bash
# usage: duplicates.sh BIN SOURCE [SHARED]
# clap-index duplicates: pairs, groups, the copy to keep; a copy that begins later; refusals and signals.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

header=$'group\tscore\tid\tstart_s\tend_s\tother_id\tother_start_s\tother_end_s\toffset_s\twindows\tshare\tkeep'

make_embeddings a.h5 audio m1 <<'ROWS'
id start_s end_s vector
dog.wav 0 5 1,0,0
rain.wav 0 5 0,1,0
dog2.wav 0 6 1,0.01,0
rain2.wav 0 5 0,1,0
bell.wav 0 5 0,0,1
dog.wav 5 10 0.6,0,0.8
ROWS
clap-index build a.h5 -o a.clapindex
run clap-index duplicates a.clapindex
expect 'duplicates' exits 0
expect 'no message' says_nothing
expect 'one line per pair, the copy to keep on each' prints "$header
1	0.999950	dog.wav	0	5	dog2.wav	0	6	0	1	1.000000	dog.wav
2	1.000000	rain.wav	0	5	rain2.wav	0	5	0	1	1.000000	rain.wav"
run clap-index duplicates a.h5 --no-header --threshold 1
expect 'of an embedding file, with another threshold' prints \
  $'1\t1.000000\train.wav\t0\t5\train2.wav\t0\t5\t0\t1\t1.000000\train.wav'
run bash -c 'clap-index duplicates - --json --threshold 1 <a.h5'
expect 'JSON, from standard input' prints '{"group": 1, "score": 1.000000, "id": "rain.wav", "start_s": 0, "end_s": 5, "other_id": "rain2.wav", "other_start_s": 0, "other_end_s": 5, "offset_s": 0, "windows": 1, "share": 1.000000, "keep": "rain.wav"}'
quietly clap-index duplicates a.clapindex -o d.csv
expect 'CSV by its name' test "$(sed -n 1p d.csv)" = "$(tr '\t' , <<<"$header")"
refuses 73 'd.csv: exists' clap-index duplicates a.clapindex -o d.csv
quietly clap-index duplicates a.clapindex -o d.csv --force --no-header
run clap-index duplicates a.clapindex --threads 1
cp "$work/out" one
run clap-index duplicates a.clapindex --threads 3
expect 'the same on any number of threads' cmp one "$work/out"

make_embeddings b.h5 audio m1 <<<$'id start_s end_s vector\nbark.wav 0 5 1,0,0'
run bash -o pipefail -c 'clap-index duplicates a.clapindex b.h5 --no-header | cut -f 1,3,6'
expect 'across indexes' prints $'1\tdog.wav\tdog2.wav
1\tdog.wav\tbark.wav
1\tdog2.wav\tbark.wav
2\train.wav\train2.wav'
make_embeddings none.h5 audio m1 <<<$'id start_s end_s vector\na 0 1 1,0,0\nb 0 1 0,1,0'
run clap-index duplicates none.h5 --threshold 0.5
expect 'none: no line, exit code 0' exits 0
expect 'none: the header' prints "$header"
make_embeddings texts.h5 text m1 <<<$'id start_s end_s vector\na//b 0 0 1,0,0\na/b 0 0 1,0,0'
run bash -o pipefail -c 'clap-index duplicates texts.h5 --no-header | cut -f 3,6,12'
expect 'texts' prints $'a//b\ta/b\ta//b'

refuses 64 '--threshold' clap-index duplicates a.clapindex --threshold 1.5
refuses 64 '--threshold' clap-index duplicates a.clapindex --threshold nan
refuses 64 '--min-share' clap-index duplicates a.clapindex --min-share -1
refuses 64 'INDEX' clap-index duplicates
refuses 66 'nowhere.clapindex' clap-index duplicates nowhere.clapindex
refuses 65 'not an HDF5 file' clap-index duplicates <(:)
make_embeddings other.h5 audio m2 <<<$'id start_s end_s vector\nx 0 1 1,0,0'
refuses 65 'other.h5: model' clap-index duplicates a.clapindex other.h5
refuses 69 'more than 1 pairs of windows reach --threshold: raise it, or --max-pairs' \
  clap-index duplicates a.clapindex --max-pairs 1
refuses 64 'promises' clap-index duplicates a.clapindex -o d.npy

# Recordings: a copy, a copy of which the first three seconds are cut off, and one that is gone.
make_tiny_model
wav() {  # BYTES: the header of a float WAV at 32 kHz
  printf 'RIFF%bWAVEfmt %b' "$(little $(($1 + 36)) 4)" "$(little 16 4)$(little 3 2)$(little 1 2)$(little 32000 4)"
  printf '%bdata%b' "$(little 128000 4)$(little 4 2)$(little 32 2)" "$(little "$1" 4)"
}
mkdir corpus
make_wav whole.wav 640000
tail -c 2560000 whole.wav >samples
{ wav 2560000; cat samples; } >corpus/whole.wav
{ wav 2176000; tail -c 2176000 samples; } >corpus/later.wav
cp corpus/whole.wav $'corpus/odd\tname.wav'
ln -s whole.wav corpus/link.wav
cp corpus/whole.wav corpus/gone.wav
run clap-embed corpus --window 4 --hop 1 -o corpus.h5
expect 'embedded' exits 0
clap-index build corpus.h5 -o corpus.clapindex
rm corpus/gone.wav
run clap-index duplicates corpus.clapindex --threshold 0.9999 --no-header
expect 'a copy that begins later' grep -qP '^1\t1.000000\tcorpus/later.wav\t0\t17\tcorpus/whole.wav\t3\t20\t3\t1[45]\t1.000000\t' "$work/out"
expect 'names are escaped' grep -qF $'corpus/odd\\tname.wav' "$work/out"
expect 'two names of one file are no pair' not grep -qP 'link.wav\t.*\tcorpus/whole.wav' "$work/out"
expect 'the longest that is there is kept' test "$(cut -f 12 "$work/out" | sort -u)" = corpus/link.wav
run bash -o pipefail -c 'clap-index duplicates corpus.clapindex --threshold 0.9999 --no-header --no-files | cut -f 12 | sort -u'
expect 'by its rows alone' prints corpus/gone.wav

# A signal ends the search: no output, the code of the signal.
awk 'BEGIN { srand(1); print "id start_s end_s vector"
  for (i = 0; i < 6000; ++i) print "c" i, 0, 1, rand() "," rand() "," rand() }' | make_embeddings many.h5 audio m1
stops_by() {
  # bash starts a job with SIGINT ignored, which the tool would respect.
  : >progress
  env --default-signal=INT clap-index duplicates many.h5 --threshold 0 -o "$1.tsv" --progress always 2>progress &
  local pid=$! code=0
  for ((i = 0; i < 200; ++i)); do
    grep -q compared progress && break
    sleep 0.05
  done
  kill "-$1" "$pid"
  wait "$pid" || code=$?
  [[ $code -eq $2 && ! -e $1.tsv ]]
}
expect 'SIGINT' stops_by INT 130
expect 'SIGTERM' stops_by TERM 143
finish
