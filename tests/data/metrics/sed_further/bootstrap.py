#!/usr/bin/env python3
"""Intervals of balanced resamples, by sed_scores_eval 0.0.4 (pandas < 3) and NumPy.

  bootstrap.py CASE > bootstrap.json     CASE: a folder with scores.h5, ground_truth.tsv, durations.tsv

100 samples: all clip ids, sorted and repeated 100 times, shuffled by RandomState(0) and cut into 100 parts, as later
releases of the library draw them; 5 % and 95 % percentiles. `draws`: the shuffle of 7 ids, 5 times.
"""
import csv, json, sys
from pathlib import Path
import h5py, numpy as np
import sed_scores_eval as sse
from sed_scores_eval.base_modules.scores import create_score_dataframe

PSDS = {"psds1": dict(dtc_threshold=.7, gtc_threshold=.7, cttc_threshold=None, alpha_ct=0., alpha_st=1.),
        "psds2": dict(dtc_threshold=.1, gtc_threshold=.1, cttc_threshold=.3, alpha_ct=.5, alpha_st=1.)}


def load(folder):
    with h5py.File(folder / "scores.h5") as f:
        classes = [c.decode() for c in f["classes"][:]]
        ids = [c.decode() for c in f["clip_ids"][:]]
        times = np.arange(f["scores"].shape[1] + 1) * float(f["clip_seconds"][()]) / f["scores"].shape[1]
        scores = {c: create_score_dataframe(f["scores"][i], list(times), classes) for i, c in enumerate(ids)}
    rows = lambda name: csv.DictReader(open(folder / name), delimiter="\t")
    truth = {c: [] for c in ids}
    for r in rows("ground_truth.tsv"):
        if r["event_label"]:
            truth[r["filename"][:-4]].append((float(r["onset"]), float(r["offset"]), r["event_label"]))
    return scores, truth, {r["filename"][:-4]: float(r["duration"]) for r in rows("durations.tsv")}, classes


def draws(ids, samples, seed=0):
    all_ids = samples * ids
    np.random.RandomState(seed).shuffle(all_ids)
    return [all_ids[i * len(ids):(i + 1) * len(ids)] for i in range(samples)]


def score(data, sample):
    scores, truth, durations = ({f"{c}_{j}": part[c] for j, c in enumerate(sample)} for part in data)
    values = {n: sse.intersection_based.psds(scores, truth, durations, **p)[0] for n, p in PSDS.items()}
    f = sse.collar_based.best_fscore(scores, truth, onset_collar=.2, offset_collar=.2, offset_collar_rate=.2)[0]
    return {**values, "event_f1_best_decimals6.macro_average": f["macro_average"]}


if __name__ == "__main__":
    *data, classes = load(Path(sys.argv[1]))
    samples = draws(sorted(data[0]), 100)
    for sample in samples:
        assert {e[2] for c in sample for e in data[1][c]} == set(classes)
    values = [score(data, sample) for sample in samples]
    interval = lambda name: [float(np.percentile([v[name] for v in values], q)) for q in (5, 95)]
    result = {"draws": draws(list(range(7)), 5), "intervals": {name: interval(name) for name in values[0]}}
    print(json.dumps(result, indent=1))
