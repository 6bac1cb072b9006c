"""Table of clap-embed against transformers' ClapModel; started by `compare`, see README.md."""

import argparse
import json
import math
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import wave
from array import array
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("embed", "index", "query", "classify", "eval", "model")


# --- the other side: a process of its own, timed from within --------------------------------------


def make_clap(name, folder):
    """Saves transformers' ClapModel with random weights, its extractor and its tokenizer."""
    import torch
    from transformers import ClapAudioConfig, ClapConfig, ClapFeatureExtractor, ClapModel
    from transformers import ClapTextConfig

    torch.manual_seed(1)
    base = {"patch_embeds_hidden_size": 128, "hidden_size": 1024, "depths": [2, 2, 12, 2]}
    fused = {"enable_fusion": True}
    audio = ClapAudioConfig(**{"unfused": {}, "base": base, "fused": fused}[name])
    text = ClapTextConfig()
    config = ClapConfig(text_config=text.to_dict(), audio_config=audio.to_dict())
    model = ClapModel(config).eval()
    # Untrained towers give all sounds, and all texts, nearly the same row, which clap-embed refuses.
    model.audio_model.audio_encoder.batch_norm.running_mean.fill_(-30)
    model.audio_model.audio_encoder.batch_norm.running_var.fill_(400)
    for weight in model.text_model.encoder.parameters():
        if weight.dim() == 2:
            weight.data *= 4
    model.save_pretrained(folder)
    truncation = "fusion" if name == "fused" else "rand_trunc"
    ClapFeatureExtractor(frequency_min=50, truncation=truncation).save_pretrained(folder)
    for table in ("vocab.json", "merges.txt"):
        shutil.copy(ROOT / "share/vocabularies/roberta" / table, folder)


