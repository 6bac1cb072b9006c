#!/usr/bin/env python3
"""Writes embeddings/ here: audio and texts with ids, in one file; the texts are composed queries, sums of an audio and a
modification. Judgements from text to audio and from audio to text; expected.json by mteb, as small_cases.py has it.

  embeddings.py SEED
"""
import json
import pathlib
import sys

import h5py
import numpy as np
from mteb._evaluators.retrieval_metrics import calculate_retrieval_scores

DEPTHS = [1, 3, 5, 10, 20, 100, 1000]
MEASURES = {"ndcg": "ndcg_cut_", "map": "map_cut_", "recall": "recall_", "precision": "P_", "hit_rate": "success_"}
rng = np.random.default_rng(int(sys.argv[1]))
folder = pathlib.Path(__file__).parent / "embeddings"
folder.mkdir(exist_ok=True)
audio = rng.normal(0, 1, (25, 8)).astype(np.float32)
text = (audio[rng.integers(0, 25, 15)] + rng.normal(0, 1, (15, 8))).astype(np.float32)
audio_ids = [f"clip{n}.wav" for n in range(25)]
text_ids = [f"q{n}" for n in range(15)]
unit = lambda m: m / np.linalg.norm(m.astype(np.float64), axis=1, keepdims=True)
cosines = unit(text) @ unit(audio).T
with h5py.File(folder / "embeddings.h5", "w") as f:
    f["audio"], f["text"], f["audio_ids"], f["text_ids"] = audio, text, audio_ids, text_ids
expected = {}
for name, queries, items, scores in [("t2a", text_ids, audio_ids, cosines), ("a2t", audio_ids, text_ids, cosines.T)]:
    qrels = {}
    for query in queries[: len(queries) - 3]:  # the last are not judged
        chosen = rng.choice(len(items), size=int(rng.integers(1, 6)), replace=False)
        qrels[query] = {items[i]: int(rng.integers(0, 3)) for i in chosen}
    results = {q: dict(zip(items, map(float, row))) for q, row in zip(queries, scores) if q in qrels}
    found = calculate_retrieval_scores(results, qrels, DEPTHS)
    expected[name] = {f"mrr_at_{k}": found.mrr[f"MRR@{k}"] for k in DEPTHS}
    for measure, key in MEASURES.items():
        for k in DEPTHS:
            expected[name][f"{measure}_at_{k}"] = sum(q[f"{key}{k}"] for q in found.all_scores.values()) / len(qrels)
    lines = [f"{q}\t{i}\t{r}\n" for q, judged in qrels.items() for i, r in judged.items()]
    (folder / f"{name}.tsv").write_text("query\titem\trelevance\n" + "".join(lines))
(folder / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
