#!/usr/bin/env bash
# usage: clap_query.sh BIN SOURCE [SHARED]
# clap-query with embeddings, then with texts and sounds on a small synthetic model.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

make_embeddings a.h5 audio m1 <<'ROWS'
id start_s end_s vector score
a.wav 0 10 1,0,0 high
a.wav 10 14.5 4,3,0 low
b.wav 0 5 0,1,0 low
ROWS
make_embeddings q.h5 text m1 <<<$'id start_s end_s vector\nwoof 0 0 1,0,0\ndrip 0 0 0,1,0'
make_embeddings other.h5 text m2 <<<$'id start_s end_s vector\nwoof 0 0 1,0,0'
clap-index build a.h5 -o a.clapindex

header=$'query\trank\tscore\tid\tstart_s\tend_s\tmeta.score'
best=$'woof\t1\t1.000000\ta.wav\t0\t10\thigh
woof\t2\t0.800000\ta.wav\t10\t14.5\tlow
drip\t1\t1.000000\tb.wav\t0\t5\tlow
drip\t2\t0.600000\ta.wav\t10\t14.5\tlow'
run clap-query a.clapindex --embeddings q.h5 -k 2
expect 'best first, segments, meta' prints "$header"$'\n'"$best"
expect 'success' exits 0
run clap-query a.h5 --embeddings q.h5 -k 2
expect 'an embedding file is searched as it is' prints "$header"$'\n'"$best"
run bash -o pipefail -c "clap-query a.clapindex --embeddings - -k 2 --no-header <q.h5"
expect 'queries from a pipe, without header' prints "$best"
run clap-query a.clapindex --embeddings q.h5 -k 2 --group-by-file --no-header
expect 'one segment a file' prints $'woof\t1\t1.000000\ta.wav\t0\t10\thigh
woof\t2\t0.000000\tb.wav\t0\t5\tlow
drip\t1\t1.000000\tb.wav\t0\t5\tlow
drip\t2\t0.600000\ta.wav\t10\t14.5\tlow'
run clap-query a.clapindex --embeddings q.h5 --min-score 0.9 --json
expect 'JSON Lines, least score' prints '{"query": "woof", "rank": 1, "score": 1.000000, "id": "a.wav", "start_s": 0, "end_s": 10, "meta.score": "high"}
{"query": "drip", "rank": 1, "score": 1.000000, "id": "b.wav", "start_s": 0, "end_s": 5, "meta.score": "low"}'
run clap-query a.clapindex --embeddings q.h5 -k 2 -o out.tsv
expect 'to a file' test "$(<out.tsv)" = "$header"$'\n'"$best"
refuses 73 'out.tsv: exists' clap-query a.clapindex --embeddings q.h5 -o out.tsv

refuses 65 "'made' (m2), the index with 'made' (m1)" clap-query a.clapindex --embeddings other.h5
refuses 66 'nowhere.clapindex' clap-query nowhere.clapindex --embeddings q.h5
cp "$(command -v clap-query)" alone  # no share/ beside it, so no default model
refuses 64 'no model: give --model PATH or set CLAP_MODEL' ./alone a.clapindex 'a dog'
refuses 66 'nowhere' clap-query a.clapindex --model nowhere 'a dog'
refuses 64 '--top-k' clap-query a.clapindex -k 0 --embeddings q.h5
refuses 74 'standard output: No space left' bash -o pipefail -c "clap-query a.clapindex --embeddings q.h5 >/dev/full"
refuses 74 'standard output' bash -o pipefail -c "clap-query a.clapindex --embeddings q.h5 >&-"
# The pipe is closed before anything is printed: SIGPIPE ends the program silently.
run bash -o pipefail -c "{ sleep 0.3; clap-query a.clapindex --embeddings q.h5; echo \$? >pipe_code; } | true"
expect 'closed pipe' test "$(<pipe_code)" -eq 141
expect 'closed pipe: silent' says_nothing

# One search of everything, several indexes at once, one search a shard and a merge, one a run of rows and a
# merge: the same table. Vectors of few values, so that many scores are equal.
awk 'BEGIN { srand(5); print "id start_s end_s vector n"
  for (i = 0; i < 240; ++i) print "f" int(i / 6), i % 6 * 5, i % 6 * 5 + 10,
    int(rand() * 3) + 1 "," int(rand() * 3) "," int(rand() * 3) "," int(rand() * 2), i }' >all.txt
make_embeddings all.h5 audio m1 <all.txt
for i in 0 1 2; do
  { head -n 1 all.txt; tail -n +2 all.txt | sed -n "$((i * 80 + 1)),$((i * 80 + 80))p"; } |
    make_embeddings "s$i.h5" audio m1
  clap-index build "s$i.h5" -o "s$i.clapindex"
