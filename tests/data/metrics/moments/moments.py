#!/usr/bin/env python3
"""Writes predictions.jsonl, truth.jsonl and expected.json here: moment retrieval as QVHighlights and lighthouse evaluate it
(standalone_eval), in plain loops written for this test. Needs NumPy only.

R1@t: the first window in the file against the relevant window that it overlaps most. mAP@t: the first ten windows of the file,
by descending score; each takes the free relevant window of highest IoU >= t, the later one on a tie; VOC's interpolated average
precision; mean over the queries that have relevant windows, in percent. mAP: mean over t = 0.5, 0.55 ... 0.95.

  moments.py SEED
"""
import json
import pathlib
import sys

import numpy as np

here = pathlib.Path(__file__).parent
rng = np.random.default_rng(int(sys.argv[1]))


def iou(a, b):
    common = min(a[1], b[1]) - max(a[0], b[0])
    if common <= 0:
        return 0.0
    return common / ((a[1] - a[0]) + (b[1] - b[0]) - common)


def average_precision(relevant, predicted, threshold):
    ranked = sorted(predicted[:10], key=lambda w: -w[2])
    free = set(range(len(relevant)))
    hits = []
    for window in ranked:
        candidates = [(iou(window, relevant[r]), r) for r in free]
        best = max(candidates, default=(0.0, -1))
        hits.append(best[0] >= threshold)
        if hits[-1]:
            free.remove(best[1])
    if not hits:
        return 0.0
    true = np.cumsum(hits)
    precision = np.concatenate([[0], true / np.arange(1, len(hits) + 1), [0]])
    recall = np.concatenate([[0], true / len(relevant), [1]])
    for i in range(len(precision) - 1, 0, -1):
        precision[i - 1] = max(precision[i - 1], precision[i])
    steps = np.nonzero(recall[1:] != recall[:-1])[0] + 1
    return float(np.sum((recall[steps] - recall[steps - 1]) * precision[steps]))


truth, predictions = [], []
for q in range(40):
    relevant, at = [], 0.0
    for _ in range(int(rng.integers(1, 5))):
        at += float(rng.integers(1, 20))
        relevant.append([at, at + float(rng.integers(2, 12))])
        at = relevant[-1][1]
    if q % 9 == 4:
        relevant = []  # left out of the means
    predicted = []
    for _ in range(int(rng.integers(0, 14))):
        if relevant and rng.random() < 0.7:
            start, end = relevant[int(rng.integers(len(relevant)))]
            start, end = start + float(rng.integers(-2, 3)) / 2, end + float(rng.integers(-2, 3)) / 2
        else:
            start = float(rng.integers(-1, 60))
            end = start + float(rng.integers(0, 9))  # also without a length
        predicted.append([start, end, round(float(rng.integers(0, 8)) / 8, 3)])  # with ties
    if q % 3:
        predicted.sort(key=lambda w: -w[2])
    qid = q if q % 2 else f"q{q}"
    truth.append({"qid": qid, "query": f"sound {q}", "vid": f"clip_{q // 3}.5_20.0", "duration": 150, "relevant_windows": relevant})
    predictions.append({"qid": qid, "query": f"sound {q}", "vid": truth[-1]["vid"], "pred_relevant_windows": predicted})

used = [(t["relevant_windows"], p["pred_relevant_windows"]) for t, p in zip(truth, predictions) if t["relevant_windows"]]
first = [max((iou(p[0], w) for w in r), default=0.0) if p else 0.0 for r, p in used]
thresholds = [float(f"{0.5 + 0.05 * i:.2f}") for i in range(10)]
by_threshold = [100 * float(np.mean([average_precision(r, p, t) for r, p in used])) for t in thresholds]
expected = {
    "r1@0.5": 100 * float(np.mean([f >= 0.5 for f in first])),
    "r1@0.7": 100 * float(np.mean([f >= 0.7 for f in first])),
    "map": float(np.mean(by_threshold)),
    "map@0.5": by_threshold[0],
    "map@0.75": by_threshold[5],
    "n_queries": len(used),
    "n_moments": sum(len(r) for r, _ in used),
    "n_predictions": sum(len(p) for _, p in used),
}
order = rng.permutation(len(predictions))
(here / "truth.jsonl").write_text("".join(json.dumps(t) + "\n" for t in truth))
(here / "predictions.jsonl").write_text("".join(json.dumps(predictions[i]) + "\n" for i in order))
(here / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
