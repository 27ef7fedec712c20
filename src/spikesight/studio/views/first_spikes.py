"""When each unit of a population spiked first, as pictures: what a latency code says of the stimulus at the cursor."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.studio.chosen import moment_of, with_spikes
from spikesight.studio.open_run import OpenRun
from spikesight.studio.pictures import picture_layer
from spikesight.studio.query import Query
from spikesight.studio.view import Place, View
from spikesight.studio.views.maps import shown_channels


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return `latency` float32 (channels, height, width): seconds from the start to the first spike, NaN for none.

    `first` and `last` are the earliest and the latest of them, None without any spike.
    """
    layer, shape = picture_layer(run, query)
    with_spikes(layer)
    window, words = moment_of(run, query)
    latency = run.remembered(("first", layer.name, window), lambda: _latency(run, layer.name, layer.size, window))
    known = latency[np.isfinite(latency)]
    start, end = run.seconds(window)
    return {
        "layer": layer.name,
        "words": words,
        "channels": shape[0],
        "from": start,
        "to": end,
        "first": float(known.min()) if len(known) else None,
        "last": float(known.max()) if len(known) else None,
        "spiked": len(known),
        "units": layer.size,
        "latency": shown_channels(latency, shape),
        "valid": [start, end],
    }


def _latency(run: OpenRun, layer: str, size: int, window: tuple[int, int]) -> np.ndarray:
    found = run.trace.spikes(layer, t=run.seconds(window))
    ticks = np.rint(found.t / run.tick) - window[0]
    first = np.full(size, np.inf)
    np.minimum.at(first, found.unit, ticks)
    return np.where(np.isfinite(first), first * run.tick, np.nan).astype(np.float32)


VIEW = View(answer, "First spikes", ("maps",), Place.MAIN)
