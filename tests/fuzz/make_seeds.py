#!/usr/bin/env python3
"""Writes the seeds of this folder that no other test has: small, and each good for its reader.

    make_seeds.py tests/fuzz/corpus tests/data
"""
import gzip
import io
import json
import struct
import sys
import tarfile
import wave
import zipfile
from pathlib import Path

import h5py
import numpy as np

OUT, DATA = Path(sys.argv[1]), Path(sys.argv[2])


def write(harness, name, content):
    folder = OUT / harness
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def tone(rate=8000, samples=200, channels=1, width=2):
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(bytes((i * 37) % 256 for i in range(samples * channels * width)))
    return out.getvalue()


def shard(members, form=tarfile.USTAR_FORMAT):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as file:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            file.addfile(info, io.BytesIO(content))
    return out.getvalue().rstrip(b"\0") + b"\0" * 1024


def safetensors(header, data, padding=0):
    text = json.dumps(header, separators=(",", ":")).encode() + b" " * padding
    return struct.pack("<Q", len(text)) + text + data


# tokenizers of bytes: vocabulary, merges, text
bpe = DATA / "text/bpe_small"
bpe_text = "a dog's <mask> barks!! </s>\u3042 12".encode()
write("bpe", "roberta", b"\0".join(((bpe / "vocab.json").read_bytes(), (bpe / "merges.txt").read_bytes(), bpe_text)))
write("bpe", "merges", b"\0".join((b"", (bpe / "merges.txt").read_bytes()[:200].rpartition(b"\n")[0], bpe_text)))
write("bpe", "tokenizer", b"\0".join((json.dumps(json.loads((bpe / "tokenizer.json").read_text())).encode(), b"", bpe_text)))
write("bpe", "cyclic", b"\0".join((b"", b"a b\nab a\naba b\nab ab\n", b"abababab")))

# weights
write("safetensors", "types", safetensors(
    {"__metadata__": {"format": "pt"},
     "a": {"dtype": "F64", "shape": [1], "data_offsets": [0, 8]},
     "b": {"dtype": "BF16", "shape": [2, 1], "data_offsets": [8, 12]},
     "c": {"dtype": "I64", "shape": [], "data_offsets": [12, 20]},
     "d": {"dtype": "BOOL", "shape": [0, 3], "data_offsets": [20, 20]}}, bytes(range(20)), 3))
with zipfile.ZipFile(DATA / "checkpoints/small.pt") as archive:
    pickles = [name for name in archive.namelist() if name.endswith("data.pkl")]
    write("checkpoint", "data.pkl", archive.read(pickles[0]))
write("config", "ours.json", json.dumps(
    {"model_type": "mga-clap", "name": "t", "embed_dim": 64, "codebook_size": 32, "pooling": "mean",
     "audio": {"sample_rate": 32000, "window_s": 10, "depths": [2, 2], "num_heads": [4, 8], "embed_dim": 16},
     "text": {"hidden_size": 32, "num_attention_heads": 4, "layer_norm_eps": 1e-12}, "new": [1, None]}))

# text
VOCABULARY = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n##b\ndog\n\u4e2d\n"
write("tokenizer", "vocabulary", VOCABULARY + "\0A dog, bar\u0301ks \u4e2d\u6587 [MASK].")
write("tokenizer", "text", "\u1e9e\u0130 \u03a3\u0391\u03a3. e\u0301\u0323\u200d\U0001f600 ABAB!  (dogs); [CLS][SEP]")
write("tokenizer", "invalid", b"a\xff\xc3(\xe4\xb8 \xed\xa0\x80 \xf4\x90\x80\x80 b")
write("tokenizer", "crlf", VOCABULARY.replace("\n", "\r\n"))

# tables and manifests
write("tables", "events.tsv", "filename\tonset\toffset\tevent_label\taudio_id\na.wav\t0\t1.5\tdog\tx\n"
      "a.wav\t1.5\t2\tdog\tx\nb.wav\t\t\t\ty\n")
