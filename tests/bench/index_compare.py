"""Search of the toolkit beside the faiss-cpu wheel: the same vectors, queries and processors, the sides in turns."""
import argparse
import json
import math
import os
import statistics
import subprocess
import tempfile
import time

import faiss
import numpy as np

K = 10


def anonymous_mib():
    """Memory of this process that is no file's."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("RssAnon"))


class Toolkit:
    def __init__(self, program, threads):
        self.process = subprocess.Popen([program, str(threads)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, *words):
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def build(self, factory):
        return self.ask("flat") if factory == "Flat" else self.ask("build", factory)

    def search(self, effort):
        return self.ask("search", effort.get("nprobe", 0), effort.get("ef", 0))


class Wheel:
    def __init__(self, folder, dim, threads):
        faiss.omp_set_num_threads(threads)
        self.base = np.memmap(f"{folder}/base.f32", np.float32, "r").reshape(-1, dim)
        self.queries = np.fromfile(f"{folder}/queries.f32", np.float32).reshape(-1, dim)
        self.truth = np.fromfile(f"{folder}/truth.i64", np.int64).reshape(-1, K)

    def build(self, factory):
        self.index = None
        before = anonymous_mib()
        start = time.monotonic()
        self.index = faiss.index_factory(self.base.shape[1], factory, faiss.METRIC_INNER_PRODUCT)
        if not self.index.is_trained:
            self.index.train(np.ascontiguousarray(self.base[: 1 << 18]))
        for first in range(0, len(self.base), 8192):
            self.index.add(np.ascontiguousarray(self.base[first:first + 8192]))
        return {"build_s": time.monotonic() - start, "mib": anonymous_mib() - before}

    def search(self, effort):
        space = faiss.ParameterSpace()
        for name, value in effort.items():
            space.set_index_parameter(self.index, {"ef": "efSearch"}.get(name, name), value)
        start = time.monotonic()
        _, found = self.index.search(self.queries, K)
        taken = time.monotonic() - start
        hits = sum(len(np.intersect1d(a, b)) for a, b in zip(found, self.truth))
        return {"qps": len(self.queries) / taken, "recall": hits / self.truth.size}


def parse():
    parser = argparse.ArgumentParser(prog="index_compare", description=__doc__)
    parser.add_argument("--bin", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--rows", type=int, default=20000)
    parser.add_argument("--dim", type=int, default=1024)
    parser.add_argument("--queries", type=int, default=1000)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--factories", default="Flat SQfp16 IVF64,Flat HNSW32")
    parser.add_argument("--embeddings", help="take the frames of this embedding file, not made vectors")
    parser.add_argument("--folder", help="for the vectors (default: a temporary one)")
    return parser.parse_args()


def main():
    arguments = parse()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        toolkit = Toolkit(f"{arguments.bin}/bench_index", arguments.threads)
        dim = arguments.dim
        if arguments.embeddings:
            dim = toolkit.ask("take", arguments.embeddings, arguments.queries, folder)["dim"]
        else:
            toolkit.ask("make", arguments.rows, dim, arguments.queries, folder)
        toolkit.ask("truth")
        wheel = Wheel(folder, dim, arguments.threads)
        print("| index | side | build s | queries/s | recall@10 | MiB | ratios | median |\n|---|---|---|---|---|---|---|---|")
        for factory in arguments.factories.split():
            effort = {}
            if factory.startswith("IVF"):
                effort = {"nprobe": math.ceil(math.sqrt(int(factory[3:].split(",")[0].split("_")[0])))}
            built = [toolkit.build(factory), wheel.build(factory)]
            rounds = [(toolkit.search(effort), wheel.search(effort)) for _ in range(arguments.rounds)]
            ratios = [a["qps"] / b["qps"] for a, b in rounds]
            for side, name in enumerate(("toolkit", f"wheel {faiss.__version__}")):
                best = max((one[side] for one in rounds), key=lambda r: r["qps"])
                row = [factory, name, f"{built[side]['build_s']:.2f}", f"{best['qps']:.0f}", f"{best['recall']:.4f}",
                       f"{built[side]['mib']:.0f}"]
                row += [" ".join(f"{r:.2f}" for r in ratios), f"{statistics.median(ratios):.2f}"] if side == 0 else ["", ""]
                print("| " + " | ".join(row) + " |", flush=True)


main()
