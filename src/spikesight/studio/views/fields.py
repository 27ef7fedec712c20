"""The receptive fields of a layer, large: weights at the cursor, and which of them were pruned."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.studio.open_run import OpenRun
from spikesight.studio.query import Query
from spikesight.studio.synapses import picture_shape
from spikesight.studio.view import Place, View
from spikesight.studio.views import receptive_fields


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return what the receptive fields are (see there), and `zeros`, the share of weights that are exactly zero.

    The option `shape`, such as 28x28, says how the inputs lie where the trace does not. With the option `pruned`,
    `pruned` is uint8 (units, height, width): 1 where the weight is exactly zero; else None.
    """
    found = receptive_fields.answer(run, query)
    projection, snapshot = run.trace.header.projection(found["projection"]), found["snapshot"]
    shape = picture_shape(query.text("shape"), run.layer(projection.pre).shape)
    zero = run.remembered(
        ("zero", projection.name, snapshot, shape),
        lambda: receptive_fields.pictures(run, projection, snapshot, shape) == 0,
    )
    pruned = query.choice("pruned", ("hide", "show")) == "show"
    return {**found, "zeros": float(zero.mean()), "pruned": zero.astype(np.uint8) if pruned else None}


VIEW = View(answer, "Receptive fields", ("synapses",), Place.MAIN, options=("shape", "pruned"))
