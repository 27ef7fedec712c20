"""How much synapses changed from snapshot to snapshot, and how many of them are exactly zero."""

from __future__ import annotations

from typing import Any

from spikesight.studio.open_run import OpenRun
from spikesight.studio.query import Query
from spikesight.studio.synapses import history, recorded
from spikesight.studio.view import Place, View


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return, at snapshots `t` (K,) seconds: `change` (K,), the mean absolute change of a weight since the one before.

    NaN at the first. `zeros` (K,) is the share of weights that are exactly zero; `unit` (K,) is the change of those
    into `query.unit`, None where none is chosen.
    """
    projection, _ = recorded(run, query)
    found = history(run, projection)
    chosen = query.unit is not None and query.unit < projection.shape[1]
    t0, t1 = run.seconds(run.window(Query()))
    return {
        "t0": t0,
        "t1": t1,
        "projection": projection.name,
        "t": found.t,
        "change": found.change.mean(axis=1),
        "zeros": found.zeros.mean(axis=1),
        "unit": found.change[:, query.unit].copy() if chosen else None,
    }


VIEW = View(answer, "Weight change", ("synapses",), Place.LANE)
