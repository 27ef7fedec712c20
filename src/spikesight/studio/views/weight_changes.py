"""How much synapses changed from snapshot to snapshot, and how many of them are exactly zero."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from spikesight.studio.open_run import OpenRun
from spikesight.studio.query import Query
from spikesight.studio.synapses import history, recorded
from spikesight.studio.view import Place, View
from spikesight.trace.schema import Projection


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return, at snapshots `t` (K,) seconds: `change` (K,), the mean absolute change of a weight since the one before.

    NaN at the first. `zeros` (K,) is the share of weights that are exactly zero. `unit` has `t` and `change` of those
    into `query.unit` alone, at fewer snapshots where there are many; None where none is chosen.
    """
    projection, snapshots = recorded(run, query)
    t0, t1 = run.seconds(run.window(Query()))
    return {
        "t0": t0,
        "t1": t1,
        "projection": projection.name,
        **_of_all(run, projection, snapshots),
        "unit": _of_unit(run, projection, query.unit),
    }


def _of_all(run: OpenRun, projection: Projection, snapshots: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """As it was counted while it was recorded; in traces from before that, from the weights themselves."""
    if (snapshots["zeros"] >= 0).all():
        size = math.prod(projection.shape)
        return {"t": snapshots["t"], "change": snapshots["changed"] / size, "zeros": snapshots["zeros"] / size}
    found = history(run, projection)
    return {"t": found.t, "change": found.change.mean(axis=1), "zeros": found.zeros.mean(axis=1)}


def _of_unit(run: OpenRun, projection: Projection, unit: int | None) -> dict[str, np.ndarray] | None:
    if unit is None or unit >= run.layer(projection.post).size:
        return None
    found, column = history(run, projection), run.trace.header.column(projection, unit)
    return {"t": found.t, "change": found.change[:, column].copy()}


VIEW = View(answer, "Weight change", ("synapses",), Place.LANE)
