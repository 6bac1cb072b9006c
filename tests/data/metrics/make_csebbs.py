#!/usr/bin/env python3
# csebbs.json: event boxes, their scores and tuned parameters, as the package sebbs gives them for scores made by a seed.
# usage: python3 make_csebbs.py >csebbs.json    with sebbs 1.0.2, sed_scores_eval 0.0.4, pandas 2
import json
import sys

import numpy as np
from sebbs import csebbs
from sed_scores_eval import collar_based, intersection_based, segment_based
from sed_scores_eval.base_modules.scores import create_score_dataframe

random = np.random.default_rng(1717)
classes = ["bell", "dog", "rain", "siren"]
hop = 0.125  # s
# tune() of 1.0.2 makes predictors without classes, which then find no box: it gets them as the default.
csebbs.CSEBBsPredictor.__init__.__defaults__ = (0.5, 1.0, 2.0, None, classes)
lengths = [2.0, 1.0, 5.0, 0.75]  # s, of the classes' events


def number(value):
    return value if np.isfinite(value) else str(value)


def make_clip(frames):
    """Truth, and scores that see it through noise: multiples of 1/128, so that many are equal, kept as these."""
    events, scores = [], np.zeros((frames, len(classes)))
    for c, name in enumerate(classes):
        activity = np.zeros(frames)
        for _ in range(random.integers(0, 4)):
            onset = round(float(random.uniform(0, 0.8 * frames * hop)), 2)
            offset = round(min(onset + lengths[c] * float(random.uniform(0.4, 1.6)), frames * hop), 2)
            if any(onset <= e[1] + 0.1 and offset >= e[0] - 0.1 and e[2] == name for e in events):
                continue
            events.append((onset, offset, name))
            activity[int(onset / hop):int(np.ceil(offset / hop))] = random.uniform(0.3, 0.9)
        dips = random.random(frames) < 0.2
        activity[dips] *= random.uniform(0.3, 0.9)
        noise = random.normal(0, 0.08, frames) + (random.random(frames) < 0.05) * 0.4
        scores[:, c] = np.clip(activity + noise + 0.08, 0, 1)
    return events, np.round(scores * 128) / 128


def boxes(found):
    return [[[o, f, s] for o, f, name, s in found if name == c] for c in classes]


clips, scores, truth, durations = [], {}, {}, {}
for i, frames in enumerate([80, 80, 80, 45, 80, 1, 3, 80, 66, 80, 80, 80]):
    name = f"clip{i:02d}"
    truth[name], values = make_clip(frames)
    durations[name] = frames * hop
    scores[name] = create_score_dataframe(values, hop * np.arange(frames + 1), classes)
    clips.append({"id": name, "scores": (128 * values).astype(int).tolist(), "events": truth[name], "duration": durations[name]})

# Boxes of odd shapes: unequal frames, negative scores, plateaus, a filter longer than the clip.
series = []
for frames, length, absolute, relative, kind in [
        (1, 0.5, 1.0, 2.0, "noise"), (2, 3.0, 0.2, np.inf, "noise"), (60, 0.32, 0.15, np.inf, "noise"),
        (60, 0.64, np.inf, 1.5, "noise"), (60, 0.48, 0.3, 2.0, "signed"), (60, 0.5, np.inf, 3.0, "signed"),
        (50, 1.5, 0.2, np.inf, "steps"), (50, 0.32, np.inf, np.inf, "steps"), (20, 40.0, 0.3, np.inf, "noise"),
        (30, 0.5, 1.0, 2.0, "zero"), (30, 0.5, 1.0, 2.0, "rising"), (80, 0.48, 0.05, np.inf, "noise")]:
    if kind == "steps":
        values = np.repeat(random.integers(0, 5, frames) / 4.0, random.integers(1, 4, frames))[:frames]
    elif kind == "zero":
        values = np.zeros(frames)
    elif kind == "rising":
        values = np.linspace(-2, -1, frames)
    else:
        values = random.normal(0.3, 0.3, frames) if kind == "signed" else random.random(frames)
    equal = frames % 20 == 0
    times = 0.3125 * np.arange(frames + 1) if equal else np.concatenate(
        ([0], np.cumsum(random.uniform(0.02, 0.6, frames))))
    predictor = csebbs.CSEBBsPredictor(length, absolute, relative, sound_classes=["x"])
    found = predictor.predict({"a": create_score_dataframe(values[:, None], times, ["x"])})["a"]
    series.append({"scores": values.tolist(), "times": times.tolist(), "step_filter_length": length,
                   "merge_threshold_abs": number(absolute), "merge_threshold_rel": number(relative),
                   "boxes": [[o, f, s] for o, f, _, s in found]})


def evaluated(found):
    frames = csebbs.sed_scores_from_sebbs(found, classes, durations)
    common = dict(scores=frames, ground_truth=truth, audio_durations=durations)
    values = {}
    for name, how in {"psds1": dict(dtc_threshold=0.7, gtc_threshold=0.7, alpha_st=1.0, max_efpr=100.0),
                      "psds2": dict(dtc_threshold=0.1, gtc_threshold=0.1, cttc_threshold=0.3, alpha_ct=0.5, alpha_st=1.0,
                                    max_efpr=100.0)}.items():
        total, single = intersection_based.psds(**common, **how)[:2]
        values[name] = {"value": total, "per_class": single}
    f1 = collar_based.best_fscore(frames, truth, onset_collar=0.2, offset_collar=0.2, offset_collar_rate=0.2)[0]
    values["event_f1_best_decimals6"] = {"f": f1}
    values["intersection_f1_best"] = {"f": intersection_based.best_fscore(frames, truth, dtc_threshold=0.5, gtc_threshold=0.5)[0]}
    values["segment_f1_best"] = {"f": segment_based.best_fscore(frames, truth, durations, segment_length=1.0)[0]}
    return values


fixed = csebbs.CSEBBsPredictor(0.5, 0.2, 2.0, sound_classes=classes).predict(scores)
tuned, best = csebbs.tune(scores, truth, durations, selection_fn=csebbs.select_best_psds)
other, other_best = csebbs.tune(scores, truth, durations, selection_fn=csebbs.select_best_psds,
                                step_filter_lengths=(0.5, 1.0), merge_thresholds_abs=(0.3, 0.6),
                                merge_thresholds_rel=(1.25, 1.75))


def choice(predictor, values):
    return {c: {"step_filter_length": predictor.step_filter_length[c],
                "merge_threshold_abs": number(predictor.merge_threshold_abs[c]),
                "merge_threshold_rel": number(predictor.merge_threshold_rel[c]), "psds1": values[c]} for c in classes}


json.dump({"classes": classes, "hop": hop, "clips": clips, "series": series,
           "fixed": {"boxes": {name: boxes(b) for name, b in fixed.items()}, "metrics": evaluated(fixed)},
           "tuned": {"parameters": choice(tuned, best), "metrics": evaluated(tuned.predict(scores))},
           "other": choice(other, other_best)}, sys.stdout, separators=(",", ":"))
print()
