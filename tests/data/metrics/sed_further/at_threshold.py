#!/usr/bin/env python3
"""What holds at one threshold of all classes, by sed_eval 0.2.1 and sed_scores_eval 0.0.4 (pandas < 3).

  at_threshold.py CASE > at_threshold.json

segment_error_rate_at: sed_eval's overall error rate, which counts substitutions; of detections up to the end of the
last segment of a clip, as sed_scores_eval has them. psds*_at: PSDS of the ROC whose only
operating points are "nothing detected" and that of the threshold.
"""
import json, sys
from pathlib import Path
import dcase_util, numpy as np, sed_eval
from sed_scores_eval.base_modules.detection import scores_to_event_list
from sed_scores_eval.intersection_based.intermediate_statistics import accumulated_intermediate_statistics
from bootstrap import PSDS, load

THRESHOLD, MAX_EFPR = .3, 100.


def segment_error_rate(scores, truth, durations, classes):
    metrics = sed_eval.sound_event.SegmentBasedMetrics(classes, time_resolution=1.)
    detected = scores_to_event_list(scores, THRESHOLD)
    for clip, events in detected.items():
        end = np.ceil(durations[clip])
        detected[clip] = [(a, min(b, end), c) for a, b, c in events if round(a, 6) < end]
    as_list = lambda clip, events: dcase_util.containers.MetaDataContainer(
        [{"filename": clip, "onset": round(a, 6), "offset": round(b, 6), "event_label": c} for a, b, c in events])
    for clip in scores:
        metrics.evaluate(as_list(clip, truth[clip]), as_list(clip, detected[clip]))
    return metrics.results_overall_metrics()["error_rate"]["error_rate"]


def psds(scores, truth, durations, dtc_threshold, gtc_threshold, cttc_threshold, alpha_ct, alpha_st):
    stats, _ = accumulated_intermediate_statistics(
        scores, truth, dtc_threshold=dtc_threshold, gtc_threshold=gtc_threshold, cttc_threshold=cttc_threshold)
    points = []
    for at, s in stats.values():
        i = np.flatnonzero(at > THRESHOLD)[np.argmin(at[at > THRESHOLD])]
        rate = s["fps"][i] / sum(durations.values())
        if alpha_ct:
            rate += alpha_ct * np.mean([s["cts"][k][i] / s["t_ref_other"][k] for k in s["cts"]])
        points.append((3600 * rate, s["tps"][i] / s["n_ref"]))
    x = sorted({0., *(e for e, _ in points if e <= MAX_EFPR)}) + [MAX_EFPR]
    area = 0.
    for a, b in zip(x, x[1:]):
        tpr = np.array([t if e <= a else 0. for e, t in points])
        area += (b - a) * max(0., tpr.mean() - alpha_st * tpr.std())
    return area / MAX_EFPR


if __name__ == "__main__":
    scores, truth, durations, classes = load(Path(sys.argv[1]))
    values = {"segment_error_rate_at.micro_average": segment_error_rate(scores, truth, durations, classes)}
    values |= {name + "_at": psds(scores, truth, durations, **p) for name, p in PSDS.items()}
    print(json.dumps({"threshold": THRESHOLD, "values": values}, indent=1))
