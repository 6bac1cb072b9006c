"""Writes paired.json: the paired bootstrap of top1 of two systems on 12 clips, in plain Python. Needs nothing else.

usage: make_paired.py >paired.json
The generator is xoshiro256**, seeded with splitmix64; clips are drawn in the order of their names.
"""
import json

MASK = (1 << 64) - 1


def splitmix(seed):
    while True:
        seed = (seed + 0x9E3779B97F4A7C15) & MASK
        z = seed
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        yield z ^ (z >> 31)


def xoshiro(seed):
    words = splitmix(seed)
    s = [next(words) for _ in range(4)]
    rotl = lambda x, k: ((x << k) | (x >> (64 - k))) & MASK
    while True:
        result = (rotl((s[1] * 5) & MASK, 7) * 9) & MASK
        t = (s[1] << 17) & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotl(s[3], 45)
        yield result


def below(random, bound):
    excess = (1 << 64) % bound
    while True:
        value = next(random)
        if value >= excess:
            return value % bound


def quantile(values, share):
    at = share * (len(values) - 1)
    low = int(at)
    high = min(low + 1, len(values) - 1)
    return values[low] + (at - low) * (values[high] - values[low])


def paired(right_a, right_b, resamples, seed):
    n = len(right_a)
    random = xoshiro(seed)
    observed = (sum(right_b) - sum(right_a)) / n
    differences = []
    for _ in range(resamples):
        drawn = [below(random, n) for _ in range(n)]
        differences.append(sum(right_b[i] for i in drawn) / n - sum(right_a[i] for i in drawn) / n)
    against = sum(d * observed <= 0 for d in differences)
    differences.sort()
    return {"resamples": resamples, "seed": seed, "difference": observed, "low": quantile(differences, 0.025),
            "high": quantile(differences, 0.975), "p": (1 + against) / (1 + resamples)}


a = [1, 0, 1, 0, 0, 1, 0, 0, 1, 0, 1, 0]
b = [1, 1, 1, 0, 1, 0, 1, 0, 1, 1, 1, 0]
print(json.dumps({"a": a, "b": b, "all": paired(a, b, 500, 7), "first_ten": paired(a[:10], b[:10], 500, 7)}))
