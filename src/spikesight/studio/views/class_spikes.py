"""Spikes of every neuron for one class: which neurons speak when it is shown."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.studio.open_run import OpenRun
from spikesight.studio.query import Query
from spikesight.studio.tuning import tuning
from spikesight.studio.view import Place, View


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return `responses` (units,) to the option `class`, its number, in spikes per stimulus.

    Where none is given: to the lowest. A class that was not shown has NaN.
    """
    found = tuning(run, query, run.asked_layer(query).name)
    chosen = query.whole("class", int(found.classes[0]))
    place = np.flatnonzero(found.classes == chosen)
    responses = found.responses[place[0]] if len(place) else np.full(found.responses.shape[1], np.nan, np.float32)
    return {
        "layer": found.layer,
        "classes": found.classes,
        "class": chosen,
        "shown": int(found.shown[place].sum()),
        "responses": responses,
        "preferred": found.preferred,
    }


VIEW = View(answer, "Spikes for a class", ("neurons",), Place.MAIN, options=("class",))
