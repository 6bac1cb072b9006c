"""Each figure of clap-embed's speed and memory, with what was asked for; started by `speed`."""

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
import wave
from pathlib import Path

from compare import choose_files, describe, load, run

ROUNDS = 3


# --- processes of their own, timed from within ----------------------------------------------------


def onnx_worker(model):
    """Clips a second of onnxruntime on the graph from power spectrogram to affinities, one thread."""
    import onnxruntime
    import torch
    from train_compare import build_network, load_weights

    class Tower(torch.nn.Module):
        def __init__(self, network):
            super().__init__()
            self.network = network

        def forward(self, waveform):
            network = self.network
            frames = network.frame_proj(network.audio_encoder.audio_enc(waveform))
            return (frames @ network.codebook.t()).amax(1)

    torch.set_num_threads(1)
    network = build_network(json.loads((Path(model) / "config.json").read_text())).eval()
    load_weights(network, model)
    power = torch.rand(1, 1001, 513)
    audio = network.audio_encoder.audio_enc
    audio.spectrum = lambda given: given  # the Fourier transform stays outside the graph
    path = Path(tempfile.mkdtemp()) / "tower.onnx"
    with torch.no_grad():
        torch.onnx.export(Tower(network).eval(), (power,), str(path), input_names=["power"],
                          opset_version=18, dynamo=False)  # fmt: skip
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    given = {"power": power.numpy()}
    with torch.no_grad():
        mine = Tower(network)(power)
    difference = abs(session.run(None, given)[0] - mine.numpy()).max() / mine.abs().max()
    print(json.dumps({"difference": float(difference)}), flush=True)
    for _ in sys.stdin:  # a line: measure once
        best = 0
        for _ in range(3):
            start = time.perf_counter()
            for _ in range(8):
                session.run(None, given)
            best = max(best, 8 / (time.perf_counter() - start))
        print(json.dumps(best), flush=True)


def text_worker(model, texts, threads):
    """Texts a second of transformers' BertModel, padded to the longest of each batch of 32."""
    import torch
    from transformers import BertConfig, BertModel, BertTokenizerFast

    torch.set_num_threads(threads)
    tokenize = BertTokenizerFast(str(Path(model) / "vocab.txt"))
    bert = BertModel(BertConfig(), add_pooling_layer=False).eval()
    lines = Path(texts).read_text().splitlines()

    @torch.inference_mode()
    def embed(some):
        out = tokenize(some, padding="longest", truncation=True, max_length=30, return_tensors="pt")
        return bert(out.input_ids, out.attention_mask).last_hidden_state

    embed(lines[:32])
    start = time.perf_counter()
    for i in range(0, len(lines), 32):
        embed(lines[i : i + 32])
    print(json.dumps(len(lines) / (time.perf_counter() - start)))


# --- measuring ------------------------------------------------------------------------------------


