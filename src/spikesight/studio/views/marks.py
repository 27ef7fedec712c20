"""Marks on the time axis: a pass that begins, a pruning, a checkpoint, a note."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.studio.open_run import OpenRun
from spikesight.studio.query import Query
from spikesight.studio.view import Place, View

MOST = 400
"""Flags in a window; of more, every so-manieth is told."""


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return the marks of the window: t (seconds) and their `names` and `texts`; `count` of them all."""
    window = run.window(query)
    t0, t1 = run.seconds(window)
    return {"t0": t0, "t1": t1, **marks_in(run, t0, t1)}


def marks_in(run: OpenRun, t0: float, t1: float) -> dict[str, Any]:
    """Return the marks with t0 <= t <= t1, at most `MOST` of them, and how many there are."""
    marks = run.remembered("marks", run.trace.marks)
    here = np.flatnonzero((marks["t"] >= t0) & (marks["t"] <= t1))
    told = here[:: max(1, -(-len(here) // MOST))]
    return {
        "count": len(here),
        "t": np.asarray(marks["t"][told], dtype=np.float64),
        "names": [str(name) for name in marks["name"][told]],
        "texts": [str(text) for text in marks["text"][told]],
    }


VIEW = View(answer, "Marks", ("overview",), Place.LANE)
