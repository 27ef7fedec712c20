"""What happened while the stimulus at the cursor was shown: spikes of every population, and votes as they came in."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from spikesight.analysis import Grid, binned, votes, winner
from spikesight.studio.moments import Stimuli, classes
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query
from spikesight.studio.view import Place, View
from spikesight.studio.views.stimulus import stimulus_at, until

FINEST = 1e-3
"""Seconds of a bin, or a tick where that is longer."""
MOST_BINS = 400


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return, in bins of `width` seconds from `t_start` on, `counts` (bins,) of the spikes of every population; the
    last bin ends with the stimulus.

    `votes` (classes, bins): what the votes would have been at the end of each bin; `winner` (bins,) int32, -1 before
    the first spike. They are None where no unit has a class, and `note` says why.
    `valid` is the stretch of time (seconds) in which the answer is the same.
    """
    shown, place = stimulus_at(run, query)
    grid = _grid(run, shown, place)
    start, end = float(shown.t_start[place]), float(shown.t_end[place])
    return {
        "stim": int(shown.stim[place]),
        "t_start": start,
        "t_end": end,
        "label": int(shown.label[place]),
        "prediction": int(shown.prediction[place]),
        "width": grid.width * run.tick,
        "layers": [
            {"name": layer.name, "size": layer.size, "counts": _counts(run, layer.name, grid, end)}
            for layer in run.trace.header.layers
        ],
        **_votes(run, int(shown.stim[place]), grid),
        "valid": [start, until(shown, place)],
    }


def _grid(run: OpenRun, shown: Stimuli, place: int) -> Grid:
    first, end = (round(float(t[place]) / run.tick) for t in (shown.t_start, shown.t_end))
    ticks = max(1, end - first)
    width = max(1, round(FINEST / run.tick), math.ceil(ticks / MOST_BINS))
    return Grid(first, width, math.ceil(ticks / width))


def _counts(run: OpenRun, layer: str, grid: Grid, end: float) -> np.ndarray:
    """Return the spikes in each bin; the last bin ends with the stimulus."""
    whole = Grid(grid.first, grid.width, max(1, grid.bins - 1))
    counts: np.ndarray = run.trace.raster_on(layer, whole, 1)[0]
    if grid.bins > 1:
        counts = np.append(counts, np.uint32(run.trace.count(layer, (whole.end * run.tick, end))))
    return counts


def _votes(run: OpenRun, stim: int, grid: Grid) -> dict[str, Any]:
    try:
        known = classes(run)
    except Empty as reason:
        return {"votes": None, "winner": None, "note": str(reason)}
    layer = run.layer(known.layer)
    if not layer.recorded.rows:
        return {"votes": None, "winner": None, "note": f"Single spikes of {layer.name} were not recorded."}
    found = run.trace.spikes(layer.name, stim=(stim, stim + 1))
    ticks = np.rint(found.t / run.tick).astype(np.int64)
    so_far = votes(binned(grid, ticks, found.unit, layer.size).cumsum(axis=0), known.of_unit, known.count)
    return {
        "votes": so_far.T.astype(np.float32),
        "winner": np.array([winner(vote) for vote in so_far], dtype=np.int32),
        "note": f"Votes: spikes so far per neuron of a class, of {layer.name}. {known.source}",
    }


VIEW = View(answer, "Within the stimulus", ("input",), Place.MAIN)