class Speed:
    def __init__(self, arguments, files, work):
        self.bin, self.model, self.files, self.work = arguments.bin, arguments.model, files, work

    def row(self, what, values, asked, note=""):
        values = values if isinstance(values, list) else [values]
        all_ = " ".join(f"{v:.2f}" for v in values) if len(values) > 1 else ""
        print(what, f"{statistics.median(values):.2f}", asked, all_, note, sep="\t", flush=True)

    def embed(self, inputs, threads, *options):
        out = self.work / "out.h5"
        command = [self.bin / "clap-embed", "-q", "--force", "--device", "cpu", "--model", self.model]
        return run([*command, "--threads", threads, "-o", out, *options, *inputs], threads)

    def steady(self, inputs, few, threads, *options):
        """Wall seconds of the inputs beyond the first few; the least start-up of three."""
        short = min(self.embed(few, threads, *options)["wall"] for _ in range(3))
        return self.embed(inputs, threads, *options)["wall"] - short

    def encoder(self, *words):
        out = run([self.bin / "bench_encoder", "cpu", *words], 2, subprocess.PIPE)["text"]
        return [line.split("\t") for line in out.splitlines()[1:]]

    def encoder_share(self):
        rows = self.encoder("fp32", "x1", "1")
        self.row("encoder, share of at::mm at its shapes", float(rows[0][7]), "0.85",
                 f"{rows[0][5]} of {rows[0][6]} GFLOP/s")  # fmt: skip

    def onnx(self):
        worker = subprocess.Popen(
            [sys.executable, __file__, "onnx", str(self.model)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        difference = json.loads(worker.stdout.readline())["difference"]
        ratios = []
        for _ in range(ROUNDS):
            ours = float(self.encoder("fp32", "x1", "1")[0][3])
            worker.stdin.write("once\n")
            worker.stdin.flush()
            ratios.append(ours / json.loads(worker.stdout.readline()))
        worker.stdin.close()
        worker.wait()
        self.row("encoder fp32 against onnxruntime", ratios, "1.15",
                 f"its graph without the Fourier transform; differs by {difference:.0e}")  # fmt: skip

    def has(self, precision):
        """Whether this processor, or what CLAP_ISA leaves of it, computes with it."""
        command = [self.bin / "clap-embed", "-q", "--force", "--model", self.model, "-o", self.work / "one.h5"]
        return subprocess.run([*command, "--precision", precision, self.files[0]], stderr=subprocess.DEVNULL).returncode == 0

    def precisions(self):
        for precision, asked in (("int8", "1.6"), ("bf16", "-")):
            what = f"clap-embed --precision {precision} against fp32"
            if not self.has(precision):
                print(what, "-", asked, "", "not on this processor", sep="\t", flush=True)
                continue
            ratios = []
            for _ in range(ROUNDS):
                seconds = [
                    self.steady(self.files, self.files[:1], 1, "--precision", p)
                    for p in ("fp32", precision)
                ]
                ratios.append(seconds[0] / seconds[1])
            self.row(what, ratios, asked)

    def overlap(self):
        import numpy as np

        random_ = np.random.default_rng(1)
        clips = [self.work / f"clip{i:02}.wav" for i in range(24)]
        rate, window = 44100, 10
        noise = (random_.standard_normal(rate * (window + 23 * window // 2)) * 3000).astype("<i2")

        def write(path, samples):
            with wave.open(str(path), "wb") as out:
                out.setparams((1, 2, rate, 0, "NONE", ""))
                out.writeframes(samples.tobytes())

        for i, path in enumerate(clips):
            start = i * rate * window // 2
            write(path, noise[start : start + rate * window])
        long = self.work / "long.wav"
        write(long, noise)
        ratios = []
        for _ in range(3 * ROUNDS):  # a few per cent are sought
            apart = self.steady(clips, clips[:1], 1)
            together = self.steady([long], clips[:1], 1, "--hop", "5")
            ratios.append(apart / together)
        self.row("windows with 50 % overlap against as many clips", ratios, "1.05")

    def texts(self):
        words = [w for w in (self.model / "vocab.txt").read_text().splitlines() if w.isalpha()]
        draw = random.Random(1)
        lines = [" ".join(draw.choices(words[:4000], k=draw.randint(5, 20))) for _ in range(768)]
        texts, few = self.work / "texts.txt", self.work / "few.txt"
        texts.write_text("\n".join(lines) + "\n")
        few.write_text(lines[0] + "\n")
        for threads in (1, 2):
            ratios = []
            for _ in range(ROUNDS):
                seconds = self.steady([texts], [few], threads, "--text")
                worker = [sys.executable, __file__, "text", self.model, texts, threads]
                theirs = json.loads(run(worker, threads, subprocess.PIPE)["text"])
                ratios.append(len(lines) / seconds / theirs)
            self.row(f"texts/s against transformers, {threads} threads", ratios, "1.6")

    def scaling(self):
        ratios, peak = [], 0
        for _ in range(ROUNDS):
            one = self.steady(self.files, self.files[:1], 1)
            two = self.steady(self.files, self.files[:1], 2)
            peak = max(peak, self.embed(self.files[:4], 2)["rss"])
            ratios.append(one / two)
        self.row("1 -> 2 threads", ratios, "1.9")
        self.row("peak memory, 2 workers, GB", peak * 2**20 / 1e9, "< 1.2")

    def first(self):
        seconds = min(self.embed(self.files[:1], 2)["wall"] for _ in range(10))
        self.row("one file, start to exit, s", seconds, "< 1.5")

    def ingest(self):
        best = [
            float(run([self.bin / "bench_ingest", *self.files], 1, subprocess.PIPE)["text"].split()[3])
            for _ in range(ROUNDS)
        ]
        self.row("decoding, resampling, log-mel, files per CPU s", best, "120", "5 s files")


def main():
    if sys.argv[1:2] == ["onnx"]:
        return onnx_worker(sys.argv[2])
    if sys.argv[1:2] == ["text"]:
        return text_worker(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    figures = ("encoder_share", "onnx", "precisions", "overlap", "texts", "scaling", "first", "ingest")
    parser = argparse.ArgumentParser(prog="speed", description=__doc__)
    parser.add_argument("--bin", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--model", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "../shared/data/esc10")
    parser.add_argument("--files", type=int, default=32)
    parser.add_argument("figures", nargs="*", default=figures, help=", ".join(figures))
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        files = choose_files(arguments.data, arguments.files, work)
        describe(files)
        print(f"# {load()} before\nfigure\tmedian\tasked\trounds\tnote")
        speed = Speed(arguments, files, work)
        for figure in arguments.figures:
            getattr(speed, figure)()
        print(f"# {load()} after")


if __name__ == "__main__":
    main()
