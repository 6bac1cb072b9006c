#!/usr/bin/env python3
"""Writes score_folder/ beside this file by sed_scores_eval 0.0.4: float64 and float32 scores."""
from pathlib import Path
import numpy as np
from sed_scores_eval.base_modules.io import write_sed_scores
from sed_scores_eval.base_modules.scores import create_score_dataframe

CLASSES = ["Dog", "Alarm bell, ringing"]
SCORES = {"Y0001_30.000": (np.array([[1 / 3, .1], [0, 1], [1e-17, .7]]), [0, .1, .1 + .2, 1]),
          "Y0002_30.000": (np.array([[.1, .2]], dtype=np.float32), [0, 10])}
write_sed_scores({clip: create_score_dataframe(scores, times, CLASSES) for clip, (scores, times) in SCORES.items()},
                 Path(__file__).parent / "score_folder")
