#!/usr/bin/env python3
"""Prints the rows of lib/claptools/evaluate/mteb/mteb_tasks.def, from the metadata of mteb (pip: mteb 2.26.24): the tasks of
sound and text whose data set has one subset that is evaluated.

  tasks.py
"""
import mteb

kinds = {"AudioZeroshotClassification": "zero_shot", "AudioMultilabelClassification": "multilabel"}
rows = []
for task in mteb.get_tasks(modalities=["audio"], exclude_superseded=False):
    m = task.metadata
    if m.type not in ("Any2AnyRetrieval", *kinds) or set(m.modalities) - {"audio", "text"}:
        continue
    languages = m.hf_subsets_to_langscripts
    if list(languages) == ["default"]:
        subset = "default"
    elif m.name.startswith("FSD2019Kaggle"):
        subset = "curated"  # MAEB takes this one
    else:
        continue
    assert len(m.eval_splits) == 1
    kind = kinds.get(m.type) or ("audio_to_text" if m.category == "a2t" else "text_to_audio")
    texts = (m.dataset["revision"], m.eval_splits[0], subset, " ".join(languages[subset]), m.main_score)
    rows.append((m.name, kind, *texts))
for name, kind, *texts in sorted(rows):
    print(f'CLAPTOOLS_MTEB_TASK("{name}", {kind}, {", ".join(chr(34) + t + chr(34) for t in texts)})')
