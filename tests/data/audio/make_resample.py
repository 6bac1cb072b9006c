"""Makes resample.tsv: the resampling formula of docs/reference/pipeline.md, step 2, evaluated directly in double.

No polyphase filter, no stored kernel: every output sample is the sum over all input samples of x[i] times the
windowed sinc at its distance, with each kernel value rounded to float32 as the formula says. Needs NumPy only:

    python3 make_resample.py > resample.tsv

Columns: from_rate, to_rate, inputs, outputs, then the outputs at the indices 0, 7, 14, ... (every seventh).
The input is x[i] = float32(m * 2^-23) with m = ((i + 1) * 2654435761 mod 2^32) / 2^8 - 2^23 (integer arithmetic).
"""
import math

import numpy as np

PAIRS = [(8000, 32000, 97), (11025, 32000, 101), (16000, 32000, 90), (22050, 32000, 200), (44100, 32000, 331),
         (48000, 32000, 302), (96000, 32000, 613), (44100, 48000, 211), (192000, 32000, 1001), (44101, 32000, 260),
         (1000, 32000, 17), (767999, 32000, 3001), (44100, 32000, 1)]
WIDTH, ROLLOFF = 6, 0.99


def noise(count):
    i = np.arange(1, count + 1, dtype=np.uint64)
    m = ((i * 2654435761) % 2**32 // 2**8).astype(np.int64) - 2**23
    return (m * 2.0**-23).astype(np.float32).astype(np.float64)


def resample(x, from_rate, to_rate):
    divisor = math.gcd(from_rate, to_rate)
    o, n = from_rate // divisor, to_rate // divisor
    base = min(o, n) * ROLLOFF
    y = np.empty(-(-n * len(x) // o))
    for k in range(len(y)):
        block, phase = divmod(k, n)
        j = np.arange(len(x)) - block * o
        t = np.clip((-phase / n + j / o) * base, -WIDTH, WIDTH)
        kernel = np.sinc(t) * np.cos(np.pi * t / (2 * WIDTH)) ** 2 * base / o
        y[k] = np.dot(kernel.astype(np.float32).astype(np.float64), x)
    return y


print('# from_rate to_rate inputs outputs every-7th-output...; made by make_resample.py')
for from_rate, to_rate, count in PAIRS:
    y = resample(noise(count), from_rate, to_rate)
    print(from_rate, to_rate, count, len(y), *(f'{v:.9g}' for v in y[::7]), sep='\t')
