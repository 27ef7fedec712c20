"""Two runs on one cursor: the rasters of populations that both have, and the difference of their rates."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.studio.alignment import Pair, pair
from spikesight.studio.moments import stimuli
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query
from spikesight.studio.view import Place, View
from spikesight.trace.schema import Layer

PARTS = 160
"""Stretches of the window in which rates are compared."""


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return `windows` (seconds) of both runs, the moments `at`, and the rasters of every population that both have.

    `one` and `other`: `counts` (rows, bins) on bins of `width` from `first`, `hz` (PARTS,) the mean rate of a unit in
    equal parts of its window, NaN outside the run. `difference` (PARTS,) is that of `other` less that of `one`.
    """
    both = pair(run, query)
    layers = both.shared
    return {
        "names": [run.name, both.other.name],
        "windows": [both.window, both.other_window],
        "at": [both.at, both.other_at],
        "t0": both.window[0],
        "t1": both.window[1],
        "stimuli": [_place(run, both.at), _place(both.other, both.other_at)],
        "layers": [_layers(both, mine, its, query) for mine, its in layers],
    }


def _place(run: OpenRun, at: float) -> dict[str, int] | None:
    """What was shown at `at`: so that both sides say their label and answer."""
    try:
        shown = stimuli(run)
    except Empty:
        return None
    place = shown.at(at)
    return {name: int(getattr(shown, name)[place]) for name in ("stim", "label", "prediction", "correct")}


def _layers(both: Pair, mine: Layer, its: Layer, query: Query) -> dict[str, Any]:
    one = _side(both.one, mine, both.window, query)
    other = _side(both.other, its, both.other_window, query)
    return {
        "name": mine.name,
        "size": mine.size,
        "one": one,
        "other": other,
        "difference": (other["hz"] - one["hz"]).astype(np.float32),
    }


def _side(run: OpenRun, layer: Layer, window: tuple[float, float], query: Query) -> dict[str, Any]:
    rows = run.trace.rows_for(layer.name, min(layer.size, query.rows))
    grid = run.trace.grid(layer.name, window, query.bins)
    counts = run.trace.raster_on(layer.name, grid, rows)
    first, width = grid.first * run.tick, grid.width * run.tick
    units = np.bincount(np.arange(layer.size, dtype=np.int64) * rows // layer.size, minlength=rows)
    return {
        "counts": counts.astype(np.uint32),
        "units_in_row": units.astype(np.int32),
        "first": first,
        "width": width,
        "spikes": run.spikes_in(layer.name, (round(window[0] / run.tick), round(window[1] / run.tick))),
        "hz": _rates(run, layer, window, counts.sum(axis=0), first, width),
    }


def _rates(
    run: OpenRun, layer: Layer, window: tuple[float, float], counts: np.ndarray, first: float, width: float
) -> np.ndarray:
    """Return the mean rate of a unit (Hz) in equal parts of the window; a bin across two parts is divided by area."""
    edges = np.linspace(*window, PARTS + 1)
    below = np.concatenate([[0.0], np.cumsum(counts, dtype=np.float64)])
    upto = np.interp(edges, first + width * np.arange(len(below)), below)
    hz = np.diff(upto) / np.diff(edges) / layer.size
    start, end = run.seconds(run.window(Query()))
    outside = (edges[1:] <= start) | (edges[:-1] >= end)
    return np.where(outside, np.nan, hz).astype(np.float32)


VIEW = View(answer, "Compare", ("compare",), Place.MAIN, options=("align",))
