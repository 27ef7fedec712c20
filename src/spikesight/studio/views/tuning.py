"""How one unit answers to the classes: as bars and as a rose."""

from __future__ import annotations

from typing import Any

from spikesight.studio.chosen import chosen_unit
from spikesight.studio.open_run import OpenRun
from spikesight.studio.query import Query
from spikesight.studio.tuning import tuning
from spikesight.studio.view import Place, View


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return `responses` (classes,) of `query.unit` in spikes per stimulus of the window, NaN for a class not shown."""
    layer, unit = chosen_unit(run, query)
    found = tuning(run, query, layer.name)
    return {
        "layer": layer.name,
        "unit": unit,
        "classes": found.classes,
        "responses": found.responses[:, unit].copy(),
        "preferred": int(found.preferred[unit]),
        "index": float(found.index[unit]),
        "note": found.note,
    }


VIEW = View(answer, "Tuning", ("neurons",), Place.SIDE)
