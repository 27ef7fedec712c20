"""Facts about a bundle of synapses: who is connected with whom, how many each, how strong at the cursor."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.studio.open_run import OpenRun
from spikesight.studio.query import Query
from spikesight.studio.synapses import at_cursor, recorded, weights
from spikesight.studio.view import Place, View
from spikesight.trace.schema import Projection


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return shape and fan-out of the projection, and its weights at the cursor: their distribution (64 bins), spread.

    `fan_in`, `fan_out` are least, mean and most synapses a unit has that are not zero, at the cursor; `fan_out` is None
    where all places share a kernel: how far a unit reaches then depends on its place.
    """
    projection, snapshots = recorded(run, query)
    place, valid = at_cursor(run, snapshots["t"], query)
    fans = run.remembered(("fans", projection.name, place), lambda: _fans(run, projection, place))
    return {
        "projection": projection.name,
        "pre": projection.pre,
        "post": projection.post,
        "shape": list(projection.shape),
        "units": [run.layer(end).size for end in (projection.pre, projection.post)],
        "wired": float(projection.fan_out),
        "snapshot": place,
        "snapshots": len(snapshots["t"]),
        "t": float(snapshots["t"][place]),
        **{name: float(snapshots[name][place]) for name in ("mean", "std", "low", "high")},
        "histogram": snapshots["histogram"][place].astype(np.float64),
        **fans,
        "valid": valid,
    }


def _fans(run: OpenRun, projection: Projection, place: int) -> dict[str, list[float] | None]:
    there = weights(run, projection, place) != 0
    return {"fan_in": _ends(there.sum(axis=0)), "fan_out": None if projection.kernel else _ends(there.sum(axis=1))}


def _ends(counts: np.ndarray) -> list[float]:
    return [float(counts.min()), float(counts.mean()), float(counts.max())]


VIEW = View(answer, "Synapses", ("synapses",), Place.SIDE)
