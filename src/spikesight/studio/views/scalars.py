"""Loss, and any other scalar that was recorded, over time."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.base.errors import UnknownName
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query
from spikesight.studio.view import Place, View

LOSS = "loss"
IN_THE_STRIP = "accuracy"
"""Has a place of its own above every tab."""
MOST_NAMES = 200


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return `known` names and `lines`: name, t (seconds) and value of each that the option `names` lists with commas.

    Where it is not given: the loss, else the first scalar. The loss of single stimuli is a mean over each point.
    Errors: UnknownName; Empty where nothing of the kind was recorded.
    """
    window = run.window(query)
    t0, t1 = run.seconds(window)
    known = series(run)
    if not known:
        raise Empty(f"Neither a loss nor another scalar was recorded.{run.advice('TraceWriter.scalar() records one.')}")
    chosen = [name for name in query.text("names").split(",") if name] or list(known)[:1]
    for name in chosen:
        if name not in known:
            raise UnknownName("scalar", name, known)
    lines = [{"name": name, **_line(*known[name], t0, t1, query.bins)} for name in chosen]
    return {"t0": t0, "t1": t1, "known": list(known), "lines": lines}


def series(run: OpenRun) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return times (N,) seconds and values (N,) of the loss and of every scalar, by name, but of accuracy."""
    return run.remembered("scalars", lambda: _series(run))


def _series(run: OpenRun) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return times and values of every series, the loss first."""
    names = [name for name in run.trace.scalar_names() if name != IN_THE_STRIP][:MOST_NAMES]
    found: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    for name in names:
        found[name] = run.trace.scalars(name)
    t, loss = _loss(run)
    if LOSS not in found and len(t):
        found[LOSS] = (t, loss)
    return {name: found[name] for name in sorted(found, key=lambda name: (name != LOSS, name))}


def _loss(run: OpenRun) -> tuple[np.ndarray, np.ndarray]:
    table = run.trace.stimuli()
    known = np.isfinite(table[LOSS])
    return table["t_end"][known], table[LOSS][known].astype(np.float64)


def _line(t: np.ndarray, value: np.ndarray, t0: float, t1: float, most: int) -> dict[str, Any]:
    """The points of the window and one on either side, so that the line runs out of it."""
    first = max(0, int(np.searchsorted(t, t0)) - 1)
    stop = int(np.searchsorted(t, t1, side="right")) + 1
    return points(t[first:stop], np.asarray(value[first:stop], dtype=np.float64), most)


def points(t: np.ndarray, value: np.ndarray, most: int) -> dict[str, Any]:
    """Return at most `most` points, each the mean of neighbours at the time of the last of them."""
    each = max(1, -(-len(t) // most))
    last = np.arange(len(t) - 1, -1, -each)[::-1]
    if not len(last):
        return {"t": np.zeros(0), "value": np.zeros(0)}
    starts = np.concatenate([[0], last[:-1] + 1])
    return {"t": t[last], "value": np.add.reduceat(value, starts) / np.diff(starts, append=len(t))}


VIEW = View(answer, "Loss and scalars", ("overview",), Place.LANE, options=("names",))
