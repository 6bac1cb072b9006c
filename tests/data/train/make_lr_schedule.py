"""Writes lr_schedule.tsv: the learning rates that the official code sets, from the goldens' unit.h5.

    python make_lr_schedule.py GOLDENS   writes beside itself
"""
import os
import re
import sys

import h5py

here = os.path.dirname(os.path.abspath(__file__))
group = h5py.File(os.path.join(sys.argv[1], "unit.h5"))["lr_schedule"]
with open(os.path.join(here, "lr_schedule.tsv"), "w") as f:
    f.write("base\twarmup_steps\tsteps\tstep\trate\n")
    for name, rates in group.items():
        loader, warmup, epochs = map(int, re.findall(r"\d+", name))
        for step, rate in enumerate(rates[()]):
            f.write(f"{rates.attrs['base_lr']!s}\t{loader * warmup}\t{loader * epochs}\t{step}\t{float(rate)!r}\n")
