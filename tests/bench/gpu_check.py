"""The parts of scripts/gpu-check that are easier in Python: what each step gave, kept in one JSON
file; the table made of it; and the same network in eager PyTorch."""

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import time
from pathlib import Path

JSON, TABLE = "gpu-check.json", "gpu-check.md"
SKIPPED, NOT_BEGUN = 77, 75  # exit codes of a step
BATCHES = (1, 32, 64, 128)


# --- what each step gave --------------------------------------------------------------------------


def read_state(folder):
    path = Path(folder) / JSON
    return json.loads(path.read_text()) if path.exists() else {"steps": {}}


def write_state(folder, state):
    for name, text in ((JSON, json.dumps(state, indent=1) + "\n"), (TABLE, table(state))):
        part = Path(folder) / f"{name}.part"
        part.write_text(text)
        part.replace(Path(folder) / name)


def read_tests(printed):
    """Of GoogleTest's output, complete or cut off."""
    tests, words, running = [], [], None
    for line in printed.splitlines():
        if found := re.match(r"\[ RUN      \] (\S+)", line):
            running, words = found[1], []
        elif found := re.match(r"\[ +(OK|FAILED|SKIPPED) +\] (\S+?),? .*\((\d+) ms\)$", line):
            status = {"OK": "passed", "FAILED": "failed", "SKIPPED": "skipped"}[found[1]]
            test = {"name": found[2], "status": status, "seconds": int(found[3]) / 1000}
            if status != "passed":
                test["words"] = "\n".join(words)[:1500]
            tests.append(test)
            running = None
        elif running:
            words.append(line)
    if running:
        tests.append({"name": running, "status": "cut off", "words": "\n".join(words)[:1500]})
    return tests


def add_measured(tests, path):
    """What tests recorded as properties, from GoogleTest's own report."""
    if not path.exists():
        return
    usual = {"name", "file", "line", "status", "result", "timestamp", "time", "classname", "failures", "skipped",
             "type_param", "value_param"}  # fmt: skip
    by_name = {test["name"]: test for test in tests}
    for suite in json.loads(path.read_text())["testsuites"]:
        for case in suite["testsuite"]:
            measured = {key: value for key, value in case.items() if key not in usual}
            test = by_name.get(f"{suite['name']}.{case['name']}")
            if measured and test:
                test["measured"] = measured


def read_rows(printed):
    """Of a table with tabs."""
    lines = [line.split("\t") for line in printed.splitlines() if "\t" in line]
    return [dict(zip(lines[0], line)) for line in lines[1:] if len(line) == len(lines[0])]


def keep(arguments):
    """Adds what a step gave; 0 where it passed or had a reason not to run."""
    work = Path(arguments.work)
    printed = (work / "out").read_text(errors="replace")
    errors = (work / "err").read_text(errors="replace")
    step = {"seconds": arguments.seconds, "code": arguments.code, "commit": arguments.commit}
    status = {0: "passed", SKIPPED: "skipped", NOT_BEGUN: "not begun", 124: "timed out", 137: "timed out"}
    step["status"] = status.get(arguments.code, "failed")
    if arguments.kind == "tests":
        step["tests"] = read_tests(printed)
        add_measured(step["tests"], work / "tests.json")
        if arguments.code == 0 and not any(test["status"] == "passed" for test in step["tests"]):
            step |= {"status": "failed", "words": "no test was run, or all were skipped\n" + printed[-1000:]}
    elif arguments.kind == "rows":
        step["rows"] = read_rows(printed)
        if arguments.code == 0 and (not step["rows"] or "no CUDA graph" in errors):
            step["status"] = "failed"
    elif arguments.kind == "facts" and arguments.code == 0:
        step["facts"] = json.loads(printed)
    if step["status"] != "passed":
        step.setdefault("words", "\n".join((errors or printed).splitlines()[-12:])[-1500:])
    state = read_state(arguments.folder)
    state["device"] = arguments.device
    state["steps"][arguments.step] = step
    write_state(arguments.folder, state)
    return 0 if step["status"] in ("passed", "skipped") else 1


