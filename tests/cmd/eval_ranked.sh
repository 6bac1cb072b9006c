#!/usr/bin/env bash
# usage: eval_ranked.sh BIN SOURCE [SHARED]
# clap-eval: retrieval against judgements, result files of mteb, moments. Values are compared by tests/metrics and tests/evaluate;
# here is what the program adds.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
unset GITHUB_ACTIONS GITHUB_STEP_SUMMARY
data=$source_dir/tests/data/metrics
value() { awk -F'\t' -v m="$1" '$1 == m { print $3 }' "$work/out"; }
# rounded KEY FILE: a value of a JSON file with one key per line, to 5 decimals
rounded() { sed -nE "s/^ *\"$1\": ([0-9.e-]+),?\$/\1/p" "$2" | head -n 1 | xargs printf '%.5f'; }
# keys FILE: the keys of a JSON file with one per line, in their order
keys() { grep -oE '^ *"[a-z_0-9A-Z]+":' "$1" | tr -d ' ":' ; }

graded=(clap-eval retrieval --scores "$data/ranked/graded/similarity.h5" --truth "$data/ranked/graded/qrels.tsv")
quietly "${graded[@]}" --metric ndcg_at_10 --metric dcase_map10 --ci 100 --threads 2
expect 'two metrics and their intervals' equal "$(wc -l <"$work/out")" 7
expect 'value of the library, rounded' equal "$(printf '%.5f' "$(value ndcg_at_10)")" \
  "$(tr -d '\n' <"$data/ranked/graded/expected.json" | sed -E 's/.*"ndcg": \{[^}]*"10": ([0-9.]+).*/\1/' | xargs printf '%.5f')"
cp "$work/out" first
quietly "${graded[@]}" --metric ndcg_at_10 --metric dcase_map10 --ci 100 --threads 1
expect 'the same on one thread' cmp -s first "$work/out"
quietly "${graded[@]}" --plot ranks.svg --report page.html --json -o all.json --max-missing 0 --min hit_rate_at_1000=1
expect 'picture' grep -q 'queries to items' ranks.svg
expect 'page' grep -q 'ndcg_at_1000' page.html
run "${graded[@]}" --min ndcg_at_1=1 --junit gates.xml
expect 'a missed minimum' exits 1
expect 'says which' says 'ndcg_at_1: '
expect 'XML' grep -q 'failures="1"' gates.xml
quietly "${graded[@]}" --baseline all.json --max-drop map_at_10=0
refuses 64 '--ties: is for captions' "${graded[@]}" --ties optimistic
refuses 64 '--uneven-captions: is for captions' "${graded[@]}" --uneven-captions
refuses 64 "there is no metric 'recall_at_6'" "${graded[@]}" --min recall_at_6=1
refuses 64 "these data give no 't2a'" "${graded[@]}" --metric t2a
printf 'a\tb\nx\ty\n' >other.tsv
refuses 65 "column 'audio_id' is missing" clap-eval retrieval --scores "$data/ret/ties/similarity.h5" --truth other.tsv
printf 'query\titem\trelevance\nq3\td1\t1\nq999\td2\t1\n' >part.tsv
refuses 65 "query 'q999' is not among those scored" clap-eval retrieval --scores "$data/ranked/graded/similarity.h5" --truth part.tsv
run clap-eval retrieval --scores "$data/ranked/graded/similarity.h5" --truth part.tsv --max-missing 1
expect 'one query is missing' exits 0
expect 'counted' equal "$(value n_missing) $(value n_queries)" '1 1'

# Embedding files whose texts are the queries, and the other way round.
make_embeddings a.h5 audio m1 <<<$'id start_s end_s vector\na.wav 0 10 1,0,0\nb.wav 0 10 0,1,0\nc.wav 0 10 0,4,3'
make_embeddings t.h5 text m1 <<<$'id start_s end_s vector\nrain 0 0 1,0,0\nwind 0 0 0,24,7\ndog 0 0 0,1,0'
printf 'query\titem\nwind\tb\nwind\tc.wav\ndog\tc\n' >texts.tsv
quietly clap-eval retrieval --audio a.h5 --text t.h5 --truth texts.tsv
expect 'texts ask' equal "$(value map_at_3) $(value n_queries)" '0.75 2'
printf 'query\titem\na\train\nb.wav\train\n' >audios.tsv
quietly clap-eval retrieval --audio a.h5 --text t.h5 --truth audios.tsv
expect 'recordings ask' equal "$(value recall_at_1) $(printf '%.5f' "$(value mrr_at_3)")" '0.5 0.66667'
refuses 65 "query 'mud' is not among the texts" clap-eval retrieval --audio a.h5 --text t.h5 --truth <(printf 'query\titem\nmud\ta\n')

# Two systems on the same judgements.
cp "$data/ranked/graded/similarity.h5" twin.h5
quietly clap-eval compare --task retrieval --truth "$data/ranked/graded/qrels.tsv" --metric ndcg_at_10 --ci 20 twin.h5 "$data/ranked/graded/similarity.h5"
expect 'no difference' equal "$(awk -F'\t' '$1 == "ndcg_at_10" { print $5 }' "$work/out")" 0

