"""One unit over the window: its spikes, and its state variable where one was recorded."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.analysis import covering_grid
from spikesight.studio.chosen import chosen_unit, with_spikes
from spikesight.studio.open_run import OpenRun
from spikesight.studio.query import Query
from spikesight.studio.view import Place, View

MOST_TICKS = 4000
"""So many spikes are drawn one by one; more are drawn as a rate."""


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return the spikes of `query.unit` in the window, as `t` (seconds after t0) or, where many, `counts` on a `grid`.

    `potential` holds the samples of its first recorded state variable, as `low` and `high` per bin; None for none.
    """
    layer, unit = chosen_unit(run, query)
    with_spikes(layer)
    window = run.window(query)
    t0, t1 = run.seconds(window)
    ticks = np.rint(run.trace.spikes(layer.name, t=(t0, t1), units=[unit]).t / run.tick).astype(np.int64)
    return {
        "t0": t0,
        "t1": t1,
        "layer": layer.name,
        "unit": unit,
        "spikes": len(ticks),
        **_spikes(run, ticks, window, query.bins),
        "potential": _potential(run, layer.name, unit, window, query.bins),
    }


def _spikes(run: OpenRun, ticks: np.ndarray, window: tuple[int, int], bins: int) -> dict[str, Any]:
    if len(ticks) <= MOST_TICKS:
        return {"t": ((ticks - window[0]) * run.tick).astype(np.float32), "counts": None, "grid": None}
    grid = covering_grid(*window, bins)
    counts = np.bincount(grid.bin_of(ticks), minlength=grid.bins).astype(np.uint32)
    return {"t": None, "counts": counts, "grid": {"first": grid.first * run.tick, "width": grid.width * run.tick}}


def _potential(run: OpenRun, layer: str, unit: int, window: tuple[int, int], bins: int) -> dict[str, Any] | None:
    names = run.trace.variables(layer)
    if not names:
        return None
    name = "v" if "v" in names else names[0]
    found = run.trace.values(layer, name, t=run.seconds(window), units=[unit])
    if not len(found.t):
        return None
    ticks = np.rint(found.t / run.tick).astype(np.int64)
    grid = covering_grid(*window, bins)
    places = grid.bin_of(ticks)
    starts = np.flatnonzero(np.diff(places, prepend=places[0] - 1))
    return {
        "variable": name,
        "samples": len(ticks),
        "t": ((ticks[starts] - window[0]) * run.tick).astype(np.float32),
        "low": np.minimum.reduceat(found.value, starts).astype(np.float32),
        "high": np.maximum.reduceat(found.value, starts).astype(np.float32),
    }


VIEW = View(answer, "Neuron over time", ("neurons",), Place.LANE)
