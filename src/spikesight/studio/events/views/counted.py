"""The accumulated frame: how often each pixel turned ON and OFF in a window."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.studio.events.open_events import OpenEvents
from spikesight.studio.events.pixels import Grid
from spikesight.studio.query import Query
from spikesight.studio.view import View


def answer(opened: OpenEvents, query: Query) -> dict[str, Any]:
    """Return `off` and `on`, counts (height, width) of every event of the window, and `count` and `top` of them.

    On a sensor too large for a picture, `side` x `side` pixels are counted together.
    Errors: Empty where one picture would have too many events.
    """
    first, last = opened.window(query)
    seen = opened.recorded
    grid = Grid.of(seen)
    counts = np.zeros(2 * grid.rows * grid.columns, np.int64)
    begin, end = seen.span(first, last)
    for _, places in grid.places(seen, begin, end):
        counts += np.bincount(places, minlength=len(counts))
    top = int(counts.max())
    off, on = counts.astype(_smallest(top)).reshape(2, grid.rows, grid.columns)
    return {"from": first, "to": last, "count": end - begin, "top": top, "side": grid.side, "off": off, "on": on}


def _smallest(top: int) -> type[np.unsignedinteger[Any]]:
    return np.uint8 if top < 1 << 8 else np.uint16 if top < 1 << 16 else np.uint32


VIEW = View(answer, "Accumulated frame", options=("from", "to"))
