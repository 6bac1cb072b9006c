#!/usr/bin/env python3
# generation.json: Fréchet distances of embeddings made by a seed, by the package's own functions, and by the definition in
# 50 digits where the covariances have no full rank. Embeddings are unit rows of multiples of 2^-12, exact in float32.
# usage: python3 make_generation.py >generation.json    with frechet-audio-distance 0.3.4, numpy, scipy 1.15, mpmath
import json
import sys
from unittest import mock

import mpmath
import numpy as np

for name in ("resampy", "soundfile", "torch", "torch.nn", "laion_clap", "encodec", "torchlibrosa",
             "frechet_audio_distance.models.pann", "frechet_audio_distance.clap_score"):
    sys.modules.setdefault(name, mock.MagicMock())  # what loads models and sounds
from frechet_audio_distance.fad import FrechetAudioDistance  # noqa: E402

random = np.random.default_rng(2718)


def rows(count, dim, centre, spread):
    x = random.normal(size=(count, dim)) @ (spread * random.normal(size=(dim, dim))) + centre
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    return np.round(x * 4096) / 4096


def by_package(a, b):
    maker = object.__new__(FrechetAudioDistance)
    return float(maker.calculate_frechet_distance(*maker.calculate_embd_statistics(a), *maker.calculate_embd_statistics(b)))


def by_definition(a, b):
    """|m - n|^2 + tr S + tr T - 2 tr sqrt(S T): the last is the sum of the singular values of A B', S = A'A, T = B'B."""
    with mpmath.workdps(50):
        parts = []
        for x in (a, b):
            x = mpmath.matrix(x.tolist())
            mean = [mpmath.fsum(x[i, j] for i in range(x.rows)) / x.rows for j in range(x.cols)]
            centred = mpmath.matrix(x.rows, x.cols)
            for i in range(x.rows):
                for j in range(x.cols):
                    centred[i, j] = (x[i, j] - mean[j]) / mpmath.sqrt(x.rows - 1)
            parts.append((mean, centred))
        (m, s), (n, t) = parts
        singular = mpmath.svd_r(s * t.T, compute_uv=False)
        return float(mpmath.fsum((p - q) ** 2 for p, q in zip(m, n)) + mpmath.fsum(x ** 2 for x in s)
                     + mpmath.fsum(x ** 2 for x in t) - 2 * mpmath.fsum(singular))


cases = []
for name, counts, dim in [("full_rank", (120, 90), 12), ("more_rows_than_a_block", (2500, 40), 6),
                          ("one_dimension", (20, 30), 1), ("fewer_rows_than_dimensions", (7, 5), 16),
                          ("one_set_of_low_rank", (60, 6), 16)]:
    generated, reference = rows(counts[0], dim, 0.4, 0.3), rows(counts[1], dim, 0.5, 0.2)
    exact = by_definition(generated[:, :], reference[:, :]) if sum(counts) < 300 else None
    full = min(counts) > dim
    case = {"name": name, "by_package": by_package(generated, reference) if full else None,
            "by_definition": exact}
    if name == "more_rows_than_a_block":  # a rule, not numbers: too many for a file
        i, j = np.meshgrid(np.arange(counts[0]), np.arange(dim), indexing="ij")
        generated = ((i * 37 + j * 101 + i * j * 13) % 257) / 256.0
        case["by_package"] = by_package(generated, reference)
        case["generated_rule"] = [counts[0], dim]
    else:
        case["generated"] = (generated * 4096).astype(int).tolist()
    case["reference"] = (reference * 4096).astype(int).tolist()
    cases.append(case)
json.dump(cases, sys.stdout, separators=(",", ":"))
print()
