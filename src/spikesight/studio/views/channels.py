"""Activity of the channels of a population over time: a row each."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.studio.open_run import OpenRun
from spikesight.studio.pictures import picture_layer
from spikesight.studio.query import Query
from spikesight.studio.view import Place, View


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return `counts` float32 (channels, bins), spikes per unit of every channel on a `grid` (seconds) over the window.

    Channels that can neither be counted nor be drawn one by one are put together, so that `rows` may be fewer.
    """
    layer, shape = picture_layer(run, query)
    window = run.window(query)
    t0, t1 = run.seconds(window)
    rows = min(shape[0], query.rows)
    grid = run.trace.grid(layer.name, (t0, t1), query.bins)
    counts = run.trace.raster_on(layer.name, grid, rows)
    return {
        "t0": t0,
        "t1": t1,
        "layer": layer.name,
        "channels": shape[0],
        "spikes": int(counts.sum()),
        "counts": (counts / (layer.size / rows)).astype(np.float32),
        "grid": {"first": grid.first * run.tick, "width": grid.width * run.tick},
    }


VIEW = View(answer, "Channels over time", ("maps",), Place.LANE)
