"""The events of a window one by one, or every so-and-so many-th of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.studio.events.open_events import OpenEvents
from spikesight.studio.query import Query
from spikesight.studio.view import View

MOST = 1 << 18
"""Events of an answer: 2.4 MB."""
_LONG = 1 << 32


def answer(opened: OpenEvents, query: Query) -> dict[str, Any]:
    """Return `t` (N,) microseconds since `from`, `x`, `y` (N,), and `p` (N,), 1 for ON, in order of time.

    Where the window has more than `most` events, those whose number in the recording is a multiple of `every` stand,
    the smallest power of two that is enough; so neighbouring windows choose alike. `of` counts them all.
    """
    first, last = opened.window(query)
    most = query.whole("most", MOST, 1, MOST)
    seen = opened.recorded
    begin, end = seen.span(first, last)
    every = 1
    while (end - begin) > most * every:
        every *= 2
    chosen = slice(-(-begin // every) * every, end, every)
    t = seen.columns.t[chosen] - np.int64(seen.begin + first)
    return {
        "from": first,
        "to": last,
        "of": end - begin,
        "every": every,
        "t": t.astype(np.uint32 if last - first <= _LONG else np.float64),
        "x": np.asarray(seen.columns.x[chosen]),
        "y": np.asarray(seen.columns.y[chosen]),
        "p": seen.columns.p[chosen].astype(np.uint8),
    }


VIEW = View(answer, "Events as they come", options=("from", "to", "most"))
