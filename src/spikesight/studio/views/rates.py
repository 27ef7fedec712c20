"""Mean rate of a unit of every population over time."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.analysis import Grid, rate
from spikesight.studio.open_run import OpenRun
from spikesight.studio.query import Query
from spikesight.studio.view import Place, View
from spikesight.trace.schema import Layer


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return, for every population, its rate `hz` (bins,) in bins of `width` seconds from `first` on; and the mean."""
    window = run.window(query)
    t0, t1 = run.seconds(window)
    layers = [_layer(run, layer, (t0, t1), query.bins) for layer in run.trace.header.layers]
    return {"t0": t0, "t1": t1, "layers": layers}


def _layer(run: OpenRun, layer: Layer, seconds: tuple[float, float], bins: int) -> dict[str, Any]:
    grid = run.trace.grid(layer.name, seconds, bins)
    counts = run.trace.raster_on(layer.name, grid, 1)[0]
    return {
        "name": layer.name,
        "size": layer.size,
        "spikes": int(counts.sum()),
        "mean": float(counts.sum() / layer.size / (seconds[1] - seconds[0])),
        "first": grid.first * run.tick,
        "width": grid.width * run.tick,
        "hz": _hertz(run, layer, grid, counts),
    }


def _hertz(run: OpenRun, layer: Layer, grid: Grid, counts: np.ndarray) -> np.ndarray:
    hertz: np.ndarray = rate(counts, _recorded_seconds(run, grid), layer.size)
    return hertz.astype(np.float32)


def _recorded_seconds(run: OpenRun, grid: Grid) -> np.ndarray:
    """Return how much of each bin lies within the run, so that its ends do not seem to fall: (bins,) seconds."""
    first, last = run.trace.extent
    starts = grid.first + np.arange(grid.bins) * grid.width
    within = np.minimum(starts + grid.width, last + 1) - np.maximum(starts, first)
    seconds: np.ndarray = np.maximum(within, 1) * run.tick
    return seconds


VIEW = View(answer, "Rates", ("overview",), Place.LANE)
