"""What the network had to do over time: spikes, updates of potentials, changes of weights."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.analysis import Grid, covering_grid
from spikesight.studio.open_run import OpenRun
from spikesight.studio.query import Query
from spikesight.studio.view import Place, View

FINEST = 16
"""Ticks of the finest bins that are counted while recording; the coarser ones are 4, 16, ... times as wide."""


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return counts per bin of `width` seconds from `first` on, of all populations together.

    Bins lie within the run. `spikes` (bins,); `arrivals` (bins,): spikes times the synapses that each reaches, which is
    how often a potential is changed by one; None where no projection was recorded. `weights`: the change of all weights
    between snapshots, t0, t1 (seconds) and change (the sum of its absolute values).
    """
    window = run.window(query)
    t0, t1 = run.seconds(window)
    grid = _common_grid(run, window, query.bins)
    spikes, arrivals, fan_out = np.zeros(grid.bins), np.zeros(grid.bins), _fan_out(run)
    for layer in run.trace.header.layers:
        counts = run.trace.raster_on(layer.name, grid, 1)[0]
        spikes += counts
        arrivals += counts * fan_out.get(layer.name, 0.0)
    return {
        "t0": t0,
        "t1": t1,
        "first": grid.first * run.tick,
        "width": grid.width * run.tick,
        "spikes": spikes,
        "arrivals": arrivals if fan_out else None,
        "weights": run.remembered("weight changes", lambda: _weight_changes(run)),
    }


def _common_grid(run: OpenRun, window: tuple[int, int], bins: int) -> Grid:
    """Return bins that the bins counted while recording fill without a rest, in every population."""
    seconds = run.seconds(window)
    width = max(run.trace.grid(layer.name, seconds, bins).width for layer in run.trace.header.layers)
    counted = FINEST
    while counted < width:
        counted *= 4
    finest = covering_grid(*window, bins)
    grid = finest if width == finest.width else covering_grid(*window, bins, counted)
    return _whole_bins(grid, *run.trace.extent)


def _whole_bins(grid: Grid, first: int, last: int) -> Grid:
    """Leave out bins that reach over an end of the run: they would seem to fall."""
    before = grid.first < first
    after = grid.end > last + 1
    if grid.bins <= before + after:
        return grid
    return Grid(grid.first + before * grid.width, grid.width, grid.bins - before - after)


def _fan_out(run: OpenRun) -> dict[str, float]:
    reached: dict[str, float] = {}
    for projection in run.trace.header.projections:
        reached[projection.pre] = reached.get(projection.pre, 0.0) + projection.fan_out
    return reached


def _weight_changes(run: OpenRun) -> list[dict[str, Any]]:
    recorded = run.trace.tables
    return [
        {"projection": one.name, **_changes(run, one.name)}
        for one in run.trace.header.projections
        if f"weights/{one.name}" in recorded
    ]


def _changes(run: OpenRun, projection: str) -> dict[str, Any]:
    """Return the sum of |change| between neighbouring snapshots, as recorded, else from the weights themselves."""
    snapshots = run.trace.snapshots(projection)
    t = snapshots["t"]
    change = np.asarray(snapshots.get("changed", np.full(len(t), np.nan)), dtype=np.float64)[1:]
    if not np.isfinite(change).all():
        change = _measured(run, projection, len(t))
    return {"t0": t[:-1], "t1": t[1:], "change": change}


def _measured(run: OpenRun, projection: str, snapshots: int) -> np.ndarray:
    changes, before = np.zeros(max(0, snapshots - 1)), None
    for place in range(snapshots):
        now = run.trace.weights(projection, place)
        if before is not None:
            changes[place - 1] = np.abs(now - before).sum(dtype=np.float64)
        before = now
    return changes


VIEW = View(answer, "Work", ("overview",), Place.LANE)
