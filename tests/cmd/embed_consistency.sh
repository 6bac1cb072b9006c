#!/usr/bin/env bash
# usage: embed_consistency.sh BIN SOURCE [SHARED]
# Batch, threads and shards change next to nothing: the same rows, each with a cosine of 1 - 1e-6 at least to its own, and the same
# hits of a search; the same settings give the same bytes.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
make_tiny_model
make_wav long.wav 1184000
export SOURCE_DATE_EPOCH=1000000000
command=(clap-embed "$clips" long.wav --window 4 --hop 3)
printf '%s\n' 'a crow calls' 'people sing in a choir' 'rain on a roof' 'a bell rings' 'an engine starts' >queries.txt

# hits FILE: the best ten of each query, without the scores.
hits() {
  clap-index build "$1" --force -o hits.clapindex && clap-query hits.clapindex -k 10 <queries.txt | cut -f1,2,4-
}

# consistent FILE WHAT: it holds what one.h5 does.
consistent() {
  expect "$2: the same rows" at_most "$(h5_check angle one.h5 "$1")" 1e-6
  expect "$2: the same hits" equal "$(hits "$1")" "$best"
}

quietly "${command[@]}" --frames --batch 1 --threads 1 -o one.h5
best=$(hits one.h5)
expect 'ten hits a query' equal "$(wc -l <<<"$best")" 51
for isa in baseline avx2; do
  run env CLAP_ISA=$isa "${command[@]}" --frames --batch 1 --threads 1 --force -o whole.h5
  if grep -q 'this processor has no' "$work/err"; then continue; fi
  expect "$isa: exit code" exits 0
  consistent whole.h5 "CLAP_ISA=$isa"
done
for batch in 1 7 64; do
  for threads in 1 2; do
    options=(--frames --batch "$batch" --threads "$threads")
    quietly "${command[@]}" "${options[@]}" --force -o whole.h5
    consistent whole.h5 "${options[*]}"
    [[ $threads -eq 2 ]] || continue
    for i in 0 1 2 3; do quietly "${command[@]}" "${options[@]}" --shard $i/4 --force -o shard$i.h5; done
    quietly clap-embed --merge shard?.h5 --force -o merged.h5
    consistent merged.h5 "${options[*]}, 4 shards"
  done
done
mv whole.h5 first.h5  # of the last settings
quietly "${command[@]}" "${options[@]}" --force -o whole.h5
expect 'the same settings, the same bytes' cmp whole.h5 first.h5
finish
