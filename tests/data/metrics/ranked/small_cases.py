#!/usr/bin/env python3
"""Writes small_cases.json, 20 small retrievals with ties, several relevant items in grades, and queries that were not judged or have
nothing relevant. Expected values are those of mteb's calculate_retrieval_scores (pip: mteb 2.26.24, pytrec_eval-terrier): the
means of its values by query, which it rounds itself only later. dcase_map*: sum of the precision at the relevant ranks up to k,
over min(relevant, k); of equal similarities the later item comes first.

The folders beside it, of larger cases, come from the goldens for newer metrics (similarity.h5, qrels.tsv, expected.json), whose
recipe computes them in the same way and rounds to 5 decimals.

  small_cases.py SEED > small_cases.json
"""
import json
import sys

import numpy as np
from mteb._evaluators.retrieval_metrics import calculate_retrieval_scores

DEPTHS = [1, 3, 5, 10, 20, 100, 1000]
MEASURES = {"ndcg": "ndcg_cut_", "map": "map_cut_", "recall": "recall_", "precision": "P_", "hit_rate": "success_"}


def dcase_map(scores, relevance, depth):
    order = sorted(range(len(scores)), key=lambda i: (scores[i], i), reverse=True)[:depth]
    total = sum(r > 0 for r in relevance.values())
    found, precisions = 0, 0.0
    for place, item in enumerate(order, 1):
        if relevance.get(item, 0) > 0:
            found += 1
            precisions += found / place
    return precisions / min(total, depth) if total else 0.0


def make_case(rng, number):
    items, queries = int(rng.integers(3, 60)), int(rng.integers(3, 9))
    names = [f"{stem}{n}" for stem in ("d", "D", "é", "x y ", "日") for n in range(20)]
    item_ids = [str(n) for n in rng.permutation(names)[:items]]
    query_ids = [f"q{n}" for n in rng.permutation(queries)]
    similarity = np.round(rng.normal(0, 1, (queries, items)) * 2) / 2  # many ties
    grades = [1] if number % 2 else [0, 1, 2, 3]
    judged = {}
    for q in range(queries):
        if q > 0 and rng.random() < 0.2:
            continue
        chosen = rng.choice(items, size=int(rng.integers(1, min(items, 25) + 1)), replace=False)
        judged[q] = {int(i): int(rng.choice(grades)) for i in chosen}
    if number % 4 == 0:
        judged[0] = {i: 0 for i in judged[0]}  # judged, and nothing is relevant
    return item_ids, query_ids, similarity.astype(np.float32), judged


def expected_values(item_ids, query_ids, similarity, judged):
    qrels = {query_ids[q]: {item_ids[i]: r for i, r in items.items()} for q, items in judged.items()}
    results = {query_ids[q]: dict(zip(item_ids, map(float, similarity[q]))) for q in judged}
    found = calculate_retrieval_scores(results, qrels, DEPTHS)
    values = {}
    for name, key in MEASURES.items():
        for depth in DEPTHS:
            values[f"{name}_at_{depth}"] = sum(q[f"{key}{depth}"] for q in found.all_scores.values()) / len(judged)
    for depth in DEPTHS:
        values[f"mrr_at_{depth}"] = found.mrr[f"MRR@{depth}"]
    for depth in (10, 16):
        values[f"dcase_map{depth}"] = float(np.mean([dcase_map(similarity[q], items, depth) for q, items in judged.items()]))
    assert len(found.all_scores) == len(judged)
    return {"n_queries": len(judged), "n_items": len(item_ids), **values}


rng = np.random.default_rng(int(sys.argv[1]))
cases = []
for number in range(20):
    item_ids, query_ids, similarity, judged = make_case(rng, number)
    cases.append({
        "item_ids": item_ids,
        "query_ids": query_ids,
        "similarity": similarity.tolist(),
        "qrels": [[query_ids[q], item_ids[i], str(r)] for q, items in judged.items() for i, r in items.items()],
        "expected": expected_values(item_ids, query_ids, similarity, judged),
    })
lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
print("[\n" + lines + "\n]")
