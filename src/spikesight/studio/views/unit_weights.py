"""The weights that come in at one unit, over the run: mean, spread, ends."""

from __future__ import annotations

from typing import Any

from spikesight.studio.open_run import OpenRun
from spikesight.studio.query import Query
from spikesight.studio.synapses import history
from spikesight.studio.view import Place, View
from spikesight.studio.views.field_history import incoming


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return mean, std, low, high (K,) of the weights into `query.unit` at snapshots `t` (K,) seconds."""
    projection, _, unit = incoming(run, query)
    found, column = history(run, projection), run.trace.header.column(projection, unit)
    t0, t1 = run.seconds(run.window(Query()))
    return {
        "t0": t0,
        "t1": t1,
        "projection": projection.name,
        "layer": projection.post,
        "unit": unit,
        "t": found.t,
        **{name: getattr(found, name)[:, column].copy() for name in ("mean", "std", "low", "high")},
    }


VIEW = View(answer, "Weights of the neuron", ("synapses",), Place.LANE)