def unit(rows):
    import numpy as np

    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def audio_worker(model, batch, threads, output, files):
    """Embeds files[1:] after files[0] as a warm-up; prints seconds and CPU seconds as JSON."""
    import h5py
    import librosa
    import numpy as np
    import torch
    from transformers import ClapConfig, ClapFeatureExtractor, ClapModel

    torch.set_num_threads(threads)
    torch.manual_seed(1)
    if (Path(model) / "preprocessor_config.json").exists():
        extract = ClapFeatureExtractor.from_pretrained(model)
        model = ClapModel.from_pretrained(model).eval()
    else:
        extract = ClapFeatureExtractor(truncation="rand_trunc", padding="repeatpad")
        model = ClapModel(ClapConfig()).eval()

    @torch.inference_mode()
    def embed(paths):
        sounds = [librosa.load(path, sr=extract.sampling_rate)[0] for path in paths]
        inputs = extract(sounds, sampling_rate=extract.sampling_rate, return_tensors="pt")
        return model.get_audio_features(**inputs).numpy()

    embed(files[:1])
    wall, cpu = time.perf_counter(), time.process_time()
    files = files[1:]
    rows = [embed(files[i : i + batch]) for i in range(0, len(files), batch)]
    with h5py.File(output, "w") as out:
        out["embeddings"] = unit(np.concatenate(rows))
        out["id"] = files
    print(json.dumps({"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}))


def text_worker(model, batch, threads, output, files):
    """The same of texts, the lines of files[0]; the first batch is the warm-up."""
    import h5py
    import numpy as np
    import torch
    from transformers import ClapModel, RobertaTokenizerFast

    torch.set_num_threads(threads)
    tokenize = RobertaTokenizerFast.from_pretrained(model)
    model = ClapModel.from_pretrained(model).eval()
    lines = Path(files[0]).read_text().splitlines()

    @torch.inference_mode()
    def embed(some):
        given = tokenize(some, padding=True, return_tensors="pt")
        return model.get_text_features(**given).numpy()

    embed(lines[:batch])
    wall, cpu = time.perf_counter(), time.process_time()
    rows = [embed(lines[i : i + batch]) for i in range(1, len(lines), batch)]
    with h5py.File(output, "w") as out:
        out["embeddings"] = unit(np.concatenate(rows))
    print(json.dumps({"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}))


WORKERS = {"audio": audio_worker, "text": text_worker}


# --- measuring ------------------------------------------------------------------------------------


def run(command, cpus=None, stdout=subprocess.DEVNULL):
    """Runs a command on so many CPUs: wall s, CPU s, peak MiB, its output."""
    allowed = sorted(os.sched_getaffinity(0))
    cpus = cpus or len(allowed)
    environment = os.environ | {"OMP_NUM_THREADS": str(cpus), "HF_HUB_OFFLINE": "1"}
    start = time.perf_counter()
    process = subprocess.Popen(
        [str(word) for word in command],
        stdout=stdout,
        env=environment,
        text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, allowed[-cpus:]),
    )
    text = process.stdout.read() if process.stdout else ""
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"compare: error: {command[0]} ended with {process.returncode}")
    cpu = usage.ru_utime + usage.ru_stime
    return {"wall": wall, "cpu": cpu, "rss": usage.ru_maxrss / 1024, "text": text}


class Bench:
    """`items` are files, or the lines of a text."""

    def __init__(self, arguments, items, work):
        self.arguments, self.items, self.work = arguments, items, work
        self.kind = "text" if arguments.texts else "audio"

    def inputs(self, items):
        """What names the items on a command line."""
        if self.kind == "audio":
            return items
        listed = self.work / f"{len(items)}.txt"
        listed.write_text("\n".join(items) + "\n")
        return [listed]

    def embed(self, items, threads, batch):
        import h5py

        output = self.work / "ours.h5"
        bin, model = self.arguments.bin, self.arguments.model
        command = [bin / "clap-embed", "-q", "--force", "--model", model, "-o", output]
        command += ["--device", "cpu", "--threads", threads, "--batch", batch]
        command += ["--precision", self.arguments.precision]
        command += ["--text"] if self.kind == "text" else []
        took = run([*command, *self.inputs(items)], threads)
        with h5py.File(output) as stored:
            rows = len(stored["id"])
        if rows != len(items):
            sys.exit(f"compare: error: {rows} rows of {len(items)}; is one longer than 10 s?")
        return took

    def ours(self, threads, batch):
        """Whole process, and steady state: what the items after the first one cost.

        The least start-up of three is taken off, so that a disturbed one cannot flatter the rest.
        """
        ones = [self.embed(self.items[:1], threads, batch) for _ in range(3)]
        whole = self.embed(self.items, threads, batch)
        more = len(self.items) - 1
        return {
            "items_s": more / (whole["wall"] - min(one["wall"] for one in ones)),
            "items_cpu_s": more / (whole["cpu"] - min(one["cpu"] for one in ones)),
            "whole_items_s": len(self.items) / whole["wall"],
            "rss": whole["rss"],
        }

    def theirs(self, threads, batch):
        worker = [sys.executable, __file__, "worker", self.kind, self.arguments.model]
        worker += [batch, threads, self.work / "theirs.h5"]
        took = run([*worker, *self.inputs(self.items)], threads, subprocess.PIPE)
        inside = json.loads(took["text"])
        more = len(self.items) - 1
        return {
            "items_s": more / inside["wall"],
            "items_cpu_s": more / inside["cpu"],
            "whole_items_s": len(self.items) / took["wall"],
            "rss": took["rss"],
        }

    def least_cosine(self):
        """Of the rows that either side wrote last: their resamplers differ."""
        import h5py

        with h5py.File(self.work / "ours.h5") as a, h5py.File(self.work / "theirs.h5") as b:
            return (a["embeddings"][1:] * b["embeddings"][:]).sum(1).min()

    def best_batch(self, side, threads, batches):
        if len(batches) == 1:
            return batches[0]
        speed = {batch: side(threads, batch)["items_s"] for batch in batches}
        tried = ", ".join(f"batch {b} {s:.2f} a second" for b, s in speed.items())
        print(f"# {side.__name__}, {threads} threads: {tried}", flush=True)
        return max(speed, key=speed.get)


COLUMNS = {"items_s": 2, "items_cpu_s": 2, "whole_items_s": 2, "rss": 0}  # and their decimals


def compare(bench, few):
    arguments = bench.arguments
    print("threads", "side", "batch", "items_per_s", "items_per_cpu_s", "whole_process_items_per_s",
          "peak_mib", "ratios", "median_ratio", sep="\t")  # fmt: skip
    for threads in arguments.threads:
        ours = few.best_batch(few.ours, threads, arguments.batches)
        theirs = few.best_batch(few.theirs, threads, arguments.batches)
        rounds = []
        for _ in range(arguments.rounds):
            rounds.append((bench.ours(threads, ours), bench.theirs(threads, theirs)))
        ratios = [a["items_s"] / b["items_s"] for a, b in rounds]
        ratio = (" ".join(f"{r:.2f}" for r in ratios), f"{statistics.median(ratios):.2f}")
        rows = (("ours", ours, ratio), ("theirs", theirs, ("", "")))
        for i, (side, batch, tail) in enumerate(rows):
            best = [f"{max(pair[i][key] for pair in rounds):.{d}f}" for key, d in COLUMNS.items()]
            print(threads, side, batch, *best, *tail, sep="\t", flush=True)
    if arguments.clap:
        print(f"# least cosine of a row of ours and theirs: {bench.least_cosine():.6f}")


def start_up(bench):
    print("\n# process start to exit, best of 10\nprogram\tseconds")
    for tool in TOOLS:
        program = bench.arguments.bin / f"clap-{tool}"
        if program.exists():
            best = min(run([program, "--help"])["wall"] for _ in range(10))
            print(f"clap-{tool} --help\t{best:.4f}")
    sound = bench.work / "ten_seconds.wav"
    write_tone(sound, 10)
    processors = len(os.sched_getaffinity(0))
    first = min(bench.embed([sound], processors, 1)["wall"] for _ in range(10))
    print(f"clap-embed, one 10 s file\t{first:.4f}")


# --- what is measured -----------------------------------------------------------------------------


def write_tone(path, seconds, rate=44100):
    step = 2 * math.pi * 440 / rate
    samples = array("h", (int(9830 * math.sin(step * i)) for i in range(seconds * rate)))
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(samples.tobytes())


def choose_files(folder, count, work):
    """`count` files spread over the folder; too few, or those of examples/, are repeated."""
    found = sorted(p for p in folder.rglob("*") if p.suffix in (".ogg", ".wav", ".flac"))
    if len(found) >= count:
        return [found[i * len(found) // count] for i in range(count)]
    found = found or sorted((ROOT / "examples/audio").glob("*.flac"))
    links = []
    for i in range(count):
        target = found[i % len(found)].resolve()
        links.append(work / f"{i:03}{target.suffix}")
        links[-1].symlink_to(target)
    return links


def make_texts(count):
    """Sentences of 4 to 20 words, from the captions of the examples' sounds."""
    words = "a dog barks while rain falls on the roof and people talk far away near passing cars".split()
    chance = random.Random(1)
    return [" ".join(chance.choices(words, k=chance.randint(4, 20))) for _ in range(count)]


def describe(files):
    cpu = [line.split(": ")[1].strip() for line in open("/proc/cpuinfo") if "model name" in line]
    packages = ("torch", "transformers", "librosa", "numpy", "h5py")
    print(f"# {time.strftime('%Y-%m-%d')}, {cpu[0] if cpu else 'unknown CPU'} x {os.cpu_count()}")
    print("# " + ", ".join(f"{name} {version(name)}" for name in packages))
    print(f"# {len(files)} items, the first {getattr(files[0], 'name', files[0])}")


def load():
    return "load average {:.2f} {:.2f} {:.2f}".format(*os.getloadavg())


def numbers(text):
    return [int(word) for word in text.split(",")]


def parse():
    parser = argparse.ArgumentParser(prog="compare", description="clap-embed against ClapModel")
    add = parser.add_argument
    add("--bin", type=Path, required=True, help=argparse.SUPPRESS)
    add("--model", type=Path, required=True, help=argparse.SUPPRESS)
    add("--data", type=Path, default=ROOT / "../shared/data/esc10", help="files of up to 10 s")
    add("--files", type=int, default=64)
    add("--rounds", type=int, default=3, help="pairs per number of threads")
    add("--threads", type=numbers, default=[1, 2])
    add("--clap", choices=("unfused", "base", "fused"),
        help="both embed with one ClapModel of random weights")  # fmt: skip
    add("--texts", type=int, default=0, metavar="N", help="embed N texts instead; needs --clap")
    add("--precision", default="fp32", help="of clap-embed")
    add("--batches", type=numbers, default=[1, 4, 8], help="tried first; the best is kept")
    return parser.parse_args()


def main():
    arguments = parse()
    if arguments.clap:
        arguments.model = ROOT / f"build/bench-clap-{arguments.clap}"
        if not arguments.model.exists():
            make_clap(arguments.clap, arguments.model)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        items = choose_files(arguments.data, arguments.files, work)
        if arguments.texts:
            items = make_texts(arguments.texts)
        describe(items)
        print(f"# {load()} before")
        bench = Bench(arguments, items, work)
        few = Bench(arguments, items[: max(9, len(items) // 4 + 1)], work)
        compare(bench, few)
        if not arguments.clap:
            start_up(bench)
        print(f"# {load()} after")


if __name__ == "__main__":
    if sys.argv[1:2] == ["worker"]:
        kind, model, batch, threads, output, *files = sys.argv[2:]
        WORKERS[kind](model, int(batch), int(threads), output, files)
    else:
        main()
