"""Stimuli in a window: one by one where there are few, else how many were right and wrong over time."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.analysis import covering_grid
from spikesight.studio.moments import Stimuli, stimuli
from spikesight.studio.open_run import OpenRun
from spikesight.studio.query import Query
from spikesight.studio.view import Place, View

MOST_SINGLE = 220


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return `count` and either `each` stimulus or, over bins, `shares` of right, wrong and open (not predicted)."""
    window = run.window(query)
    t0, t1 = run.seconds(window)
    shown = stimuli(run)
    here = shown.within(t0, t1)
    few = here.stop - here.start <= MOST_SINGLE
    return {
        "t0": t0,
        "t1": t1,
        "count": here.stop - here.start,
        "each": _each(shown, here) if few else None,
        "shares": None if few else _shares(run, shown, here, window, query),
    }


def _each(shown: Stimuli, here: slice) -> dict[str, Any]:
    return {
        "stim": shown.stim[here].astype(np.int32),
        "t_start": shown.t_start[here].astype(np.float64),
        "t_end": shown.t_end[here].astype(np.float64),
        "label": shown.label[here].astype(np.int32),
        "prediction": shown.prediction[here].astype(np.int32),
        "correct": shown.correct[here].astype(np.int32),
    }


def _shares(run: OpenRun, shown: Stimuli, here: slice, window: tuple[int, int], query: Query) -> dict[str, Any]:
    grid = covering_grid(*window, query.bins)
    places = grid.bin_of(np.rint(shown.t_start[here] / run.tick)).clip(0, grid.bins - 1)
    correct = shown.correct[here]
    share = {
        name: np.bincount(places[correct == outcome], minlength=grid.bins).astype(np.uint32)
        for name, outcome in (("right", 1), ("wrong", 0), ("open", -1))
    }
    return {"first": grid.first * run.tick, "width": grid.width * run.tick, **share}


VIEW = View(answer, "Stimuli", ("raster",), Place.LANE)
