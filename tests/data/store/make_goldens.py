#!/usr/bin/env python3
"""Writes the HDF5 files of this folder with h5py (3.x) and NumPy: an implementation of the format that is not ours.

    make_goldens.py FOLDER
"""
import sys
from pathlib import Path

import h5py
import numpy as np

OUT = Path(sys.argv[1])
TEXT = h5py.string_dtype("utf-8")
AUDIO = dict(format="clap-embeddings", format_version=1, kind="audio", dim=4, model_name="tiny", model_sha256="00ff",
             normalized=1, tool="h5py", command="make_goldens.py", created="2026-01-31T12:00:00Z", complete=1,
             sample_rate=32000, window_s=10.0, hop_s=5.0, short_audio="zero", precision="fp32")
IDS = ["a.wav", "b/ü.flac", "shard.tar/c.ogg"]
UNIT = np.array([[1, 0, 0, 0], [0.6, 0.8, 0, 0], [0.5, -0.5, 0.5, -0.5]], np.float32)


def base(file):
    """A small file that is accepted; the refused ones differ from it in one thing."""
    file.attrs.update(AUDIO)
    file["embeddings"] = UNIT
    file.create_dataset("id", data=IDS, dtype=TEXT)
    file["start_s"] = np.array([0.0, 0.0, 5.0])
    file["end_s"] = np.array([10.0, 2.5, 12.25])


def replace(file, name, **options):
    del file[name]
    file.create_dataset(name, **options)


def foreign():
    """What others' code would write: fixed-length and ASCII strings, narrow integers, compressed chunks."""
    with h5py.File(OUT / "h5py_audio.h5", "w") as file:
        file.attrs.update(AUDIO)
        file.attrs["model_name"] = np.bytes_("tiny")
        file.attrs["sample_rate"] = np.int32(32000)
        file.attrs["window_s"] = np.float32(10)
        packed = dict(compression="gzip", shuffle=True)
        file.create_dataset("embeddings", data=UNIT, chunks=(2, 4), **packed)
        file.create_dataset("id", data=[name.encode() for name in IDS], dtype="S20", chunks=(2,), **packed)
        file.create_dataset("start_s", data=np.array([0, 0, 5], ">f8"))
        file.create_dataset("end_s", data=np.array([10, 2.5, 12.25], np.float32))
        file.create_dataset("meta/label", data=["dog", "", "rain"], dtype=h5py.string_dtype("ascii"))
        file.create_dataset("meta/fold", data=["1", "2", "3"], dtype=TEXT, chunks=(3,), **packed)
        file.create_dataset("frames/embeddings", data=np.vstack([UNIT, UNIT[:1]]).astype(np.float16))
        file.create_dataset("frames/offsets", data=np.array([0, 2, 2, 4], np.int64))
        file["frames"].attrs["hop_s"] = 0.3125
        file.create_dataset("errors/id", data=["x.wav"], dtype=TEXT)
        file.create_dataset("errors/stage", data=["decode"], dtype=TEXT)
        file.create_dataset("errors/message", data=["no audio stream"], dtype=TEXT)


def halves():
    """A text file whose embeddings are float16, with the float32 values they were rounded from as `frames`."""
    rng = np.random.default_rng(20260131)
    edges = [0, -0.0, 1, -1, 65504, 65519.996, 2**-14, 2**-24, 2**-25, 1.5 * 2**-24, 2.5 * 2**-24, 2**-26,
             1 + 2**-11, 1 + 3 * 2**-11, 1 - 2**-12, 0.1, -0.3, 1e-5, 6.1e-5, 1023.5 * 2**-24]
    bits = rng.integers(0, 0x477ff000, 1004, dtype=np.uint32)
    values = np.concatenate([np.array(edges, np.float32), bits.view(np.float32)]).reshape(-1, 8)
    with h5py.File(OUT / "h5py_half.h5", "w") as file:
        file.attrs.update({k: v for k, v in AUDIO.items() if k not in ("sample_rate", "short_audio")},
                          kind="text", dim=8)
        file.create_dataset("embeddings", data=values.astype(np.float16), compression="gzip")
        file.create_dataset("id", data=[f"text {i}" for i in range(len(values))], dtype=TEXT)
        file.create_dataset("frames/embeddings", data=values, compression="gzip")
        file.create_dataset("frames/offsets", data=np.arange(len(values) + 1, dtype=np.uint64))
        file["frames"].attrs["hop_s"] = 1.0


REFUSED = {}


def refused(function):
    REFUSED[function.__name__] = function


def attribute(name, value):
    def change(file):
        if value is None:
            del file.attrs[name]
        else:
            file.attrs[name] = value
    return change


for case, name, value in [
        ("no_format", "format", None), ("other_format", "format", "clap-scores"), ("no_version", "format_version", None),
        ("new_version", "format_version", 2), ("incomplete", "complete", 0), ("never_completed", "complete", None),
        ("kind_unknown", "kind", "video"), ("dim_differs", "dim", 5), ("dim_negative", "dim", -4),
        ("dim_text", "dim", "four"), ("version_list", "format_version", [1, 1]), ("window_nan", "window_s", np.nan),
        ("format_number", "format", 1), ("no_model", "model_sha256", None),
        ("rate_negative", "sample_rate", -1)]:
    REFUSED[case] = attribute(name, value)


