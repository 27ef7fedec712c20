"""How well each class was recognised, over time."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.analysis import covering_grid
from spikesight.studio.moments import stimuli
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query
from spikesight.studio.view import Place, View

MOST_BINS = 60
STIMULI_PER_CELL = 5
"""Fewer in a cell would be noise: bins are as wide as it takes."""


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return `right` (C, bins) float32, the share of the stimuli of a class that was recognised, NaN for none shown.

    Bins of `width` seconds begin at `first`. Errors: Empty where nothing is known of labels or outcomes.
    """
    window = run.window(query)
    shown = stimuli(run)
    here = shown.within(*run.seconds(window))
    label, correct = shown.label[here], shown.correct[here]
    known = (label >= 0) & (correct >= 0)
    if not known.any():
        raise Empty("No outcome of a stimulus with a label is known in this window.")
    classes = np.unique(label[known])
    bins = int(np.clip(known.sum() // (STIMULI_PER_CELL * len(classes)), 1, MOST_BINS))
    grid = covering_grid(*window, bins)
    place = grid.bin_of(np.rint(shown.t_start[here][known] / run.tick)).clip(0, grid.bins - 1)
    cell = np.searchsorted(classes, label[known]) * grid.bins + place
    size = len(classes) * grid.bins
    counts = np.bincount(cell, minlength=size)
    right = np.full(size, np.nan)
    np.divide(np.bincount(cell, correct[known], size), counts, out=right, where=counts > 0)
    return {
        "t0": run.seconds(window)[0],
        "t1": run.seconds(window)[1],
        "classes": classes.astype(np.int32),
        "first": grid.first * run.tick,
        "width": grid.width * run.tick,
        "right": right.reshape(len(classes), grid.bins).astype(np.float32),
        "shown": counts.reshape(len(classes), grid.bins).astype(np.int32),
    }


VIEW = View(answer, "Recognised", ("classes",), Place.LANE)
