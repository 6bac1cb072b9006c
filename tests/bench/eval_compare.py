"""Processor seconds of clap-eval, from start to exit, and of the reference libraries, without reading files.

    eval_compare.py CLAP_EVAL INPUTS [detection|tagging|retrieval]...
"""
import csv
import json
import resource
import subprocess
import sys
import time
import warnings

import h5py
import numpy as np

warnings.filterwarnings("ignore")
program, inputs = sys.argv[1:3]
files = {
    "detection": ("--scores", f"{inputs}/sed/scores.h5", "--truth", f"{inputs}/sed/ground_truth.tsv",
                  "--durations", f"{inputs}/sed/durations.tsv"),
    "tagging": ("--scores", f"{inputs}/tag/scores.h5", "--truth", f"{inputs}/tag/tags.tsv"),
    "retrieval": ("--audio", f"{inputs}/ret/audio.h5", "--text", f"{inputs}/ret/text.h5",
                  "--truth", f"{inputs}/ret/captions.csv"),
}


def ours(task, *words):
    """Metrics of a task, processor seconds, peak MiB of the runs so far."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    out = subprocess.run([program, task, "--json", "--threads", "1", *files[task], *words], check=True, capture_output=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return json.loads(out), seconds, after.ru_maxrss / 1024  # of the largest child yet


def timed(function):
    start = time.process_time()
    value = function()
    return value, time.process_time() - start


def rows(path, delimiter="\t"):
    with open(path, newline="") as f:
        return list(csv.DictReader(f, delimiter=delimiter))


def strings(dataset):
    return [s.decode() for s in dataset[()]]


def report(what, seconds, mib, reference, name, agree):
    ratio = reference / seconds
    print(f"| {what} | {seconds:.2f} | {mib:.0f} | {reference:.2f} | {name} | {ratio:.1f} | {agree:.1e} |", flush=True)


def in_turns(rounds, first, second):
    """Median seconds of each, and the last value of the second."""
    seconds = [], []
    for _ in range(rounds):
        seconds[0].append(first()[1])
        value, one = timed(second)
        seconds[1].append(one)
    return np.median(seconds[0]), np.median(seconds[1]), value


def tagging(found, seconds, mib):
    from sklearn.metrics import average_precision_score, roc_auc_score
    folder = f"{inputs}/tag"
    with h5py.File(f"{folder}/scores.h5") as f:
        scores, ids, classes = f["scores"][()], strings(f["id"]), strings(f["classes"])
    clip = {name + ".wav": i for i, name in enumerate(ids)}
    column = {name: c for c, name in enumerate(classes)}
    truth = np.zeros(scores.shape, np.int8)
    for row in rows(f"{folder}/tags.tsv"):
        for label in filter(None, row["event_labels"].split(",")):
            truth[clip[row["filename"]], column[label]] = 1
    only, reference, value = in_turns(
        5, lambda: ours("tagging", "--metric", "macro_map"),
        lambda: average_precision_score(truth, scores, average="macro"))
    difference = abs(value - found["macro_map"])
    report("tagging 20,000 x 527, macro mAP alone", only, mib, reference, "scikit-learn, the same", difference)
    report("tagging 20,000 x 527, all metrics", seconds, mib, reference, "scikit-learn, macro mAP alone", difference)
    micro, more = timed(lambda: average_precision_score(truth, scores, average="micro"))
    auc, even_more = timed(lambda: roc_auc_score(truth, scores, average="macro"))
    report("", seconds, mib, reference + more + even_more, "and micro mAP and mAUC",
           max(abs(micro - found["micro_map"]), abs(auc - found["mauc"])))


def retrieval(found, seconds, mib):
    folder = f"{inputs}/ret"
    with h5py.File(f"{folder}/audio.h5") as a, h5py.File(f"{folder}/text.h5") as t:
        audio, text = a["embeddings"][()], t["embeddings"][()]
    text /= np.linalg.norm(text, axis=1, keepdims=True)
    similarity, product = timed(lambda: audio @ text.T)
    _, selection = timed(lambda: np.argpartition(similarity, -10, axis=1))
    own = similarity[np.arange(len(text)) // 5, np.arange(len(text))]
    r1 = 100 * np.mean((similarity > own).sum(axis=0) == 0)
    agree = abs(r1 - found["t2a.r1"])
    report("retrieval 5,000 x 25,000 x 1,024, both ways", seconds, mib, product, "BLAS product", agree)
    report("", seconds, mib, product + selection, "and one argpartition of its rows", agree)


def detection(found, seconds, mib):
    import pandas as pd
    import sed_scores_eval as sse
    from sed_scores_eval.base_modules.scores import create_score_dataframe
    folder = f"{inputs}/sed"
    with h5py.File(f"{folder}/scores.h5") as f:
        scores, ids, classes = f["scores"][()], strings(f["id"]), strings(f["classes"])
        offsets, hop = f["offsets"][()], f.attrs["hop_s"]
    truth = {name: [] for name in ids}
    for row in rows(f"{folder}/ground_truth.tsv"):
        if row["event_label"]:
            truth[row["filename"][:-4]].append((float(row["onset"]), float(row["offset"]), row["event_label"]))
    durations = {row["filename"][:-4]: float(row["duration"]) for row in rows(f"{folder}/durations.tsv")}
    frames = {}
    for i, name in enumerate(ids):
        own = scores[offsets[i]:offsets[i + 1]]
        frames[name] = create_score_dataframe(own, np.arange(len(own) + 1) * hop, classes)
    total = worst = 0
    for name, p in (("psds1", dict(dtc_threshold=.7, gtc_threshold=.7, cttc_threshold=None, alpha_ct=0., alpha_st=1.)),
                    ("psds2", dict(dtc_threshold=.1, gtc_threshold=.1, cttc_threshold=.3, alpha_ct=.5, alpha_st=1.))):
        value, reference = timed(lambda: sse.intersection_based.psds(
            scores=frames, ground_truth=truth, audio_durations=durations, unit_of_time="hour", max_efpr=100.,
            num_jobs=1, **p)[0])
        total += reference
        worst = max(worst, abs(value - found[name]))
    report("detection 1,000 x 10 x 1,000, 4 PSDS and 8 F1", seconds, mib, total, "sed_scores_eval, psds1 and psds2",
           worst)


print("| case | clap-eval s | peak MiB so far | reference s | reference | ratio | difference |")
print("|---|---|---|---|---|---|---|")
# Ours first, while this process is small: its own memory would count as a child's.
compare = {"detection": detection, "tagging": tagging, "retrieval": retrieval}
found = {task: ours(task) for task in sys.argv[3:] or compare}
for task, result in found.items():
    try:
        compare[task](*result)
    except ImportError as error:
        print(f"{task}: not compared, {error}")
