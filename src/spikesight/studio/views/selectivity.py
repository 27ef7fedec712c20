"""Selectivity map: the answer of every unit of a population to every class."""

from __future__ import annotations

from typing import Any

from spikesight.studio.open_run import OpenRun
from spikesight.studio.query import Query
from spikesight.studio.tuning import tuning
from spikesight.studio.view import Place, View


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return `responses` (classes, units) in spikes per stimulus of the window, `preferred` and `index` (units,).

    A class that was not shown has NaN; a silent unit prefers -1 and has the index NaN.
    """
    found = tuning(run, query, run.asked_layer(query).name)
    return {
        "layer": found.layer,
        "classes": found.classes,
        "shown": found.shown,
        "responses": found.responses,
        "preferred": found.preferred,
        "index": found.index,
        "note": found.note,
    }


VIEW = View(answer, "Selectivity", ("neurons",), Place.MAIN)
