"""Ask a trace how sparse the answers of a layer are: how many neurons fire at a stimulus, early and late."""

from pathlib import Path

import numpy as np

from spikesight.recipes import CATALOGUE
from spikesight.recipes.contract import Order
from spikesight.trace.reader import Trace

folder = CATALOGUE["diehl-cook-digits"].train(Order(quick=True, runs=Path("runs")))
with Trace.open(folder) as trace:
    shown = len(trace.stimuli()["stim"])
    for when, first in (("first", 0), ("last", shown - 200)):
        counts = trace.spike_counts("exc", stim=(first, first + 200))
        answering = (counts > 0).sum(axis=1)
        print(f"{when} 200 stimuli: {np.median(answering):.0f} of {counts.shape[1]} neurons answer (median)")
        print(
            f"  spikes per stimulus {counts.sum(axis=1).mean():.1f}, silent neurons {(counts.sum(axis=0) == 0).sum()}"
        )
