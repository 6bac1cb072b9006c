"""Writes probe.json: linear probes of scikit-learn on made-up embeddings. Needs numpy and scikit-learn.

usage: make_probe.py >probe.json
"""
import json

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.multiclass import OneVsRestClassifier

CLIPS, DIM, CLASSES, FOLDS = 150, 12, 5, 3
random = np.random.RandomState(17)
classes = random.randint(CLASSES, size=CLIPS)
rows = random.randn(CLASSES, DIM)[classes] + 1.6 * random.randn(CLIPS, DIM)
rows = np.round(rows / np.linalg.norm(rows, axis=1, keepdims=True), 6)
units = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32).astype(np.float64)
folds = np.arange(CLIPS) % FOLDS
tags = random.rand(CLIPS, 4) < 0.3
tags[:, 0] |= classes == 0
tags[:, 1] |= classes > 2


def model(c):
    return LogisticRegression(C=c, tol=1e-10, max_iter=20000)


def accuracy(c, train, test):
    return float(model(c).fit(units[train], classes[train]).score(units[test], classes[test]))


def chosen(train):
    """The strength with the best accuracy over the training folds, the smallest of equals by log loss."""
    best = None
    for c in [0.01, 0.1, 1, 10, 100, 1000, 10000]:
        right, loss = 0, 0.0
        for fold in sorted(set(folds[train])):
            learned = train & (folds != fold)
            asked = train & (folds == fold)
            fitted = model(c).fit(units[learned], classes[learned])
            p = fitted.predict_proba(units[asked])
            right += int((p.argmax(1) == classes[asked]).sum())
            loss -= float(np.log(np.maximum(p[np.arange(asked.sum()), classes[asked]], 1e-7)).sum())
        if best is None or (right, -loss) > best[:2]:
            best = right, -loss, c
    return best[2]


cases = []
for c in [0.1, 1, 100]:
    accuracies = [accuracy(c, folds != f, folds == f) for f in range(FOLDS)]
    cases.append({"c": c, "fold_accuracy": accuracies, "fold_averaged_accuracy": float(np.mean(accuracies))})
train = np.arange(CLIPS) < 90
test = np.arange(CLIPS) >= 110
fitted = OneVsRestClassifier(model(1)).fit(units[train], tags[train])
ap = average_precision_score(tags[test], fitted.decision_function(units[test]), average=None)
print(json.dumps({
    "rows": rows.tolist(), "classes": classes.tolist(), "folds": folds.tolist(), "cases": cases,
    "chosen": [chosen(folds != f) for f in range(FOLDS)],
    "chosen_fold_accuracy": [accuracy(chosen(folds != f), folds != f, folds == f) for f in range(FOLDS)],
    "split": {"train": 90, "test": 110, "c": 1, "top1": accuracy(1, train, test)},
    "tags": tags.astype(int).tolist(), "macro_map": float(np.mean(ap))}))
