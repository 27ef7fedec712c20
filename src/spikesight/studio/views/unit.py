"""One unit of the readout population: its class, its spikes, its mean response to every class."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.analysis import mean_responses
from spikesight.base.errors import InputError
from spikesight.studio.moments import Stimuli, classes, stimuli
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query
from spikesight.studio.view import Place, View
from spikesight.studio.views import receptive_fields


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return what is known about `query.unit`; `responses` (classes,) are spikes per stimulus, NaN for none shown.

    Errors: InputError where no such unit exists.
    """
    layer = run.readout()
    if query.unit is None or query.unit >= layer.size:
        raise InputError(f"{layer.name} has units 0 to {layer.size - 1}, asked for {query.unit}")
    train = run.trace.spikes(layer.name, units=[query.unit])
    t0, t1 = run.seconds(run.window(query))
    half = run.tick / 2
    return {
        "layer": layer.name,
        "unit": query.unit,
        "spikes": len(train.t),
        "spikes_in_window": int(((train.t >= t0 - half) & (train.t < t1 - half)).sum()),
        "field": _field(run, layer.name, query),
        **_answers(run, query.unit, train.stim),
    }


def _field(run: OpenRun, layer: str, query: Query) -> dict[str, Any] | None:
    """The unit's receptive field at the cursor, None where its weights were not recorded."""
    try:
        told = receptive_fields.answer(run, query)
    except Empty:
        return None
    if told["post"] != layer:
        return None
    return {"levels": told["levels"][query.unit], "top": told["top"]}


def _answers(run: OpenRun, unit: int, stims: np.ndarray) -> dict[str, Any]:
    try:
        shown, known = stimuli(run), classes(run)
    except Empty as reason:
        return {"class": -1, "responses": np.zeros(0), "note": str(reason)}
    counts = _per_stimulus(shown, stims)
    responses = mean_responses(counts[:, None], shown.label, known.count)[:, 0]
    note = f"Mean spikes per stimulus of each class, over {len(shown)} stimuli."
    return {"class": int(known.of_unit[unit]), "responses": responses, "note": note}


def _per_stimulus(shown: Stimuli, stims: np.ndarray) -> np.ndarray:
    first = int(shown.stim.min())
    counts = np.bincount(np.maximum(stims - first, 0), minlength=int(shown.stim.max()) - first + 1)
    return np.asarray(counts[shown.stim - first])


VIEW = View(answer, "Neuron", ("raster", "neurons"), Place.SIDE)