def is_done(arguments):
    """Passed, and of this state of the sources."""
    step = read_state(arguments.folder)["steps"].get(arguments.step, {})
    return 0 if step.get("status") == "passed" and step["commit"] == arguments.commit else 1


# --- the table ------------------------------------------------------------------------------------


def markdown(columns, rows):
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join("| " + " | ".join(str(cell) for cell in line) + " |\n" for line in lines)


def step_rows(state):
    for name, step in state["steps"].items():
        tests = step.get("tests", [])
        counts = [(status, sum(test["status"] == status for test in tests))
                  for status in ("passed", "failed", "cut off", "skipped")]  # fmt: skip
        told = ", ".join(f"{count} {status}" for status, count in counts if count)
        yield name, step["status"], step["seconds"], told


def speed_rows(state):
    """Rows of the benchmark, each with its ratio to eager PyTorch at that precision and batch."""
    rows = [row for step in state["steps"].values() for row in step.get("rows", [])]
    eager = {(row["precision"], row["batch"]): float(row["clips_per_s"])
             for row in rows if row["graphs"] == "eager"}  # fmt: skip
    for row in rows:
        speed = float(row["clips_per_s"])
        beside = [eager.get((precision, row["batch"])) for precision in ("fp32", row["precision"])]
        ratios = [f"{speed / other:.2f}" if other else "" for other in beside]
        yield row["precision"], row["graphs"], row["workers"], row["batch"], row["clips_per_s"], *ratios


def measured_rows(state):
    for step in state["steps"].values():
        for test in step.get("tests", []):
            for key, value in test.get("measured", {}).items():
                yield test["name"], key, value


def fault_lines(state):
    for name, step in state["steps"].items():
        if step["status"] != "passed" and step.get("words"):
            yield f"\n### {name}: {step['status']}\n\n```\n{step['words']}\n```\n"
        for test in step.get("tests", []):
            if test["status"] in ("failed", "cut off"):
                yield f"\n### {test['name']}\n\n```\n{test.get('words', '')}\n```\n"


def table(state):
    facts = state["steps"].get("machine", {}).get("facts", {})
    text = f"# gpu-check --device {state.get('device', '')}\n\n"
    text += markdown(("machine", ""), facts.items())
    text += "\n" + markdown(("step", "status", "s", "tests"), step_rows(state))
    if speeds := list(speed_rows(state)):
        text += "\nClips/s of 10 s, waveform in the processor's memory to an embedding there; best pass. Beside it the\n"
        text += "ratio to transformers' ClapAudioModel (HTSAT of the same size) in eager PyTorch, one caller, same batch.\n\n"
        columns = ("precision", "CUDA graphs", "callers", "batch", "clips/s", "of eager fp32", "of eager, same precision")
        text += markdown(columns, speeds)
    if measured := list(measured_rows(state)):
        text += "\n" + markdown(("test", "measured", ""), measured)
    return text + "".join(fault_lines(state))


# --- the machine ----------------------------------------------------------------------------------