write("tables", "quoted.csv", '\ufeffaudio_id,caption_index,caption\r\n"a ""b""",0,"x,\ny"\r\n\r\nc,1\r\n')
write("tables", "durations.tsv", "filename\tduration\na.wav\t10\nb.wav\t1e1\n")
write("tables", "prompts", "dog\ta dog\ncat\tthe cat\r\n\n")
write("tables", "thresholds", "dog\t0.5\ncat\t-1\n")
write("tables", "phrases", "a.wav\ta dog barks\titem1\nb.wav\train\titem2\n")
write("events", "audacity.txt", "0.5\t1.25\tdog bark\r\n\\\t100.0\t2000.0\n3\t3\tclick\n")
write("events", "raven.txt", "Selection\tView\tBegin Time (s)\tEnd Time (s)\tBegin Path\tFile Offset (s)\tAnnotation\n"
      "1\tSpectrogram 1\t12.1\t13.3\tL:\\a\\b.wav\t2.1\tcrow\n2\tWaveform 1\t14\t15\tb.wav\t\train\n")
write("events", "reaper.csv", "#,Name,Start,End,Length\nM1,click,1.5,,\nR1,\"a, b\",0:01.000,1:00:02,59:61\n")
write("events", "two.srt", "1\n00:00:01,500 --> 00:00:02,000 X1:1\ndog\nbarks\n\n2\n1:00:00,000 --> 01:00:01,001\n3\n")
write("events", "two.rttm", ";; c\nSPKR-INFO a 1 <NA> <NA> <NA> unknown dog <NA> <NA>\n"
      "SPEAKER a.wav 1 0.1 0.2 <NA> <NA> dog\\x20bark <NA> <NA>\n")
write("events", "long.TextGrid", 'File type = "ooTextFile"\nObject class = "TextGrid"\n\nxmin = 0 \nxmax = 3 \ntiers? <exists> \n'
      'size = 1 \nitem []: \n    item [1]:\n        class = "IntervalTier" \n        name = "a" \n        xmin = 0 \n'
      '        xmax = 3 \n        intervals: size = 2 \n        intervals [1]:\n            xmin = 0 \n            xmax = 1 \n'
      '            text = "" \n        intervals [2]:\n            xmin = 1 \n            xmax = 3 \n            text = "say ""hi""" \n')
write("events", "short.TextGrid", 'File type = "ooTextFile"\n"TextGrid"\n0\n2.3\n<exists>\n1\n"TextTier" "points" 0 2.3 1\n1.5 "click"\n')
write("events", "small.eaf", "<?xml version=\"1.0\"?><!-- c --><ANNOTATION_DOCUMENT><HEADER TIME_UNITS='milliseconds'>"
      "<MEDIA_DESCRIPTOR MEDIA_URL='file:///d/a%20b.wav'/></HEADER><TIME_ORDER><TIME_SLOT TIME_SLOT_ID='a' TIME_VALUE='5'/>"
      "<TIME_SLOT TIME_SLOT_ID='b' TIME_VALUE='9'/></TIME_ORDER><TIER TIER_ID='dog'><ANNOTATION><ALIGNABLE_ANNOTATION "
      "TIME_SLOT_REF1='a' TIME_SLOT_REF2='b'><ANNOTATION_VALUE>a &lt;&#233;<![CDATA[<&]]></ANNOTATION_VALUE>"
      "</ALIGNABLE_ANNOTATION></ANNOTATION></TIER></ANNOTATION_DOCUMENT>")
write("manifest", "official.json", json.dumps(
    {"num_captions_per_audio": 2, "data": [{"id": "1", "audio": "a.wav", "duration": 9.5, "caption_1": "A dog.",
                                            "caption_2": "Bark\u00e9 !"}]}))
