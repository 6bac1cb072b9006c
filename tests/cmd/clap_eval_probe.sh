#!/usr/bin/env bash
# usage: clap_eval_probe.sh BIN SOURCE [SHARED]
# clap-eval probe on small files; scikit-learn's figures are those of tests/evaluate/probe_test.cpp.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
unset GITHUB_ACTIONS GITHUB_STEP_SUMMARY
sum() { awk -F'\t' -v m="$1" -v c="${2-}" '$1 == m && $2 == c { print $3 }' "$work/out"; }

# Two classes at right angles; in fold 2 one recording lies with the other class.
make_embeddings rows.h5 audio m1 <<'ROWS'
id start_s end_s vector
d/a.wav 0 5 1,0,0.1
d/b.wav 0 5 0,1,0.1
d/c.wav 0 5 1,0.1,0
d/e.wav 0 5 0.1,1,0
d/f.wav 0 5 1,0,0.2
d/g.wav 0 5 1,0.2,0.2
ROWS
printf 'id,label,fold\na.wav,dog,1\nb.wav,cat,1\nc.wav,dog,3\ne.wav,cat,3\nf.wav,dog,2\ng.wav,cat,2\n' >folds.csv
probe=(clap-eval probe --embeddings rows.h5 --basenames)
quietly "${probe[@]}" --truth folds.csv --folds --c 10
expect 'top1' equal "$(sum top1)" 0.833333
expect 'folds' equal "$(sum fold_accuracy 1) $(sum fold_accuracy 2) $(sum fold_accuracy 3)" '1 0.5 1'
expect 'their mean' equal "$(sum fold_averaged_accuracy)" 0.833333
quietly "${probe[@]}" --truth folds.csv --folds --json
expect 'strengths are in the provenance' grep -qE '"c":"[0-9.]+, [0-9.]+, [0-9.]+"' "$work/out"
sed 's/,1$/,train/; s/,3$/,train/; s/,2$/,test/; s/fold/split/' folds.csv >split.csv
quietly "${probe[@]}" --truth split.csv --c 10 --min top1=0.5 --plot plot.svg
expect 'split' equal "$(sum top1) $(sum n_clips)" '0.5 2'
expect 'plot' grep -q '^<svg ' plot.svg
printf 'filename\tevent_labels\tsplit\na.wav\tdog\ttrain\nb.wav\tcat\ttrain\nc.wav\tdog,cat\ttrain\ne.wav\tcat\ttrain\nf.wav\tdog\ttest\ng.wav\tcat\ttest\n' >tags.tsv
quietly "${probe[@]}" --truth tags.tsv --c 10
expect 'tags' test -n "$(sum macro_map)"
quietly "${probe[@]}" --truth folds.csv --folds --c 10 --ci 50 --threads 1
cp "$work/out" first
quietly "${probe[@]}" --truth folds.csv --folds --c 10 --ci 50 --threads 3
expect 'threads change nothing' cmp -s first "$work/out"

refuses 65 "folds.csv: there is no column 'split'" "${probe[@]}" --truth folds.csv
refuses 65 "split.csv: there is no column 'fold'" "${probe[@]}" --truth split.csv --folds
refuses 65 'are not among those embedded' clap-eval probe --embeddings rows.h5 --truth folds.csv --folds
refuses 64 '--c' "${probe[@]}" --truth folds.csv --folds --c 0
refuses 64 '--embeddings' clap-eval probe --truth folds.csv
refuses 66 'nowhere.h5' clap-eval probe --embeddings nowhere.h5 --truth folds.csv --folds
head -n 4 folds.csv >some.csv
refuses 65 "some.csv: no label for recording 'd/e.wav'" "${probe[@]}" --truth some.csv --folds
quietly "${probe[@]}" --truth some.csv --folds --c 1 --drop-clips-without-truth
expect 'dropped' equal "$(sum n_clips)" 3
expect 'no LibTorch' equal "$(ldd "$bin/clap-eval" | grep -c libtorch)" 0
finish
