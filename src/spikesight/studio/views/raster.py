"""Spikes of every population in a window: counts on a grid, or single spikes where there are few; and rates."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.analysis import Grid, covering_grid, rate
from spikesight.studio.open_run import OpenRun
from spikesight.studio.query import Query
from spikesight.studio.view import Place, View
from spikesight.trace.schema import Layer

MOST_TICKS = 4000
"""So many spikes of a population are drawn one by one; more are drawn as density."""
RATE_BINS = 200
"""Bins of the rate where spikes are drawn one by one; elsewhere it has the bins of the density."""
SHORTEST_RATE_BIN = 5e-3
"""Seconds; in shorter bins a rate of a few spikes is noise."""


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return, for every population, the number of spikes in the window, its rate, and a raster that fits the asker."""
    window = run.window(query)
    t0, t1 = run.seconds(window)
    return {"t0": t0, "t1": t1, "layers": [_layer(run, layer, window, query) for layer in run.trace.header.layers]}


def _layer(run: OpenRun, layer: Layer, window: tuple[int, int], query: Query) -> dict[str, Any]:
    spikes = run.spikes_in(layer.name, window)
    told = {"name": layer.name, "size": layer.size, "spikes": spikes}
    if spikes <= MOST_TICKS:
        return {**told, **_ticks(run, layer, window)}
    return {**told, **_density(run, layer, window, query)}


def _ticks(run: OpenRun, layer: Layer, window: tuple[int, int]) -> dict[str, Any]:
    """Times travel from the start of the window: there float32 is finer than a tick, however long the run."""
    found = run.trace.spikes(layer.name, t=run.seconds(window))
    ticks = np.rint(found.t / run.tick).astype(np.int64)
    grid = covering_grid(*window, RATE_BINS, least_width=max(1, round(SHORTEST_RATE_BIN / run.tick)))
    places = grid.bin_of(ticks)
    counts = np.bincount(places[(places >= 0) & (places < grid.bins)], minlength=grid.bins)
    single = {"t": ((ticks - window[0]) * run.tick).astype(np.float32), "unit": found.unit.astype(np.int32)}
    return {"ticks": single, "counts": None, "grid": None, "rate": _rate(run, layer, grid, counts)}


def _density(run: OpenRun, layer: Layer, window: tuple[int, int], query: Query) -> dict[str, Any]:
    grid = covering_grid(*window, query.bins)
    rows = min(layer.size, query.rows)
    counts = run.trace.raster(layer.name, run.seconds((grid.first, grid.end)), grid.bins, rows)
    return {
        "ticks": None,
        "counts": _narrow(counts),
        "grid": {"first": grid.first * run.tick, "width": grid.width * run.tick},
        "rate": _rate(run, layer, grid, counts.sum(axis=0)),
    }


def _rate(run: OpenRun, layer: Layer, grid: Grid, counts: np.ndarray) -> dict[str, Any]:
    hz = rate(counts, grid.width * run.tick, layer.size).astype(np.float32)
    return {"first": grid.first * run.tick, "width": grid.width * run.tick, "hz": hz}


def _narrow(counts: np.ndarray) -> np.ndarray:
    """Return counts in the smallest type that holds them all."""
    most = int(counts.max(initial=0))
    return counts.astype(np.uint8 if most < 2**8 else np.uint16 if most < 2**16 else np.uint32)


VIEW = View(answer, "Raster", ("raster",), Place.LANE)
