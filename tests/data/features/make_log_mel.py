"""Makes log_mel.tsv: the log-mel spectrogram of docs/reference/pipeline.md, steps 4 and 5, in float64 with NumPy alone.

Frame by frame and filter by filter, with the mel scale and the triangles written out: nothing is shared with the
library that is tested. Needs NumPy only:

    python3 make_log_mel.py > log_mel.tsv

Columns: sample_rate, n_fft, hop, n_mels, f_min, f_max, signal, samples, frames, then every 13th value of the flattened
[frames, n_mels] matrix in dB. Signals, rounded to float32:
    noise    x[i] = m * 2^-23 with m = ((i + 1) * 2654435761 mod 2^32) / 2^8 - 2^23 (integer arithmetic)
    sweep    x[i] = 0.5 sin(2 pi (100 t + 3000 t^2)), t = i / sample_rate
    impulse  x[i] = 1 at i = samples / 3 (integer division), else 0
    silence  x[i] = 0
"""
import numpy as np

FRONT_ENDS = [(32000, 1024, 320, 64, 50, 14000), (16000, 512, 160, 40, 0, 8000)]
LENGTHS = {'noise': [513, 35123], 'sweep': [40000], 'impulse': [9600], 'silence': [3200]}
STRIDE = 13


def signal(name, count, rate):
    i = np.arange(count)
    if name == 'noise':
        m = ((i + 1).astype(np.uint64) * 2654435761 % 2**32 // 2**8).astype(np.int64) - 2**23
        x = m * 2.0**-23
    elif name == 'sweep':
        t = i / rate
        x = 0.5 * np.sin(2 * np.pi * (100 * t + 3000 * t * t))
    else:
        x = np.where(i == count // 3, 1.0 if name == 'impulse' else 0.0, 0.0)
    return x.astype(np.float32).astype(np.float64)


def hz_to_mel(f):
    """Slaney: linear below 1 kHz with 200/3 Hz a mel, then 27 mels for each factor of 6.4."""
    return f / (200 / 3) if f < 1000 else 15 + 27 * np.log(f / 1000) / np.log(6.4)


def mel_to_hz(m):
    return m * (200 / 3) if m < 15 else 1000 * 6.4 ** ((m - 15) / 27)


def mel_weight(f, low, centre, high):
    """A triangle of area 1 Hz."""
    rising, falling = (f - low) / (centre - low), (high - f) / (high - centre)
    return max(0.0, min(rising, falling)) * 2 / (high - low)


def mel_filters(rate, n_fft, n_mels, f_min, f_max):
    edges = [mel_to_hz(m) for m in np.linspace(hz_to_mel(f_min), hz_to_mel(f_max), n_mels + 2)]
    bins = [k * rate / n_fft for k in range(n_fft // 2 + 1)]
    return np.array([[mel_weight(f, *edges[b:b + 3]) for b in range(n_mels)] for f in bins])


def log_mel(x, rate, n_fft, hop, n_mels, f_min, f_max):
    half = n_fft // 2
    padded = np.concatenate([x[half:0:-1], x, x[-2:-half - 2:-1]])
    window = np.array([np.sin(np.pi * n / n_fft) ** 2 for n in range(n_fft)])
    frames = 1 + len(x) // hop
    power = np.array([np.abs(np.fft.rfft(padded[f * hop:f * hop + n_fft] * window)) ** 2 for f in range(frames)])
    return 10 * np.log10(np.maximum(power @ mel_filters(rate, n_fft, n_mels, f_min, f_max), 1e-10))


print('# sample_rate n_fft hop n_mels f_min f_max signal samples frames every-13th-value...; made by make_log_mel.py')
for front_end in FRONT_ENDS:
    for name, lengths in LENGTHS.items():
        for count in lengths:
            y = log_mel(signal(name, count, front_end[0]), *front_end)
            print(*front_end, name, count, len(y), *(f'{v:.8g}' for v in y.ravel()[::STRIDE]), sep='\t')