done
clap-index build all.h5 -o all.clapindex
quietly clap-index merge s[0-2].clapindex -o merged.clapindex
expect 'merged indexes: the vectors of one' cmp merged.clapindex/vectors.faiss all.clapindex/vectors.faiss
make_embeddings many.h5 audio m1 <<'ROWS'
id start_s end_s vector
x 0 1 1,2,0,1
y 0 1 3,1,1,0
x 0 1 0,0,1,1
z 0 1 1,1,1,1
ROWS
queries=(--embeddings many.h5 --exact-scores)
clap-query all.clapindex "${queries[@]}" -k 30 >whole.tsv
expect 'ties are in the table' test "$(cut -f 1,3 whole.tsv | uniq -d | wc -l)" -gt 10
run clap-query s[0-2].clapindex "${queries[@]}" -k 30
expect 'several indexes' equal "$(<"$work/out")" "$(<whole.tsv)"
run clap-query merged.clapindex "${queries[@]}" -k 30
expect 'merged indexes' equal "$(<"$work/out")" "$(<whole.tsv)"
run clap-query s0.h5 s1.clapindex s2.h5 "${queries[@]}" -k 30
expect 'indexes and embedding files' equal "$(<"$work/out")" "$(<whole.tsv)"
for i in 0 1 2; do clap-query "s$i.clapindex" "${queries[@]}" -k 30 >"hits$i.tsv"; done
run clap-query --merge hits[0-2].tsv -k 30
expect 'a search a shard, and a merge' equal "$(<"$work/out")" "$(<whole.tsv)"
expect '... without a word' says_nothing
for i in 0 1 2 3 4 5 6; do clap-query all.clapindex "${queries[@]}" -k 30 --shard "$i/7" >"rows$i.tsv"; done
run clap-query --merge rows[0-6].tsv -k 30
expect 'a search a run of rows, and a merge' equal "$(<"$work/out")" "$(<whole.tsv)"
expect 'each row is in one run' equal "$(clap-query --merge rows[0-6].tsv -k 999 --no-header | sort | uniq -d)" ''
clap-query all.clapindex "${queries[@]}" -k 7 --min-score 0.7 >high.tsv
run clap-query --merge hits[0-2].tsv -k 7 --min-score 0.7
expect 'least score and k of a merge' equal "$(<"$work/out")" "$(<high.tsv)"
clap-query all.clapindex "${queries[@]}" -k 240 >full.tsv
clap-query all.clapindex --embeddings many.h5 --exact-scores -k 9 --group-by-file --min-score 0.8 >files.tsv
run clap-query --merge full.tsv -k 9 --group-by-file --min-score 0.8
expect 'files of a merge, segments joined' equal "$(<"$work/out")" "$(<files.tsv)"
# shellcheck disable=SC2016  # fields of awk
expect 'some were joined' awk -F'\t' 'NR > 1 && $6 - $5 > 10 { found = 1 } END { exit !found }' files.tsv
awk -F'\t' -v OFS='\t' 'NR == 4 { $3 = "high" } 1' hits0.tsv >word.tsv
refuses 65 "word.tsv:4: 'high' is not a number" clap-query --merge word.tsv
sed 4d hits0.tsv >gap.tsv
refuses 65 'gap.tsv:4: a rank is missing' clap-query --merge gap.tsv
refuses 65 "all.txt: column 'query' is missing" clap-query --merge all.txt
refuses 66 'nowhere.tsv' clap-query --merge hits0.tsv nowhere.tsv
refuses 64 '--merge' clap-query --merge hits0.tsv --embeddings many.h5
refuses 64 '--merge' clap-query --merge hits0.tsv --shard 0/2
refuses 64 'there is no shard 3 of 3' clap-query all.clapindex "${queries[@]}" -k 30 --shard 3/3
refuses 65 'a.clapindex: dimension 3' clap-query all.clapindex a.clapindex "${queries[@]}" -k 30
refuses 64 'no search effort to choose' clap-query all.clapindex "${queries[@]}" -k 30 --nprobe 3
clap-index build all.h5 --factory IVF16,Flat -o ivf.clapindex
clap-query ivf.clapindex "${queries[@]}" -k 30 --nprobe 16 | cut -f 1-3 >ivf.tsv
# FAISS adds up in another order than exact search.
expect 'all lists probed: the exact scores' equal \
  "$(paste <(cut -f 3 ivf.tsv) <(cut -f 3 whole.tsv) | awk '$1 != $2 && ($1 - $2) ^ 2 > 1e-12')" ''

make_tiny_model
clap-model synth -o other --config "$source_dir/examples/demo-model.json" --salt other
clap-embed -q "$clips" -o s.h5
clap-index build s.h5 -o s.clapindex
clap-embed -q --text 'a crow calls' 'rain' -o t.h5
# Another program computes with other addresses: the last digits may differ.
short() { sed -E 's/\t(-?0\.[0-9]{4})[0-9]*\t/\t\1\t/' "$@"; }
clap-query s.clapindex --embeddings t.h5 | short >expected.tsv
run bash -o pipefail -c "printf 'a crow calls\n\nrain\n' | clap-query s.clapindex"
expect 'lines of standard input, empty ones skipped' test "$(short "$work/out")" = "$(<expected.tsv)"
run clap-query s.clapindex 'a crow calls' rain
expect 'arguments' test "$(short "$work/out")" = "$(<expected.tsv)"
run clap-query s.clapindex -k 1 --audio "$clips/misc_crow.flac" --audio nowhere.wav
expect 'a recording finds itself' test "$(cut -f 2-4 "$work/out" | tail -n 1)" = $'1\t1.000000\t'"$clips/misc_crow.flac"
expect 'one recording failed' exits 1
expect 'and is named' says 'nowhere.wav'
refuses 65 's.clapindex: was made with model' clap-query s.clapindex --model other rain

