"""Activity of a population in space: a picture for every channel, of a moment or of the whole window."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.studio.chosen import moment_of
from spikesight.studio.open_run import OpenRun
from spikesight.studio.pictures import picture_layer
from spikesight.studio.query import Query
from spikesight.studio.view import Place, View

MOST_CHANNELS = 256
MOST_POINTS = 2**22


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return `counts` uint32 (channels, height, width): spikes of every unit while what `over` says lasted.

    The option `over` is "moment", the stimulus at the cursor, or "window". `channels` is how many there are, should
    they be more than are shown.
    """
    layer, shape = picture_layer(run, query)
    over = query.choice("over", ("moment", "window"))
    window, words = moment_of(run, query) if over == "moment" else (run.window(query), "the window")
    key = ("map", layer.name, window)
    counts = run.remembered(key, lambda: run.trace.unit_counts(layer.name, run.seconds(window)))
    start, end = run.seconds(window)
    return {
        "layer": layer.name,
        "over": over,
        "words": words,
        "channels": shape[0],
        "from": start,
        "to": end,
        "spikes": int(counts.sum()),
        "counts": shown_channels(counts.astype(np.uint32), shape),
        **({"valid": [start, end]} if over == "moment" else {}),
    }


def shown_channels(values: np.ndarray, shape: tuple[int, int, int]) -> np.ndarray:
    """Return `values` (units,) as (channels, height, width), of at most as many channels as can be drawn."""
    most = max(1, min(MOST_CHANNELS, MOST_POINTS // (shape[1] * shape[2])))
    return values.reshape(shape)[:most]


VIEW = View(answer, "Activity in space", ("maps",), Place.MAIN, options=("over",))