def first_line(*command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return None
    lines = (done.stdout or done.stderr).splitlines() if done.returncode == 0 else []
    return lines[0] if lines else None


def of_torch():
    code = "import torch; print(torch.__version__, torch.version.cuda, torch.cuda.is_available(), sep='\\t')"
    found = first_line(sys.executable, "-c", code)
    return found.split("\t") if found else ("none", "none", "False")


def describe(arguments):
    """What there is, as JSON; 69 where a GPU was asked for and none is there."""
    torch, cuda, usable = of_torch()
    query = ("--query-gpu=name,memory.total,driver_version,clocks.max.sm", "--format=csv,noheader")
    cpu = [line.split(": ")[1].strip() for line in open("/proc/cpuinfo") if "model name" in line]
    nvcc = [line for line in (subprocess.getoutput("nvcc --version").splitlines()) if "release" in line]
    facts = {
        "date": time.strftime("%Y-%m-%d"),
        "commit": arguments.commit,
        "GPU": first_line("nvidia-smi", *query),
        "CPU": f"{cpu[0] if cpu else platform.machine()} x {os.cpu_count()}",
        "torch": torch,
        "CUDA of torch": cuda,
        "nvcc": nvcc[0].strip() if nvcc else None,
        "C++": first_line("c++", "--version"),
        "CMake": first_line("cmake", "--version"),
        "Python": platform.python_version(),
    }
    print(json.dumps({key: value for key, value in facts.items() if value}))
    if arguments.device == "cpu" or facts["GPU"] or usable == "True":
        return 0
    print("gpu-check: no CUDA device here: nvidia-smi and torch see none", file=sys.stderr)
    return 69


# --- the same network in eager PyTorch ------------------------------------------------------------


def make_eager(device, precision):
    """Waveforms [B, 320000] in pinned memory to embeddings there: the front end of bench_encoder in
    torch, then transformers' HTSAT of the published size."""
    import torch
    from transformers import ClapAudioConfig, ClapAudioModel
    from transformers.audio_utils import mel_filter_bank

    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = precision == "tf32"
    kind = torch.bfloat16 if precision == "bf16" else torch.float32
    model = ClapAudioModel(ClapAudioConfig()).eval().to(device, kind)
    window = torch.hann_window(1024, device=device)
    filters = mel_filter_bank(513, 64, 50, 14000, 32000, norm="slaney", mel_scale="slaney")
    filters = torch.tensor(filters, dtype=torch.float32, device=device)

    @torch.inference_mode()
    def embed(waveforms):
        sounds = waveforms.to(device, non_blocking=True)
        spectrum = torch.stft(sounds, 1024, 320, window=window, pad_mode="reflect", return_complex=True)
        log_mel = ((spectrum.abs() ** 2).transpose(1, 2) @ filters).clamp(min=1e-10).log10() * 10
        return model(input_features=log_mel.unsqueeze(1).to(kind)).pooler_output.float().cpu()

    return embed


def clips_per_second(embed, waveforms, brief):
    passes, seconds, warm_up = (1, 0, 1) if brief else (3, 1 / 3, 3)
    for _ in range(warm_up):
        embed(waveforms)
    best = 0
    start = time.perf_counter()
    embed(waveforms)
    calls = 1 + int(seconds / (time.perf_counter() - start))
    for _ in range(passes):
        start = time.perf_counter()
        for _ in range(calls):
            embed(waveforms)
        best = max(best, calls * len(waveforms) / (time.perf_counter() - start))
    return best


def eager(arguments):
    try:
        import torch
        import transformers
    except ImportError as error:
        print(f"gpu-check: {error}", file=sys.stderr)
        return SKIPPED
    transformers.logging.set_verbosity_error()
    torch.manual_seed(1)
    if arguments.device == "cpu":
        torch.set_num_threads(1)  # as one caller of bench_encoder
    print("precision", "workers", "batch", "clips_per_s", "graphs", sep="\t")
    for precision in arguments.precisions:
        embed = make_eager(arguments.device, precision)
        for batch in arguments.batches:
            waveforms = torch.randn(batch, 320000) * 0.1
            waveforms = waveforms if arguments.device == "cpu" else waveforms.pin_memory()
            speed = clips_per_second(embed, waveforms, arguments.once)
            print(precision, 1, batch, f"{speed:.2f}", "eager", sep="\t", flush=True)
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    verbs = parser.add_subparsers(required=True)
    verb = verbs.add_parser("keep")
    verb.set_defaults(run=keep)
    for name in ("folder", "step", "work", "kind", "device", "commit"):
        verb.add_argument(name)
    verb.add_argument("code", type=int)
    verb.add_argument("seconds", type=int)
    verb = verbs.add_parser("is-done")
    verb.set_defaults(run=is_done)
    for name in ("folder", "step", "commit"):
        verb.add_argument(name)
    verb = verbs.add_parser("describe")
    verb.set_defaults(run=describe)
    verb.add_argument("device")
    verb.add_argument("commit")
    verb = verbs.add_parser("eager")
    verb.set_defaults(run=eager)
    verb.add_argument("device")
    verb.add_argument("--precisions", nargs="+", default=["fp32"])
    verb.add_argument("--batches", nargs="+", type=int, default=BATCHES)
    verb.add_argument("--once", action="store_true", help="one pass, to see whether it works at all")
    arguments = parser.parse_args()
    return arguments.run(arguments)


if __name__ == "__main__":
    sys.exit(main())
