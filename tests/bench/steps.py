"""Milliseconds of processor time per clip of clap-embed, step by step, on one thread.

    tests/bench/compare                                   # once: it makes build/bench-model
    python3 tests/bench/steps.py [--bin FOLDER]... [--precision int8] FILE...

Samples clap-embed with perf (the clock of the processor: no counters are needed) on all files and on the first
one alone; the difference is what the other files took. A function belongs to the first step whose pattern finds
it. Several --bin are measured in turns, three rounds; a step's figure is the median of its rounds.
"""

import argparse
import collections
import re
import statistics
import subprocess
import tempfile
from pathlib import Path

HZ, ROUNDS = 4000, 3
STEPS = [  # name, pattern of "library function"
    ("decoding, resampling", r"libav|libsw|libvorbis|libm\.so|Resampler|Decoder|AudioReader"),
    ("attention", r"attend_|fetch_next"),
    ("layer norm", r"LayerNorm|RowwiseMoments|normalise"),
    ("products, with GELU and residual sum", r"JIT|dnnl|ideep|mkldnn|fbgemm|gomp"),
    ("front end", r"mkl_dft|cpu_padding|MelFrames|compute_frames|Log10|mul_kernel|pow_tensor|add_kernel"),
    ("stretching to the image", r"basic_loop_non_separable|batch_norm"),
    ("patches, mel and codebook by BLAS, sparsemax", r"mkl_blas|sort"),
    ("copies of tensors", r"memmove|memset|direct_copy|index_select"),
    ("allocation", r"malloc|_int_|free|unlink_chunk|memalign"),
    ("kernel", r"kernel\.kallsyms|vdso"),
    ("writing, digests", r"hdf5|crypto|printf"),
    ("the rest: LibTorch between the steps", r""),
]  # fmt: skip


def step_of(function):
    return next(name for name, pattern in STEPS if re.search(pattern, function))


def sample(arguments, folder, files, work):
    """Samples of each step."""
    data = work / "perf.data"
    record = ["perf", "record", "-q", "-F", str(HZ), "-e", "cpu-clock", "-o", data]
    embed = [folder / "clap-embed", "-q", "--force", "--device", "cpu", "--threads", "1", "--model",
             arguments.model, "--precision", arguments.precision, "-o", work / "out.h5"]  # fmt: skip
    subprocess.run([*map(str, record), *map(str, embed), *files], check=True)
    report = subprocess.run(
        ["perf", "report", "-i", data, "--no-children", "--stdio", "-F", "sample,dso,sym", "-t", "\t"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    counts = collections.Counter()
    for line in report.stdout.splitlines():
        if line.strip() and not line.startswith("#"):
            count, function = line.split("\t", 1)
            counts[step_of(function)] += int(count)
    return counts


def main():
    root = Path(__file__).parents[2]
    parser = argparse.ArgumentParser(prog="steps", description=__doc__)
    parser.add_argument("--bin", type=Path, action="append")
    parser.add_argument("--model", type=Path, default=root / "build/bench-model")
    parser.add_argument("--precision", default="fp32")
    parser.add_argument("files", nargs="+")
    arguments = parser.parse_args()
    folders = arguments.bin or [root / "build/release/bin"]
    rounds = [[] for _ in folders]
    with tempfile.TemporaryDirectory() as work:
        for _ in range(ROUNDS):
            for folder, made in zip(folders, rounds):
                counts = sample(arguments, folder, arguments.files, Path(work))
                counts.subtract(sample(arguments, folder, arguments.files[:1], Path(work)))
                clips = len(arguments.files) - 1
                made.append({name: counts[name] * 1e3 / HZ / clips for name, _ in STEPS})
    for made in rounds:
        for row in made:
            row["all"] = sum(row.values())
    print("step", *folders, sep="\t")
    for name in [*(name for name, _ in STEPS), "all"]:
        medians = [statistics.median(row[name] for row in made) for made in rounds]
        print(name, *(f"{value:.1f}" for value in medians), sep="\t")


if __name__ == "__main__":
    main()