write("manifest", "list.json", json.dumps([{"file": "a.wav", "captions": ["x", " "], "label": "dog", "num_captions": 1}]))
write("manifest", "lines.jsonl", '{"audio":"a.wav","caption":"x","fold":3,"n":null}\n\n{"path":"b","text":["y"]}\r\n')
write("manifest", "number_overflow.json", '[{"audio":"a.wav","caption":"x","n":1e999}]')  # found: left as a JSON exception
write("manifest", "audiocaps.csv", "audiocap_id,youtube_id,start_time,caption\n1,abc,0,\"a, b\"\n")
write("manifest", "clotho.csv", "file_name,caption_1,caption_2\na b.wav,One.,Two.\n")

# shards and recordings
PAIR = [("a.wav", tone()), ("a.json", b'{"caption":"x","duration":0.1}'), ("b.wav", tone(44100, 64, 2)),
        ("b.txt", b"one\ntwo\n")]
write("tar", "ustar.tar", shard(PAIR))
write("tar", "pax.tar", shard([("d/" + "n" * 120 + ".wav", tone(samples=40))], tarfile.PAX_FORMAT))
write("tar", "gnu.tar", shard([("d/" + "n" * 120 + ".txt", b"x"), ("d/e.wav", b"no audio")], tarfile.GNU_FORMAT))
write("tar", "packed.tar.gz", gzip.compress(shard(PAIR), mtime=0))
write("audio", "mono.wav", tone())
write("audio", "stereo24.wav", tone(48000, 50, 2, 3))

# HDF5 whose texts are all of fixed length: without the global heap, where HDF5 itself crashes first
TEXTS = dict(format="clap-embeddings", kind="audio", model_name="m", model_sha256="00", tool="h5py", command="c",
             created="2026-01-31T12:00:00Z", short_audio="zero", precision="fp32", options="a=b")
NUMBERS = dict(format_version=1, dim=4, normalized=1, complete=1, sample_rate=32000, window_s=10.0, hop_s=5.0)
(OUT / "hdf5").mkdir(exist_ok=True)
with h5py.File(OUT / "hdf5/fixed.h5", "w", libver=("v108", "v108")) as file:
    file.attrs.update({key: np.bytes_(text) for key, text in TEXTS.items()} | NUMBERS)
    file.create_dataset("embeddings", data=np.eye(4, dtype=np.float32)[:2], chunks=(1, 4), compression="gzip")
    file["id"] = np.array([b"a.wav", b"b.wav"], "S8")
    file["start_s"], file["end_s"] = np.array([0.0, 5.0]), np.array([10.0, 12.5])
    file["meta/label"] = np.array([b"dog", b""], "S4")
    file["frames/embeddings"] = np.eye(4, dtype=np.float16)[:3]
    file["frames/offsets"] = np.array([0, 1, 3], np.int64)
    file["frames"].attrs["hop_s"] = 0.5
for method in ("logistic", "knn"):
    with h5py.File(OUT / f"hdf5/{method}.clapclass", "w", libver=("v108", "v108")) as file:
        file.attrs.update({key: np.bytes_(text) for key, text in (("format", "clap-classifier"), ("kind", "text"),
                                                                  ("model_sha256", "00"), ("method", method))})
        file.attrs.update(format_version=1, complete=1, dim=2, normalized=1, exclusive=1, C=1.0, neighbours=1)
        file["classes"] = np.array([b"dog", b"rain"], "S4")
        file["examples"] = np.array([1, 1], dtype="u8")
        file["weights"] = np.array([[1, -1], [-1, 1]], dtype="f8")
        file["bias"] = np.zeros(2)
        file["rows"] = np.array([[1, 0], [0, 1]], dtype="f4")
        file["offsets"] = np.array([0, 1, 2], dtype="u8")
        file["row_classes"] = np.array([0, 1], dtype="u8")
with h5py.File(OUT / "hdf5/fixed_scores.h5", "w", libver=("v108", "v108")) as file:
    file["scores"] = np.arange(12, dtype=np.float32).reshape(2, 3, 2) / 8
    file["clip_ids"], file["classes"] = np.array([b"a", b"b"], "S2"), np.array([b"dog", b"cat"], "S4")
    file["clip_seconds"], file["n_frames"] = 10.0, np.array([3, 2], np.int32)
