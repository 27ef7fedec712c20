"""What the camera's motion sensor felt over time."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.studio.events.open_events import OpenEvents
from spikesight.studio.query import Query
from spikesight.studio.shown import Empty
from spikesight.studio.view import View


def answer(opened: OpenEvents, query: Query) -> dict[str, Any]:
    """Return means of samples in at most `bins` groups of the window: `t` (N,), `acceleration`, `rotation` (3, N).

    m/s^2 and rad/s. Groups have equally many samples, `each`.   Errors: Empty where there are none.
    """
    first, last = opened.window(query)
    seen = opened.recorded
    t = seen.inertial.t - np.int64(seen.begin)
    here = np.flatnonzero((t >= first) & (t < last))
    if not len(here):
        raise Empty("The file has no samples of motion in this window.")
    each = -(-len(here) // query.bins)
    starts = np.arange(0, len(here), each)

    def mean(values: NDArray[Any]) -> NDArray[np.float64]:
        sums = np.add.reduceat(values[here].astype(np.float64), starts, axis=0)
        lengths = np.diff(np.append(starts, len(here)))
        return np.ascontiguousarray(sums.T / lengths)

    return {
        "from": first,
        "to": last,
        "each": each,
        "t": mean(t),
        "acceleration": mean(seen.inertial.acceleration),
        "rotation": mean(seen.inertial.rotation),
    }


VIEW = View(answer, "Motion", options=("from", "to"))
