#!/usr/bin/env python3
"""Writes lib/claptools/text/unicode_data.inc by probing two independent programs per code point:
the `tokenizers` package (BERT's normalisation and word splitting, GPT-2's) and Python itself (str.lower, str.isspace).

usage: make_unicode_data.py > unicode_data.inc
"""
import platform
import unicodedata

import tokenizers
from tokenizers import normalizers, pre_tokenizers

BERT = normalizers.BertNormalizer(lowercase=True)
CLEAN = normalizers.BertNormalizer(True, False, False, False)  # only control removal and white space
NFD = normalizers.NFD()
SPLIT = pre_tokenizers.BertPreTokenizer()
GPT2_SPLIT = pre_tokenizers.ByteLevel(add_prefix_space=False)
CODE_POINTS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
HANGUL = range(0xAC00, 0xD7A4)  # decomposed by algorithm
MERGE_GAP = 4  # unmapped code points between two mapped ones that are stored as identity

# One character of every canonical combining class. NFD sorts U+0345, the last class, behind any other one that it
# knows; characters newer than its Unicode version stay where they are.
TOP = "\u0345"
REFERENCE = {unicodedata.combining(TOP): TOP}
for _c in CODE_POINTS:
    if NFD.normalize_str(TOP + chr(_c)) == chr(_c) + TOP and unicodedata.combining(chr(_c)):
        REFERENCE.setdefault(unicodedata.combining(chr(_c)), chr(_c))


def combining_class(ch):
    """The class that the NFD of `tokenizers` sorts a character by; its Unicode version is not Python's."""
    if NFD.normalize_str(TOP + ch) == TOP + ch and NFD.normalize_str(ch + REFERENCE[1]) == ch + REFERENCE[1]:
        return 0
    for value, ref in REFERENCE.items():
        if value and NFD.normalize_str(ref + ch) == ref + ch and NFD.normalize_str(ch + ref) == ch + ref:
            return value
    raise ValueError(hex(ord(ch)))


def classify(c):
    """(class, what the character becomes)"""
    ch = chr(c)
    folded = BERT.normalize_str("a" + ch + "b")[1:-1]
    if CLEAN.normalize_str(ch) == "":
        return "control", ch
    if folded == "":
        starter = any(combining_class(part) == 0 for part in NFD.normalize_str(ch))
        return "mark_starter" if starter else "mark", ch
    if folded == " ":
        return "space", ch
    if folded[0] == " ":
        return "ideograph", folded[1:-1]
    if folded != ch:
        return "word", folded
    if len(SPLIT.pre_tokenize_str("a" + ch + "b")) == 3:
        return "punctuation", ch
    return ("combining" if combining_class(ch) else "word"), ch


def gpt2_class(c):
    """What GPT-2's regular expression takes a character for: it makes one piece with its like."""
    for like, name in (("a", "letter"), ("1", "number"), (".", "sign")):
        if len(GPT2_SPLIT.pre_tokenize_str(like + chr(c) + like)) == 1:
            return name
    return "blank"


def casing(c):
    """Roles in Python's.final sigma rule: a cased letter, or one that the rule looks through."""
    if (chr(c) + "\u03a3").lower().endswith("\u03c2"):
        return "cased"
    return "ignorable" if ("A" + chr(c) + "\u03a3").lower().endswith("\u03c2") else "other"


def ranges(values, default):
    """[(first, last, value)] of runs; surrogates never occur, so runs may pass over them."""
    runs = []
    for c in CODE_POINTS:
        if values[c] == default:
            continue
        if runs and runs[-1][2] == values[c] and all(values.get(k, values[c]) == values[c] for k in range(runs[-1][1], c)):
            runs[-1][1] = c
        else:
            runs.append([c, c, values[c]])
    return runs


def wrapped(items):
    line = " "
    for item in items:
        if len(line) + len(item) + 2 > 100:
            print(line)
            line = " "
        line += " " + item + ","
    print(line)


def print_ranges(kind, name, runs):
    print(f"constexpr {kind} {name}[] = {{")
    wrapped("{0x%X, 0x%X, %s}" % (a, b, v) for a, b, v in runs)
    print("};\n")


def print_mapping(name, mapping):
    """Segments of consecutive code points with one target each; target 0 = see the list of long ones."""
    segments = []
    for c in sorted(mapping):
        if segments and c - segments[-1][1] <= MERGE_GAP:
            segments[-1][1] = c
        else:
            segments.append([c, c])
    targets, rows, long_rows = [], [], []
    for first, last in segments:
        rows.append("{0x%X, 0x%X, %d}" % (first, last, len(targets)))
        for c in range(first, last + 1):
            to = mapping.get(c, chr(c))
            targets.append("0x%X" % ord(to) if len(to) == 1 else "0")
            if len(to) > 1:
                long_rows.append("{0x%X, {%s}, %d}" % (c, ", ".join("0x%X" % ord(x) for x in to), len(to)))
    print(f"constexpr Segment {name}Segments[] = {{")
    wrapped(rows)
    print(f"}};\n\nconstexpr char32_t {name}Targets[] = {{")
    wrapped(targets)
    print(f"}};\n\nconstexpr LongTarget {name}Long[] = {{")
    wrapped(long_rows)
    print("};\n")


def main():
    classes, folds = {}, {}
    for c in CODE_POINTS:
        classes[c], folded = classify(c)
        if folded != chr(c) and c not in HANGUL:
            folds[c] = folded
    # What the tokenizer relies on: outputs are final, and no long one starts with or hides a kept mark.
    for c, to in folds.items():
        assert len(to) <= 3, hex(c)
        for i, ch in enumerate(to):
            assert ord(ch) not in folds, hex(c)
            assert classes[ord(ch)] in ("word", "punctuation", "ideograph", "combining"), hex(c)
            assert i or classes[ord(ch)] != "combining", hex(c)
            assert classes[ord(ch)] != "ideograph" or classes[c] == "ideograph", hex(c)
    combining = {c: combining_class(chr(c)) if classes[c] == "combining" else 0 for c in CODE_POINTS}
    lower = {c: chr(c).lower() for c in CODE_POINTS if chr(c).lower() != chr(c)}
    space = {c: chr(c).isspace() for c in CODE_POINTS}

    print("// Generated by tests/data/text/make_unicode_data.py; do not edit.")
    print(f"// Probed: tokenizers {tokenizers.__version__}; Python {platform.python_version()} "
          f"(Unicode {unicodedata.unidata_version}).")
    print("// clang-format off\n\nusing enum CharClass;\nusing enum Casing;\nusing enum Gpt2Class;\n")
    print_ranges("ClassRange", "kClasses", ranges(classes, "word"))
    print_ranges("NumberRange", "kCombining", ranges(combining, 0))
    print_mapping("kFold", folds)
    print_mapping("kLower", lower)
    print_ranges("CasingRange", "kCasing", ranges({c: casing(c) for c in CODE_POINTS}, "other"))
    print_ranges("Gpt2Range", "kGpt2Classes", ranges({c: gpt2_class(c) for c in CODE_POINTS}, "sign"))
    print("constexpr Range kPythonSpace[] = {")
    wrapped("{0x%X, 0x%X}" % (a, b) for a, b, _ in ranges(space, False))
    print("};\n// clang-format on")


main()
