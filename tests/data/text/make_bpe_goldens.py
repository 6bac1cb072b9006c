#!/usr/bin/env python3
"""Writes bpe.tsv from the families goldens' tokenizer_2000.jsonl.gz: ids of the official tokenizers.

usage: make_bpe_goldens.py tokenizer_2000.jsonl.gz > bpe.tsv
"""
import gzip
import json
import sys

COLUMNS = ["roberta", "roberta_slow", "gpt2", "msclap", "roberta_small"]


def escape(data):
    """As unescape_tsv reads it; quotes too, which a table might take for its own."""
    out = []
    for ch in data.decode("utf-8", "surrogateescape"):
        code = ord(ch)
        if ch in "\\\t\n":
            out.append({"\\": "\\\\", "\t": "\\t", "\n": "\\n"}[ch])
        elif code < 0x20 or ch == '"' or code == 0x7F or 0xDC80 <= code <= 0xDCFF:
            out.append("\\x%02x" % (code & 0xFF))
        elif 0x80 <= code < 0xA0:
            out.append("".join("\\x%02x" % byte for byte in ch.encode()))
        else:
            out.append(ch)
    return "".join(out)


print("text", *COLUMNS, sep="\t")
for line in gzip.open(sys.argv[1], "rt"):
    row = json.loads(line)
    row.setdefault("roberta_slow", row["roberta"])
    text = bytes.fromhex(row["hex"]) if "hex" in row else row["text"].encode()
    print(escape(text), *(" ".join(map(str, row[c])) for c in COLUMNS), sep="\t")
