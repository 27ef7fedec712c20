"""One unit of a population: its class, its spikes, its mean response to every class."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from spikesight.studio.chosen import chosen_unit, drawable
from spikesight.studio.moments import classes
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query
from spikesight.studio.tuning import Tuning, tuning
from spikesight.studio.view import Place, View
from spikesight.studio.views import receptive_fields


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return what is known about `query.unit`; `responses` (classes,) are spikes per stimulus, NaN for none shown.

    They are over the whole run. `field` is the unit's receptive field at the cursor, None where there is none.
    Errors: Empty where no unit is named; InputError where no such unit exists.
    """
    layer, unit = chosen_unit(run, query)
    drawable(layer)
    return {
        "layer": layer.name,
        "unit": unit,
        "spikes": int(_counts(run, layer.name, run.window(Query()))[unit]),
        "spikes_in_window": int(_counts(run, layer.name, run.window(query))[unit]),
        "field": _field(run, layer.name, unit, query),
        **_answers(run, layer.name, unit),
    }


def _counts(run: OpenRun, layer: str, window: tuple[int, int]) -> np.ndarray:
    return run.remembered(("units", layer, window), lambda: run.trace.unit_counts(layer, run.seconds(window)))


def _field(run: OpenRun, layer: str, unit: int, query: Query) -> dict[str, Any] | None:
    try:
        told = receptive_fields.answer(run, replace(query, projection=query.projection or _into(run, layer)))
    except Empty:
        return None
    place = unit // told["each"]
    if told["post"] != layer or place >= len(told["levels"]):
        return None
    return {"levels": told["levels"][place], "top": told["top"], "signed": told["signed"]}


def _into(run: OpenRun, layer: str) -> str | None:
    """Return the first projection into `layer` whose weights were recorded, None where there is none."""
    into = (one.name for one in run.trace.header.projections if one.post == layer)
    return next((name for name in into if f"weights/{name}" in run.trace.tables), None)


def _answers(run: OpenRun, layer: str, unit: int) -> dict[str, Any]:
    try:
        found = tuning(run, Query(), layer)
    except Empty as reason:
        return {"class": -1, "responses": np.zeros(0), "note": str(reason)}
    responses = np.full(int(found.classes.max()) + 1, np.nan)
    responses[found.classes] = found.responses[:, unit]
    return {"class": _class(run, found, unit), "responses": responses, "note": found.note}


def _class(run: OpenRun, found: Tuning, unit: int) -> int:
    """The class that the unit stands for; of a population that does not vote, the one it prefers."""
    known = classes(run)
    return int(known.of_unit[unit] if known.layer == found.layer else found.preferred[unit])


VIEW = View(answer, "Neuron", ("raster", "neurons"), Place.SIDE)
