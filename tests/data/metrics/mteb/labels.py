#!/usr/bin/env python3
"""Writes labels.json: what mteb's own classes (pip: mteb 2.26.24, scikit-learn) compute of scores and labels, for zero-shot
classification and for several labels per clip. Scores have ties.

  labels.py SEED > labels.json
"""
import json
import sys
import warnings

import numpy as np
from mteb.abstasks import AbsTaskMultilabelClassification, AbsTaskZeroShotClassification
from sklearn.multioutput import MultiOutputClassifier
from sklearn.preprocessing import MultiLabelBinarizer

warnings.filterwarnings("ignore")
rng = np.random.default_rng(int(sys.argv[1]))


def plain(scores):
    return {name: float(value) for name, value in scores.items() if value is not None}


class Known(MultiOutputClassifier):
    """A classifier whose probabilities are known."""

    def __init__(self, scores, predictions):
        self.scores, self.predictions = scores, predictions

    def predict_proba(self, _):
        return [np.stack([1 - column, column], axis=1) for column in self.scores.T]

    def score(self, _, truth):
        return float(np.mean(np.all(truth == self.predictions, axis=1)))


zero_shot, multilabel = [], []
for clips, classes in [(40, 6), (25, 12), (30, 2), (8, 3), (20, 2)]:
    scores = np.round(rng.random((clips, classes)) * 8) / 8
    labels = rng.integers(0, max(2, classes - 2), clips)
    if len(zero_shot) == 4:
        labels[:] = 1  # one of two classes only: no ap
    expected = AbsTaskZeroShotClassification._calculate_scores(None, list(map(int, labels)), scores)
    zero_shot.append({"scores": scores.tolist(), "labels": labels.tolist(), "expected": plain(expected)})
for clips, classes, share in [(40, 6, 0.3), (25, 12, 0.1), (10, 3, 0.9), (12, 4, 0.5)]:
    scores = np.round(rng.random((clips, classes)) * 8) / 8
    tags = [[c for c in range(classes) if rng.random() < share and c != 1] for _ in range(clips)]  # class 1 has none
    truth = (binarizer := MultiLabelBinarizer()).fit_transform(tags)
    used = scores[:, binarizer.classes_]
    predicted = (used > 0.5).astype(int)
    expected = AbsTaskMultilabelClassification._calculate_scores(None, truth, predicted, None, Known(used, predicted))
    multilabel.append({"scores": scores.tolist(), "tags": tags, "expected": plain(expected)})
print("{")
for name, cases in (("zero_shot", zero_shot), ("multilabel", multilabel)):
    print(f'"{name}": [\n' + ",\n".join(json.dumps(c) for c in cases) + ("\n]," if name == "zero_shot" else "\n]"))
print("}")
