#!/usr/bin/env python3
# golden.json: probabilities of scikit-learn's LogisticRegression and KNeighborsClassifier on rows made by a seed.
# usage: python3 make_golden.py >golden.json    with scikit-learn 1.9.1, numpy
import json

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.neighbors import KNeighborsClassifier

random = np.random.default_rng(16)
n, dim, classes = 90, 8, 4
y = np.arange(n) % classes
centres = random.normal(size=(classes, dim))
rows = (centres[y] + 1.5 * random.normal(size=(n, dim)) + 1).astype(np.float32)
rows /= np.linalg.norm(rows, axis=1, keepdims=True)
exact = rows.astype(np.float64)
several = np.array([[c == y[i] or (i % 7 == 0 and c == (y[i] + 1) % classes) for c in range(classes)]
                    for i in range(n)]).astype(int)
several[::11] = 0  # rows of no class


def fit(c, truth):
    return LogisticRegression(C=c, tol=1e-10, max_iter=100000).fit(exact, truth)


cases = []
for c in (0.1, 1.0, 100.0):
    cases.append({"kind": "one", "c": c, "classes": [[int(k)] for k in y],
                  "probabilities": fit(c, y).predict_proba(exact).tolist()})
    pair = (y > 1).astype(int)
    cases.append({"kind": "one", "c": c, "classes": [[int(k)] for k in pair],
                  "probabilities": fit(c, pair).predict_proba(exact).tolist()})
    rest = OneVsRestClassifier(LogisticRegression(C=c, tol=1e-10, max_iter=100000)).fit(exact, several)
    cases.append({"kind": "any", "c": c, "classes": [np.flatnonzero(r).tolist() for r in several],
                  "probabilities": rest.predict_proba(exact).tolist()})
queries = (rows[:20] + 0.1 * random.normal(size=(20, dim))).astype(np.float32)
queries /= np.linalg.norm(queries, axis=1, keepdims=True)
queries[0] = rows[5]
near = KNeighborsClassifier(5, weights="distance", metric="cosine", algorithm="brute").fit(exact, y)
print(json.dumps({"rows": rows.tolist(), "cases": cases, "queries": queries.tolist(),
                  "labels": [int(k) for k in y], "votes": near.predict_proba(queries.astype(np.float64)).tolist()}))