# What a query is itself, ids as paths, sums of texts, a playlist.
run clap-query s.clapindex -k 2 --audio "$clips/misc_crow.flac" --exclude-self --no-header
expect '--exclude-self: two others' equal "$(cut -f 2 "$work/out" | tr '\n' ' ')$(cut -f 4 "$work/out" | grep -c misc_crow)" '1 2 0'
(cd "$clips/.." && clap-embed -q audio/misc_crow.flac audio/perc_bell.flac -o "$work/here/near.h5")
clap-index build near.h5 -o near.clapindex
run bash -c "cd '$clips' && clap-query '$work/here/near.clapindex' --audio misc_crow.flac --exclude-self --no-header"
expect 'another spelling is another recording, seen from another folder' equal "$(wc -l <"$work/out")" 2
run bash -c "cd '$clips/..' && clap-query '$work/here/near.clapindex' --audio ./audio/misc_crow.flac --exclude-self --no-header --absolute"
expect '--exclude-self: by its path; --absolute' equal "$(cut -f 4 "$work/out")" "$clips/perc_bell.flac"
run clap-query s.clapindex --embeddings s.h5 --exclude-self -k 1 --no-header
expect 'rows of a file: none finds itself' equal "$(awk -F'\t' '$1 == $4' "$work/out")" ''
run clap-query t.h5 rain --exclude-self --no-header
expect 'texts: the other one' equal "$(cut -f 4 "$work/out")" 'a crow calls'
clap-query s.clapindex rain --exact-scores --no-header | cut -f 3-4 >alone
clap-query s.clapindex rain --and 'a crow calls^0' --exact-scores --no-header | cut -f 3-4 >zero
expect '--and of weight 0: next to the same' at_most "$(paste alone zero | awk '{ d = ($1 - $3) ^ 2; if (d > w) w = d; if ($2 != $4) w = 9 } END { print w + 0 }')" 1e-10
run clap-query t.h5 rain --and 'a crow calls' -k 2 --no-header
expect '--and: as near to either' at_most "$(cut -f 3 "$work/out" | awk 'NR == 1 { a = $1 } NR == 2 { print (a - $1) ^ 2 }')" 1e-10
expect '--and: named by the query' equal "$(cut -f 1 "$work/out" | uniq)" rain
run clap-query t.h5 rain --not 'a crow calls' -k 2 --no-header
# shellcheck disable=SC2016  # fields of awk
expect '--not: away from it' awk -F'\t' 'NR == 1 { ok = $4 == "rain" && $3 < 1; near = $3 } NR == 2 { ok = ok && $3 < near } END { exit !ok }' "$work/out"
refuses 65 'rain: nothing is left of it' clap-query t.h5 rain --not 'rain^1'
refuses 64 'has no text' clap-query t.h5 rain --not '^2'
refuses 64 'the name promises TSV' clap-query t.h5 rain --m3u list.tsv
quietly clap-query s.clapindex 'a crow calls' -k 2 --m3u hits.m3u --no-header
cut -f 4 "$work/out" >found
expect '--m3u: the files' equal "$(grep -v '^#' hits.m3u)" "$(<found)"
expect '--m3u: begins' equal "$(sed -n 1p hits.m3u)" '#EXTM3U'
expect '--m3u: times' equal "$(grep -c '^#EXTVLCOPT:start-time=0$' hits.m3u)" 2
refuses 73 'hits.m3u: exists' clap-query s.clapindex rain --m3u hits.m3u
tar -cf shard.tar -C "$clips" misc_crow.flac
clap-embed -q shard.tar -o shard.h5
run clap-query shard.h5 rain --m3u shard.m3u --no-header
expect '--m3u: members of archives are told' says '1 hits left out'
expect '--m3u: and left out' equal "$(<shard.m3u)" '#EXTM3U'
# LibTorch calls its own BLAS, not the one that searching brings: they differ in more than digits.
LD_DEBUG=bindings LD_DEBUG_OUTPUT=bindings clap-query s.clapindex rain >own.tsv
expect 'the bindings were listed' grep -q 'binding file .*libtorch_cpu' bindings.*
expect 'no function of another BLAS' equal \
  "$(grep -hE 'binding file [^ ]*libtorch[^ ]* .* to [^ ]*lib(open)?blas' bindings.*)" ''
run clap-query s.clapindex
expect 'no query: a header, no model' prints $'query\trank\tscore\tid\tstart_s\tend_s'
finish
