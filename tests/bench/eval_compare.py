"""Processor seconds of clap-eval, from start to exit, and of the reference libraries, without reading files.

    eval_compare.py CLAP_EVAL INPUTS [detection|newer|tagging|retrieval]...

newer: the newer detection metrics, on every other frame of the first 500 clips (CLIPS in the environment: of so many).
"""
import csv
import json
import os
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
    "newer": ("--scores", f"{inputs}/newer/scores.h5", "--truth", f"{inputs}/newer/ground_truth.tsv",
              "--durations", f"{inputs}/sed/durations.tsv"),
    "tagging": ("--scores", f"{inputs}/tag/scores.h5", "--truth", f"{inputs}/tag/tags.tsv"),
    "retrieval": ("--audio", f"{inputs}/ret/audio.h5", "--text", f"{inputs}/ret/text.h5",
                  "--truth", f"{inputs}/ret/captions.csv"),
}


def ours(task, *words):
    """Metrics of a task, processor seconds, peak MiB of the runs so far."""
    if task == "newer":
        make_newer(int(os.environ.get("CLIPS", 500)))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    out = subprocess.run([program, "detection" if task == "newer" else task, "--json", "--threads", "1", *files[task], *words], check=True, capture_output=True).stdout
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


def median_of_ours(rounds, *words):
    return np.median([ours(*words)[1] for _ in range(rounds)])


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


def make_newer(clips):
    """A part of the detection's inputs, where it is not there yet."""
    folder = f"{inputs}/newer"
    os.makedirs(folder, exist_ok=True)
    with h5py.File(f"{inputs}/sed/scores.h5") as f:
        ids = strings(f["id"])[:clips]
        scores = f["scores"][:f["offsets"][clips]:2]
        seconds = f.attrs["hop_s"] * f["offsets"][1]
        classes = strings(f["classes"])
    with h5py.File(f"{folder}/scores.h5", "w") as f:
        f["scores"] = scores.reshape(clips, -1, len(classes))
        f["clip_ids"], f["classes"], f["clip_seconds"] = ids, classes, seconds
    names = {name + ".wav" for name in ids}
    with open(f"{inputs}/sed/ground_truth.tsv") as f:
        lines = [line for i, line in enumerate(f) if i == 0 or line.split("\t")[0] in names]
    with open(f"{folder}/ground_truth.tsv", "w") as f:
        f.writelines(lines)


def detection_inputs(folder):
    """Scores, truth and durations as the library takes them."""
    from sed_scores_eval.base_modules.scores import create_score_dataframe
    with h5py.File(f"{folder}/scores.h5") as f:
        classes = strings(f["classes"])
        if "offsets" in f:
            ids, offsets, hop = strings(f["id"]), f["offsets"][()], f.attrs["hop_s"]
            scores = [f["scores"][offsets[i]:offsets[i + 1]] for i in range(len(ids))]
        else:
            ids, scores = strings(f["clip_ids"]), f["scores"][()]
            hop = f["clip_seconds"][()] / scores.shape[1]
    truth = {name: [] for name in ids}
    for row in rows(f"{folder}/ground_truth.tsv"):
        if row["event_label"]:
            truth[row["filename"][:-4]].append((float(row["onset"]), float(row["offset"]), row["event_label"]))
    durations = {row["filename"][:-4]: float(row["duration"]) for row in rows(f"{inputs}/sed/durations.tsv")}
    frames = {name: create_score_dataframe(own, np.arange(len(own) + 1) * hop, classes)
              for name, own in zip(ids, scores)}
    return frames, truth, {name: durations[name] for name in ids}


PSDS = {"psds1": dict(dtc_threshold=.7, gtc_threshold=.7, cttc_threshold=None, alpha_ct=0., alpha_st=1.),
        "psds2": dict(dtc_threshold=.1, gtc_threshold=.1, cttc_threshold=.3, alpha_ct=.5, alpha_st=1.)}


def detection(found, seconds, mib):
    import sed_scores_eval as sse
    frames, truth, durations = detection_inputs(f"{inputs}/sed")
    total = worst = 0
    for name, p in PSDS.items():
        value, reference = timed(lambda: sse.intersection_based.psds(
            scores=frames, ground_truth=truth, audio_durations=durations, unit_of_time="hour", max_efpr=100.,
            num_jobs=1, **p)[0])
        total += reference
        worst = max(worst, abs(value - found[name]))
    _, older, _ = ours("detection", *(word for name in found if name.endswith(("_best.macro_average", "_at.macro_average"))
                                      or name in PSDS or name.startswith("psds_dtc") for word in ("--metric", name)))
    report("detection 1,000 x 10 x 1,000, 4 PSDS and 8 F1", older, mib, total, "sed_scores_eval, psds1 and psds2", worst)
    report("the same, all metrics", seconds, mib, total, "psds1 and psds2 alone", worst)


def newer(found, seconds, mib):
    """The library's areas under the ROC curve are those of stairs, which later releases changed: only their time counts."""
    import sed_scores_eval as sse
    frames, truth, durations = detection_inputs(f"{inputs}/newer")
    size = f"{len(frames)} x 10 x 500"
    given = dict(scores=frames, ground_truth=truth, audio_durations=durations)
    values, segments = timed(lambda: (
        sse.segment_based.average_precision(**given, segment_length=1.)[0]["mean"],
        sse.segment_based.error_rate(**given, threshold=.2, segment_length=1.)[0]["macro_average"],
        sse.segment_based.auroc(**given, segment_length=1., max_fpr=.1)[0]["mean"]))
    own = median_of_ours(5, "newer", "--metric", "segment_ap", "--metric", "segment_error_rate_at", "--metric", "mpauc")
    report(f"{size}, segment AP, error rate and partial AUROC", own, mib, segments, "sed_scores_eval, the same",
           max(abs(values[0] - found["segment_ap"]), abs(values[1] - found["segment_error_rate_at.macro_average"])))
    total = segments
    for name, p in PSDS.items():
        metric = name + "_median_filter_independent"
        value, reference = timed(lambda: sse.intersection_based.median_filter_independent_psds(
            **given, median_filter_lengths_in_sec=[0., .3125, .9375, 1.5625, 2.1875], max_efpr=100., num_jobs=1, **p)[0])
        report(f"{size}, {metric}", median_of_ours(5, "newer", "--metric", metric), mib, reference, "sed_scores_eval, the same",
               abs(value - found[metric]))
        total += reference
    report(f"{size}, all metrics", seconds, mib, total, "sed_scores_eval, those above", 0)


print("| case | clap-eval s | peak MiB so far | reference s | reference | ratio | difference |")
print("|---|---|---|---|---|---|---|")
# Ours first, while this process is small: its own memory would count as a child's.
compare = {"detection": detection, "newer": newer, "tagging": tagging, "retrieval": retrieval}
found = {task: ours(task) for task in sys.argv[3:] or compare}
for task, result in found.items():
    try:
        compare[task](*result)
    except ImportError as error:
        print(f"{task}: not compared, {error}")
