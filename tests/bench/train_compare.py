"""Table of clap-train against the same network in eager PyTorch; started by `train_compare`, see README.md.

The network is written anew from the pipeline of the goldens' README, section 2, with the official parameter names, so
that `check` can load a model of clap-train's and compare embeddings.
"""

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

CAPTIONS = ["a dog barks", "rain falls on a roof of tin", "an old clock ticks in a quiet room",
            "waves roll onto a beach while gulls cry", "someone saws wood"]  # fmt: skip
SECONDS, RATE = 10, 32000
MIDDLE = {  # between the demonstration model and the published one
    "name": "middle", "embed_dim": 512, "codebook_size": 1024,
    "audio": {"embed_dim": 48, "depths": [2, 2, 4, 2]},
    "text": {"hidden_size": 384, "num_hidden_layers": 6, "intermediate_size": 1536},
}  # fmt: skip


# --- the other side: a process of its own, timed from within --------------------------------------


def build_network(config):
    """The network as torch.nn modules; imports here, so that the parent needs no torch."""
    import torch
    from torch import nn
    from torch.nn import functional as F
    from transformers import BertConfig, BertModel

    audio, text = config["audio"], config["text"]
    window, patch, spec = audio["window_size"], audio["patch_size"], audio["spec_size"]

    def drop_path(x, rate, training):
        if rate == 0 or not training:
            return x
        kept = torch.rand(x.shape[0], *[1] * (x.dim() - 1)) >= rate
        return x * kept / (1 - rate)

    def to_windows(x):  # [B, H, W, C] -> [B * windows, window^2, C]
        b, h, w, c = x.shape
        x = x.view(b, h // window, window, w // window, window, c)
        return x.transpose(2, 3).reshape(-1, window * window, c)

    def from_windows(x, b, side):
        x = x.view(b, side // window, side // window, window, window, -1)
        return x.transpose(2, 3).reshape(b, side, side, -1)

    def relative_index():
        at = torch.stack(torch.meshgrid(*[torch.arange(window)] * 2, indexing="ij")).flatten(1)
        d = at[:, :, None] - at[:, None, :] + window - 1
        return d[0] * (2 * window - 1) + d[1]

    class Attention(nn.Module):
        def __init__(self, dim, heads):
            super().__init__()
            self.heads = heads
            self.relative_position_bias_table = nn.Parameter(
                torch.zeros((2 * window - 1) ** 2, heads).normal_(std=0.02)
            )
            self.register_buffer("relative_position_index", relative_index())
            self.qkv, self.proj = nn.Linear(dim, 3 * dim), nn.Linear(dim, dim)

        def forward(self, x, mask):
            b, n, c = x.shape
            q, k, v = self.qkv(x).view(b, n, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
            logits = (q * (c // self.heads) ** -0.5) @ k.transpose(-2, -1)
            bias = self.relative_position_bias_table[self.relative_position_index.view(-1)]
            logits = logits + bias.view(n, n, -1).permute(2, 0, 1)
            if mask is not None:
                logits = logits.view(-1, len(mask), self.heads, n, n) + mask[:, None]
                logits = logits.view(b, self.heads, n, n)
            return self.proj((logits.softmax(-1) @ v).transpose(1, 2).reshape(b, n, c))

        def values(self, x):
            return self.proj(F.linear(x, *(p.chunk(3)[2] for p in (self.qkv.weight, self.qkv.bias))))

    class Mlp(nn.Module):
        def __init__(self, dim):
            super().__init__()
            hidden = dim * audio["mlp_ratio"]
            self.fc1, self.fc2 = nn.Linear(dim, hidden), nn.Linear(hidden, dim)

        def forward(self, x):
            return self.fc2(F.gelu(self.fc1(x)))

    class Block(nn.Module):
        def __init__(self, dim, heads, side, shift, drop):
            super().__init__()
            self.side, self.shift, self.drop = side, shift, drop
            self.norm1, self.norm2 = nn.LayerNorm(dim), nn.LayerNorm(dim)
            self.attn, self.mlp = Attention(dim, heads), Mlp(dim)
            self.mask = None
            if shift:
                region = torch.zeros(1, side, side, 1)
                slices = (slice(-window), slice(-window, -shift), slice(-shift, None))
                for i, rows in enumerate(slices):
                    for j, columns in enumerate(slices):
                        region[:, rows, columns] = 3 * i + j
                flat = to_windows(region).squeeze(-1)
                self.mask = (flat[:, None] != flat[:, :, None]) * -100.0

        def forward(self, x):  # [B, H, W, C]
            y = self.norm1(x)
            if self.shift:
                y = y.roll((-self.shift, -self.shift), (1, 2))
            y = from_windows(self.attn(to_windows(y), self.mask), len(x), self.side)
            if self.shift:
                y = y.roll((self.shift, self.shift), (1, 2))
            x = x + drop_path(y, self.drop, self.training)
            return x + drop_path(self.mlp(self.norm2(x)), self.drop, self.training)

        def local(self, x):  # the value path, all that is used of the last block
            y = x + self.attn.values(self.norm1(x))
            return y + self.norm2(y)

    class Merge(nn.Module):
        def __init__(self, dim):
            super().__init__()
            self.norm = nn.LayerNorm(4 * dim)
            self.reduction = nn.Linear(4 * dim, 2 * dim, bias=False)

        def forward(self, x):
            parts = [x[:, i::2, j::2] for i, j in ((0, 0), (1, 0), (0, 1), (1, 1))]
            return self.reduction(self.norm(torch.cat(parts, -1)))

    class Patches(nn.Module):
        def __init__(self, dim):
            super().__init__()
            self.proj, self.norm = nn.Conv2d(1, dim, patch, patch), nn.LayerNorm(dim)

        def forward(self, x):
            return self.norm(self.proj(x).permute(0, 2, 3, 1))

    class Audio(nn.Module):
        def __init__(self):
            super().__init__()
            dim, depths = audio["embed_dim"], audio["depths"]
            drops = torch.linspace(0, 0.1, sum(depths)).tolist()
            self.bn0 = nn.BatchNorm1d(audio["n_mels"])
            self.patch_embed = Patches(dim)
            self.layers = nn.ModuleList()
            for i, depth in enumerate(depths):
                side = spec // patch >> i
                layer = nn.Module()
                layer.blocks = nn.ModuleList(
                    Block(dim << i, audio["num_heads"][i], side,
                          window // 2 if j % 2 and side > window else 0, drops.pop(0))
                    for j in range(depth)
                )  # fmt: skip
                layer.downsample = Merge(dim << i) if i + 1 < len(depths) else None
                self.layers.append(layer)
            self.norm = nn.LayerNorm(dim << len(depths) - 1)
            self.register_buffer("mel", torch.zeros(audio["n_fft"] // 2 + 1, audio["n_mels"]))
            self.register_buffer("hann", torch.hann_window(audio["n_fft"]))

        def spectrum(self, waveforms):  # -> [B, T, bins]
            spectrum = torch.stft(waveforms, audio["n_fft"], audio["hop_length"], window=self.hann,
                                  pad_mode="reflect", return_complex=True)  # fmt: skip
            return (spectrum.real.square() + spectrum.imag.square()).transpose(1, 2)

        def forward(self, waveforms):
            log_mel = 10 * (self.spectrum(waveforms) @ self.mel).clamp(min=1e-10).log10()
            x = self.bn0(log_mel.transpose(1, 2))  # [B, mels, T]
            if self.training:
                x = mask_stripes(mask_stripes(x, 2, 64), 1, 8)
            chunks = spec // audio["n_mels"]
            x = F.interpolate(x.transpose(1, 2)[:, None], (spec * chunks, audio["n_mels"]),
                              mode="bicubic", align_corners=True)  # fmt: skip
            x = x.view(len(x), chunks, spec, -1).transpose(2, 3).reshape(len(x), 1, spec, spec)
            x = self.patch_embed(x)
            for layer in self.layers[:-1]:
                for block in layer.blocks:
                    x = block(x)
                x = layer.downsample(x)
            for block in self.layers[-1].blocks[:-1]:
                x = block(x)
            x = self.norm(self.layers[-1].blocks[-1].local(x))
            b, side, _, c = x.shape
            x = x.view(b, chunks, side // chunks, side, c).mean(2)
            return x.reshape(b, chunks * side, c)

    def mask_stripes(x, dim, width):
        mask = torch.ones(x.shape[0], 1, 1).repeat(1, *(x.shape[i] if i == dim else 1 for i in (1, 2)))
        for sample in mask:
            for _ in range(2):
                size = int(torch.randint(width, ()))
                start = int(torch.randint(x.shape[dim] - size, ()))
                sample.narrow(dim - 1, start, size).zero_()
        return x * mask

    class Sparsemax(torch.autograd.Function):
        @staticmethod
        def forward(context, x):
            ordered, _ = x.sort(-1, descending=True)
            sums = ordered.cumsum(-1) - 1
            k = torch.arange(1, x.shape[-1] + 1)
            support = (k * ordered > sums).sum(-1, keepdim=True)
            y = (x - sums.gather(-1, support - 1) / support).clamp(min=0)
            context.save_for_backward(y)
            return y

        @staticmethod
        def backward(context, gradient):
            inside = context.saved_tensors[0] > 0
            mean = (gradient * inside).sum(-1, keepdim=True) / inside.sum(-1, keepdim=True)
            return (gradient - mean) * inside

    def projection(width, dim):
        return nn.Sequential(nn.LayerNorm(width), nn.Linear(width, dim), nn.GELU(),
                             nn.LayerNorm(dim), nn.Linear(dim, dim))  # fmt: skip

    class Network(nn.Module):
        def __init__(self):
            super().__init__()
            dim = config["embed_dim"]
            self.codebook = nn.Parameter(torch.randn(config["codebook_size"], dim))
            self.temp = nn.Parameter(torch.tensor(0.07))
            self.audio_encoder, self.text_encoder = nn.Module(), nn.Module()
            self.audio_encoder.audio_enc = Audio()
            sizes = {k: v for k, v in text.items() if k != "max_tokens"}
            self.text_encoder.text_encoder = BertModel(BertConfig(**sizes), add_pooling_layer=False)
            self.frame_proj = projection(audio["embed_dim"] << len(audio["depths"]) - 1, dim)
            self.word_proj = projection(text["hidden_size"], dim)

        def pool(self, locals_, mask=None):
            affinity = locals_ @ self.codebook.t() / math.sqrt(config["embed_dim"])
            if mask is not None:
                affinity = affinity * mask[..., None]
            weights = Sparsemax.apply((affinity / config["codebook_temperature"]).amax(1))
            return F.normalize(weights @ self.codebook, dim=-1)

        def embed_audio(self, waveforms):
            return self.pool(self.frame_proj(self.audio_encoder.audio_enc(waveforms)))

        def embed_text(self, ids, attention, words):
            states = self.text_encoder.text_encoder(ids, attention).last_hidden_state
            return self.pool(self.word_proj(states[:, 1:]), words[:, 1:])

        def loss(self, waveforms, tokens, identities):
            a, t = self.embed_audio(waveforms), self.embed_text(*tokens)
            targets = (identities[:, None] == identities).float()
            targets = targets / targets.sum(1, keepdim=True)
            similarity = a @ t.t() / self.temp
            total = (hard_negative(similarity, targets) + hard_negative(similarity.t(), targets)) / 2
            for e in (a, t):
                total = total + e.abs().mean() / e.square().sum().sqrt()
            return total

    def hard_negative(s, targets):
        s = s - s.detach().amax(1, keepdim=True)
        e = torch.exp(0.15 * s)
        weights = (e * (len(s) - 1) / (e.sum(1) - e)).masked_fill(targets > 0, 1)
        log_prob = s - torch.log(1e-7 + (weights * s.exp()).sum(1, keepdim=True))
        return -(log_prob * targets).sum(1).mean()

    return Network()


class Clips:
    """Files and captions, as torch's DataLoader takes them."""

    def __init__(self, manifest):
        self.items = json.loads(Path(manifest).read_text())

    def __len__(self):
        return len(self.items)

    def __getitem__(self, i):
        import soundfile

        samples, _ = soundfile.read(self.items[i]["audio"], dtype="float32")
        return samples, self.items[i]["caption"], i


def tokenizer(vocabulary, max_tokens):
    import torch
    from transformers import BertTokenizerFast

    tokenize = BertTokenizerFast(vocabulary)

    def encode(captions):
        out = tokenize(captions, padding="longest", truncation=True, max_length=max_tokens,
                       return_special_tokens_mask=True, return_tensors="pt")  # fmt: skip
        words = torch.ones_like(out.input_ids) - out.special_tokens_mask
        return out.input_ids, out.attention_mask, words

    return encode


def load_weights(network, model):
    """A model directory into the network: every parameter it has, and the mel filters."""
    from safetensors.torch import load_file

    weights = load_file(Path(model) / "model.safetensors")
    prefix = "audio_encoder.audio_enc."
    weights[prefix + "mel"] = weights[prefix + "audio_feats_extractor.log_trans.melW"]
    weights["temp"] = weights["temp"].view(())
    missing = network.load_state_dict(weights, strict=False).missing_keys
    missing = [name for name in missing if not name.endswith("hann")]
    if missing:
        sys.exit(f"train_compare: error: the model lacks {missing}")


def torch_worker(model, manifest, batch, threads, steps):
    """Trains so many steps; prints the seconds of each as JSON."""
    import numpy as np
    import torch

    torch.set_num_threads(threads)
    torch.manual_seed(1)
    config = json.loads((Path(model) / "config.json").read_text())
    network = build_network(config).train()
    load_weights(network, model)
    encode = tokenizer(str(Path(model) / "vocab.txt"), config["text"]["max_tokens"])

    def collate(rows):
        sounds, captions, identities = zip(*rows)
        return torch.from_numpy(np.stack(sounds)), encode(list(captions)), torch.tensor(identities)

    warnings.simplefilter("ignore")  # two workers on one processor: clap-train has as many
    loader = torch.utils.data.DataLoader(Clips(manifest), batch, shuffle=True, num_workers=2,
                                         drop_last=True, collate_fn=collate,
                                         persistent_workers=True)  # fmt: skip
    optimizer = torch.optim.Adam(network.parameters(), 1e-4, fused=True)
    seconds = []
    while len(seconds) < steps:
        start = time.perf_counter()
        for waveforms, tokens, identities in loader:
            optimizer.zero_grad()
            loss = network.loss(waveforms, tokens, identities)
            loss.backward()
            optimizer.step()
            loss.item()
            seconds.append(time.perf_counter() - start)
            start = time.perf_counter()
    print(json.dumps(seconds[:steps]))


def check_worker(model, manifest, embeddings):
    """The largest difference between the network's embeddings and clap-embed's."""
    import h5py
    import torch

    config = json.loads((Path(model) / "config.json").read_text())
    network = build_network(config).eval()
    load_weights(network, model)
    encode = tokenizer(str(Path(model) / "vocab.txt"), config["text"]["max_tokens"])
    clips = Clips(manifest)
    with torch.no_grad():
        sounds = torch.stack([torch.from_numpy(clips[i][0]) for i in range(4)])
        audio, text = network.embed_audio(sounds), network.embed_text(*encode(CAPTIONS))
    worst = 0
    for ours, name in ((audio, "audio"), (text, "text")):
        with h5py.File(f"{embeddings}.{name}.h5") as stored:
            theirs = torch.from_numpy(stored["embeddings"][:])
        worst = max(worst, float((ours - theirs).abs().max()))
    print(json.dumps(worst))


# --- measuring ------------------------------------------------------------------------------------


def run(command, cpus):
    """Runs a command on so many CPUs; its output and the CPU seconds that it and its workers took."""
    allowed = sorted(os.sched_getaffinity(0))
    process = subprocess.Popen(
        [str(word) for word in command],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"OMP_NUM_THREADS": str(cpus), "HF_HUB_OFFLINE": "1"},
        preexec_fn=lambda: os.sched_setaffinity(0, allowed[-cpus:]),
    )
    text = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"train_compare: error: {command[0]} ended with {process.returncode}")
    return text, usage.ru_utime + usage.ru_stime


def make_clips(folder, count):
    """Noise whose envelope differs from clip to clip, and a manifest of it."""
    import numpy as np
    import soundfile

    random = np.random.default_rng(1)
    items = []
    for i in range(count):
        envelope = np.repeat(random.uniform(0, 0.5, 100), SECONDS * RATE // 100)
        path = folder / f"{i}.wav"
        soundfile.write(path, envelope * random.standard_normal(SECONDS * RATE) / 4, RATE)
        items.append({"id": str(i), "audio": str(path), "duration": float(SECONDS),
                      "caption": CAPTIONS[i % len(CAPTIONS)]})  # fmt: skip
    manifest = folder / "train.json"
    manifest.write_text(json.dumps(items))
    return manifest


class Bench:
    def __init__(self, arguments, work):
        self.bin, self.batch, self.steps, self.work = arguments.bin, arguments.batch, arguments.steps, work
        self.manifest = make_clips(work, arguments.steps * arguments.batch)
        self.model = work / "start"
        config = arguments.config or work / "middle.json"
        if not arguments.config:
            config.write_text(json.dumps(MIDDLE))
        run([self.bin / "clap-model", "synth", "-q", "-o", self.model, "--config", config], 1)

    def check(self):
        texts = self.work / "captions.txt"
        texts.write_text("\n".join(CAPTIONS) + "\n")
        clips = [item["audio"] for item in json.loads(self.manifest.read_text())[:4]]
        embed = [self.bin / "clap-embed", "-q", "--device", "cpu", "--model", self.model]
        run([*embed, *clips, "-o", self.work / "e.audio.h5"], 1)
        run([*embed, "--text", texts, "-o", self.work / "e.text.h5"], 1)
        worker = [sys.executable, __file__, "check", self.model, self.manifest, self.work / "e"]
        return json.loads(run(worker, 1)[0])

    def ours(self, threads, steps):
        """Seconds of each step, and CPU seconds of the process."""
        output = self.work / "ours"
        part = self.work / "part.json"
        part.write_text(json.dumps(json.loads(self.manifest.read_text())[: steps * self.batch]))
        _, cpu = run([self.bin / "clap-train", part, "-q", "--force", "--device", "cpu", "--threads", threads,
                      "--init", self.model, "--lr", 1e-4, "--epochs", 1, "--warmup", 0, "--batch", self.batch,
                      "-o", output], threads)  # fmt: skip
        lines = (output / "training/log.jsonl").read_text().splitlines()
        records = [json.loads(line) for line in lines if "clips_per_s" in line]
        return [self.batch / r["clips_per_s"] for r in records], cpu

    def theirs(self, threads, steps):
        worker = [sys.executable, __file__, "worker", self.model, self.manifest, self.batch]
        text, cpu = run([*worker, threads, steps], threads)
        return json.loads(text), cpu

    def measure(self, side, threads):
        """Median seconds of a step, and CPU seconds of one: what steps after the first two cost."""
        seconds, cpu = side(threads, self.steps)
        return statistics.median(seconds[2:]), (cpu - side(threads, 2)[1]) / (self.steps - 2)


def compare(bench, arguments):
    print("threads", "clap_train_s", "torch_s", "ratios", "clap_train_cpu_s", "torch_cpu_s", "cpu_ratios", sep="\t")
    for threads in arguments.threads:
        rounds = []
        for _ in range(arguments.rounds):
            rounds.append([bench.measure(side, threads) for side in (bench.ours, bench.theirs)])
        row = [threads]
        for i in range(2):  # wall, CPU
            row += [f"{min(r[side][i] for r in rounds):.2f}" for side in range(2)]
            row.append(" ".join(f"{r[1][i] / r[0][i]:.2f}" for r in rounds))
        print(*row, sep="\t", flush=True)


def main():
    if sys.argv[1:2] == ["worker"]:
        return torch_worker(*sys.argv[2:4], *map(int, sys.argv[4:7]))
    if sys.argv[1:2] == ["check"]:
        return check_worker(*sys.argv[2:5])
    parser = argparse.ArgumentParser(prog="train_compare", description=__doc__.splitlines()[0])
    parser.add_argument("--bin", type=Path, required=True, help="folder of the programs")
    parser.add_argument("--config", type=Path, help="config.json; default: one of middle size")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--steps", type=int, default=8, help="measured, a side and round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    arguments = parser.parse_args()
    arguments.steps += 2
    with tempfile.TemporaryDirectory() as work:
        bench = Bench(arguments, Path(work))
        print(f"# largest difference of an embedding: {bench.check():.1e}", flush=True)
        compare(bench, arguments)


if __name__ == "__main__":
    main()