# Result files of mteb: the keys of one that it wrote itself, in their order, and the values printed.
quietly "${graded[@]}" --mteb t2a.json --task ClothoT2ARetrieval
expect 'the keys of mteb' equal "$(keys t2a.json)" "$(keys "$data/mteb/ClothoT2ARetrieval.json")"
expect 'main score' equal "$(rounded main_score t2a.json)" "$(printf '%.5f' "$(value hit_rate_at_5)")"
expect 'not rounded' grep -qF "$(grep -o '"ndcg_at_10":[0-9.]*' all.json | sed 's/:/: /')," t2a.json
expect 'revision of the data set' grep -q '"dataset_revision": "c44521cd4067f134e5f5bace4290b59ed773b451"' t2a.json
quietly "${graded[@]}" --mteb again.json --task ClothoT2ARetrieval
expect 'the same file again' cmp -s t2a.json again.json
cls=(clap-eval classification --scores "$data/cls/three_classes/scores.h5" --truth "$data/cls/three_classes/labels.csv")
quietly "${cls[@]}" --mteb esc50.json --task ESC50_Zeroshot
expect 'the keys of mteb' equal "$(keys esc50.json | grep -v train)" "$(keys "$data/mteb/ESC50_Zeroshot.json" | grep -vx test)"
expect 'accuracy' equal "$(rounded main_score esc50.json)" "$(printf '%.5f' "$(value top1)")"
tags=(clap-eval tagging --scores "$data/tag/ties/scores.h5" --truth "$data/tag/ties/tags.tsv")
quietly "${tags[@]}" --mteb tags.json --task FSD50K --mteb-threshold 0.9 --mteb-split validation
expect 'tagging' grep -q '"lrap": 0\.' tags.json
expect 'another split' grep -q '"validation": \[' tags.json
ties=(clap-eval retrieval --scores "$data/ret/ties/similarity.h5" --truth "$data/ret/ties/captions.csv")
quietly "${ties[@]}" --mteb captions.json --task ClothoA2TRetrieval --metric a2t.r5
expect 'captions: hit rate is R@5' equal "$(awk "BEGIN { printf \"%.3f\", $(value a2t.r5) / 100 }")" "$(printf '%.3f' "$(rounded hit_rate_at_5 captions.json)")"
quietly "${ties[@]}" --ranked-metrics --metric t2a.ndcg_at_10 --metric a2t.map_at_5 --min t2a.hit_rate_at_1000=1
expect "ranked metrics of captions" equal "$(wc -l <"$work/out")" 3
refuses 64 "--task: no task 'ESC50' of classification is known; another needs --mteb-revision and --mteb-split; did you mean 'ESC50_Zeroshot'?" \
  "${cls[@]}" --mteb x.json --task ESC50
refuses 64 "--task: 'ClothoT2ARetrieval' is a task of retrieval" "${cls[@]}" --mteb x.json --task ClothoT2ARetrieval
refuses 64 '--mteb-revision: is the commit' "${cls[@]}" --mteb x.json --task ESC50_Zeroshot --mteb-revision main
refuses 64 '--mteb: needs --task' "${cls[@]}" --mteb x.json
refuses 64 '--task: needs --mteb' "${cls[@]}" --task ESC50_Zeroshot
refuses 64 'the name promises' "${cls[@]}" --mteb x.csv --task ESC50_Zeroshot
refuses 64 'is the name of two outputs' "${cls[@]}" --mteb x.json --task ESC50_Zeroshot --json -o x.json
refuses 73 'esc50.json: exists' "${cls[@]}" --mteb esc50.json --task ESC50_Zeroshot
refuses 64 '--mteb' clap-eval scenes "${cls[@]:2}" --mteb x.json --task ESC50_Zeroshot
expect 'nothing was written' not test -e x.json

# Moments, from JSON Lines and from a table of events.
moments=(clap-eval moments --truth "$data/moments/truth.jsonl" --predictions "$data/moments/predictions.jsonl")
quietly "${moments[@]}" --ci 50 --write-predictions out.jsonl --report moments.html
expect 'R1@0.5 of the definitions' equal "$(printf '%.3f' "$(value r1@0.5)")" "$(printf '%.3f' "$(rounded 'r1@0.5' "$data/moments/expected.json")")"
expect 'an interval' test -n "$(value map.ci_low)"
expect 'a page' grep -q 'map@0.75' moments.html
cp "$work/out" first
quietly "${moments[@]:0:4}" --predictions out.jsonl --ci 50
expect 'what was written gives the same' cmp -s first "$work/out"
printf '{"qid": 1, "query": "a dog", "vid": "yard", "relevant_windows": [[1, 3]]}\n' >truth.jsonl
printf 'filename\tonset\toffset\tevent_label\tscore\nyard.wav\t1\t3\ta dog\t0.5\n' >events.tsv
quietly clap-eval moments --truth truth.jsonl --predictions events.tsv --min r1@0.7=100 --write-predictions lines.jsonl
expect 'a line per query' grep -qF '"pred_relevant_windows": [[1, 3, 0.5]]' lines.jsonl
refuses 64 '--plot' "${moments[@]}" --plot moments.svg
refuses 64 '--predictions' clap-eval moments --truth truth.jsonl
refuses 65 "truth.jsonl: line 1: has no 'pred_relevant_windows'" clap-eval moments --truth truth.jsonl --predictions truth.jsonl
refuses 66 'nowhere.jsonl' clap-eval moments --truth truth.jsonl --predictions nowhere.jsonl
refuses 64 'out.csv: the name promises CSV' "${moments[@]}" --write-predictions out.csv
finish