@refused
def no_embeddings(file):
    del file["embeddings"]


@refused
def embeddings_integer(file):
    replace(file, "embeddings", data=np.ones((3, 4), np.int32))


@refused
def embeddings_flat(file):
    replace(file, "embeddings", data=UNIT.ravel())


@refused
def embeddings_is_group(file):
    del file["embeddings"]
    file.create_group("embeddings")


@refused
def too_few_embeddings(file):
    replace(file, "embeddings", data=UNIT[:2])


@refused
def too_few_times(file):
    replace(file, "end_s", data=np.array([10.0, 2.5]))


@refused
def time_nan(file):
    file["start_s"][1] = np.nan


@refused
def time_backwards(file):
    file["end_s"][1] = -1.0


@refused
def ids_numeric(file):
    replace(file, "id", data=np.arange(3))


@refused
def meta_short(file):
    file.create_dataset("meta/label", data=["dog"], dtype=TEXT)


@refused
def rows_claimed(file):
    replace(file, "embeddings", shape=(2**60, 4), maxshape=(None, 4), chunks=(16, 4), dtype=np.float32)


@refused
def ids_claimed(file):
    replace(file, "id", shape=(2**60,), maxshape=(None,), chunks=(16,), dtype=TEXT, compression="gzip")


@refused
def huge_chunk(file):
    packed = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    packed.set_chunk((2**27, 4))
    packed.set_deflate(1)
    del file["embeddings"]
    space = h5py.h5s.create_simple((0, 4), (h5py.h5s.UNLIMITED, 4))
    h5py.h5d.create(file.id, b"embeddings", h5py.h5t.IEEE_F32LE, space, packed)


@refused
def external_link(file):
    del file["id"]
    file["id"] = h5py.ExternalLink("../h5py_audio.h5", "/id")


@refused
def soft_link(file):
    file.move("embeddings", "elsewhere")
    file["embeddings"] = h5py.SoftLink("/elsewhere")


@refused
def linked_group(file):
    file["meta"] = h5py.ExternalLink("../h5py_audio.h5", "/meta")


@refused
def virtual_dataset(file):
    layout = h5py.VirtualLayout((3, 4), np.float32)
    layout[:] = h5py.VirtualSource("../h5py_audio.h5", "embeddings", (3, 4))
    del file["embeddings"]
    file.create_virtual_dataset("embeddings", layout)


@refused
def external_storage(file):
    replace(file, "embeddings", shape=(3, 4), dtype=np.float32, external=[("../make_goldens.py", 0, 48)])


@refused
def filter_lzf(file):
    replace(file, "embeddings", data=UNIT, compression="lzf")


def with_frames(offsets, hop_s=0.5, dim=4):
    def change(file):
        file["frames/embeddings"] = np.ones((6, dim), np.float32)
        file["frames/offsets"] = np.array(offsets, np.uint64)
        file["frames"].attrs["hop_s"] = hop_s
    return change


REFUSED["offsets_fall"] = with_frames([0, 4, 2, 6])
REFUSED["offsets_past_end"] = with_frames([0, 2, 4, 7])
REFUSED["offsets_short"] = with_frames([0, 2, 6])
REFUSED["frames_without_hop"] = with_frames([0, 2, 4, 6], hop_s=0.0)
REFUSED["frames_narrow"] = with_frames([0, 2, 4, 6], dim=3)


def scores():
    """Score files as reference tools write them; `refused_*` with one fault each."""
    values = np.arange(6, dtype=np.float32).reshape(3, 2) / 8
    broken = values.copy()
    broken[2, 1] = np.nan
    cases = {"h5py_scores": {}, "refused_nan": {"scores": broken}, "refused_frames": {"scores": values.reshape(3, 1, 2)},
             "refused_classes": {"classes": ["dog"]}, "refused_ids": {"clip_ids": ["a", "b"]},
             "refused_double": {"clip_ids": ["a", "b", "a"]}, "refused_no_ids": {"clip_ids": None}}
    for name, change in cases.items():
        parts = {"scores": values, "clip_ids": ["a", "b", "c"], "classes": ["dog", "rain"], **change}
        folder = OUT if name.startswith("h5py") else OUT / "refused"
        with h5py.File(folder / f"{name.replace('refused', 'scores')}.h5", "w") as file:
            file.create_dataset("scores", data=parts["scores"], compression="gzip")
            for column in ("clip_ids", "classes"):
                if parts[column] is not None:
                    file.create_dataset(column, data=parts[column], dtype=TEXT)


def main():
    (OUT / "refused").mkdir(exist_ok=True)
    foreign()
    halves()
    scores()
    for name, change in REFUSED.items():
        with h5py.File(OUT / "refused" / f"{name}.h5", "w") as file:
            base(file)
            change(file)


main()
