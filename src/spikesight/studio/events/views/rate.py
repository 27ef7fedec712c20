"""How many events came when."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.studio.events.open_events import OpenEvents
from spikesight.studio.query import Query
from spikesight.studio.view import View


def answer(opened: OpenEvents, query: Query) -> dict[str, Any]:
    """Return ON and OFF events in at most `bins` equal stretches of the window: `edges` (N + 1,), `on`, `off` (N,).

    Every event of the window is in one of them: counts are exact.
    """
    first, last = opened.window(query)
    bins = min(query.bins, last - first)
    return opened.remembered((first, last, bins), lambda: _counted(opened, first, last, bins))


def _counted(opened: OpenEvents, first: int, last: int, bins: int) -> dict[str, Any]:
    seen = opened.recorded
    edges = first + np.array([(last - first) * k // bins for k in range(bins + 1)], np.int64)
    numbers = seen.numbers(edges)
    on = np.diff(seen.on_until(numbers))
    off = np.diff(numbers) - on
    return {
        "from": first,
        "to": last,
        "edges": edges.astype(np.float64),
        "on": on.astype(np.float64),
        "off": off.astype(np.float64),
    }


VIEW = View(answer, "Events over time", options=("from", "to"))
