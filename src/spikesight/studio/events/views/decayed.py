"""The time surface: how long ago each pixel turned ON and OFF last, fading exponentially."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.studio.events.open_events import OpenEvents
from spikesight.studio.events.pixels import Grid
from spikesight.studio.query import Query
from spikesight.studio.view import View

LEVELS = 255
FAINTEST = 7
"""Time constants after which less than half a level is left."""
LONGEST_TAU = 10**12


def answer(opened: OpenEvents, query: Query) -> dict[str, Any]:
    """Return `off` and `on`, uint8 (height, width): 255 exp(-(`to` - t) / `tau`), t a pixel's last event before `to`.

    Levels are as of the whole past: what is older than seven `tau` has none. `tau` is in microseconds.
    Errors: Empty where too many events would have to be looked at.
    """
    tau = query.number("tau", 50_000, 1, LONGEST_TAU)
    _, at = opened.window(query)
    seen = opened.recorded
    grid = Grid.of(seen)
    first = max(0, at - round(FAINTEST * tau))
    newest = np.full(2 * grid.rows * grid.columns, -np.inf)
    begin, end = seen.span(first, at)
    for part, places in grid.places(seen, begin, end):
        newest[places] = seen.columns.t[part] - np.int64(seen.begin)  # of a pixel that comes twice, the last one stays
    levels = np.rint(LEVELS * np.exp((newest - at) / tau)).astype(np.uint8)
    off, on = levels.reshape(2, grid.rows, grid.columns)
    return {"to": at, "tau": tau, "count": end - begin, "side": grid.side, "off": off, "on": on}


VIEW = View(answer, "Time surface", options=("from", "to", "tau"))
