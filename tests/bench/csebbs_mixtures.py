#!/usr/bin/env python3
# usage: csebbs_mixtures.py ESC-10-FOLDER OUT-FOLDER COUNT [noise]    with numpy, soundfile, scipy
# Writes dev/ and eval/ in OUT-FOLDER, COUNT recordings of 10 s each: three to five events of six classes, 6 to 18 dB above rain,
# sea waves or a helicopter, or 20 dB above pink noise; the events of dev from folds 1 and 2, those of eval from folds 3 and 4;
# with truth.tsv and durations.tsv, as clap-eval detection reads them, and labels.txt.
import pathlib
import sys

import numpy as np
import soundfile
from scipy.signal import resample_poly

RATE = 32000
EVENTS = {"dog_bark": "dog", "rooster": "rooster", "baby_cry": "crying baby", "person_sneeze": "sneezing",
          "chainsaw": "chainsaw", "clock_tick": "clock tick"}
BACKGROUNDS = ["rain", "sea_waves", "helicopter"]


def read(path):
    samples, rate = soundfile.read(path, always_2d=True)
    return resample_poly(samples.mean(axis=1), RATE, rate)


def level(samples):
    return float(np.sqrt(np.mean(samples ** 2) + 1e-12))


def active(samples):
    """From where the sound is first above -30 dB of its peak, in windows of 20 ms, to the first pause of 0.4 s; at most 4 s."""
    window = RATE // 50
    power = np.array([level(samples[i:i + window]) for i in range(0, len(samples) - window + 1, window)])
    loud = np.flatnonzero(power > power.max() * 10 ** (-30 / 20))
    last = loud[0]
    for place in loud:
        if place - last > 20:
            break
        last = place
    return samples[loud[0] * window:(last + 1) * window][:4 * RATE]


def pink_noise(random):
    spectrum = np.fft.rfft(random.normal(size=10 * RATE))
    return np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(len(spectrum)), 100.0)))


def mixture(clips, random):
    background = pink_noise(random) if NOISE else np.tile(read(random.choice(clips["background"])), 3)[:10 * RATE]
    sound = background * (0.01 / level(background))
    rows = []
    for _ in range(random.integers(3, 6)):
        folder = random.choice(list(EVENTS))
        event = active(read(random.choice(clips[folder])))
        if len(event) < RATE // 5:
            continue
        start = int(random.integers(0, 10 * RATE - len(event) + 1))
        onset, offset = start / RATE, (start + len(event)) / RATE
        if any(onset < row[1] + 0.3 and offset > row[0] - 0.3 and row[2] == EVENTS[folder] for row in rows):
            continue
        sound[start:start + len(event)] += event * (0.01 * 10 ** ((20 if NOISE else random.uniform(6, 18)) / 20) / level(event))
        rows.append((onset, offset, EVENTS[folder]))
    return np.clip(sound, -1, 1), rows


source, out, count = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), int(sys.argv[3])
NOISE = sys.argv[4:] == ["noise"]
for half, folds in (("dev", "12"), ("eval", "34")):
    folder = out / half
    (folder / "audio").mkdir(parents=True, exist_ok=True)
    chosen = {name: sorted(str(p) for p in (source / name).glob("*.ogg") if p.name[0] in folds) for name in EVENTS}
    chosen["background"] = sorted(str(p) for name in BACKGROUNDS for p in (source / name).glob("*.ogg") if p.name[0] in folds)
    with open(folder / "truth.tsv", "w") as truth, open(folder / "durations.tsv", "w") as durations:
        print("filename\tonset\toffset\tevent_label", file=truth)
        print("filename\tduration", file=durations)
        for i in range(count):
            samples, rows = mixture(chosen, np.random.default_rng([17, int(folds), i]))
            name = folder / "audio" / f"{half}-{i:03d}.wav"
            soundfile.write(name, samples, RATE, subtype="PCM_16")
            print(f"{name}\t10", file=durations)
            for row in rows or [("", "", "")]:
                print(name, *row, sep="\t", file=truth)
(out / "labels.txt").write_text("".join(name + "\n" for name in EVENTS.values()))
