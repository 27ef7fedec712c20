"""The receptive fields of a layer, large: weights at the cursor, and which of them were pruned."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.analysis import fields
from spikesight.studio.open_run import OpenRun
from spikesight.studio.query import Query
from spikesight.studio.synapses import field_shape, weights
from spikesight.studio.view import Place, View
from spikesight.studio.views import receptive_fields
from spikesight.trace.schema import Projection


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return what the receptive fields are (see there), and `zeros`, the share of weights that are exactly zero.

    The option `shape`, such as 28x28, says how the inputs lie where the trace does not. With the option `pruned`,
    `pruned` is uint8 (units, height, width): 1 where all weights of a point are exactly zero; else None.
    """
    found = receptive_fields.answer(run, query)
    projection, snapshot = run.trace.header.projection(found["projection"]), found["snapshot"]
    shape = field_shape(run, projection, query.text("shape"))
    key = ("zero", projection.name, snapshot, shape)
    share, mask = run.remembered(key, lambda: _zero(run, projection, snapshot, shape))
    shown = query.choice("pruned", ("hide", "show")) == "show"
    return {**found, "zeros": share, "pruned": mask[: len(found["levels"])] if shown else None}


def _zero(run: OpenRun, projection: Projection, snapshot: int, shape: tuple[int, ...]) -> tuple[float, np.ndarray]:
    there = weights(run, projection, snapshot) != 0
    return float(1.0 - there.mean()), (fields(there.astype(np.float32), shape) == 0).astype(np.uint8)


VIEW = View(answer, "Receptive fields", ("synapses",), Place.MAIN, options=("shape", "pruned"))
