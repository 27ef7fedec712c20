"""The receptive field of one unit through the run, as a strip of pictures."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.analysis import fields
from spikesight.base.errors import InputError
from spikesight.studio.chosen import chosen_unit
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query
from spikesight.studio.synapses import field_shape, recorded, shades, spread, weights
from spikesight.studio.view import Place, View
from spikesight.trace.schema import Projection

FRAMES = 24


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return `levels` uint8 (frames, height, width) of `query.unit` at times `t` (frames,), all on one scale.

    Level 255 stands for the weight `top`. They are the weights of `query.projection`; where none is asked for, of the
    one that ends in the unit's layer.
    """
    projection, snapshots, unit = incoming(run, query)
    shape = field_shape(run, projection, query.text("shape"))
    places = spread(len(snapshots["t"]), FRAMES)
    grey, top, signed = run.remembered(
        ("field history", projection.name, unit, shape), lambda: shades(_frames(run, projection, places, unit, shape))
    )
    return {
        "projection": projection.name,
        "layer": projection.post,
        "unit": unit,
        "snapshots": len(snapshots["t"]),
        "t": snapshots["t"][places],
        "stim": snapshots["stim"][places].astype(np.int32),
        "levels": grey,
        "top": top,
        "signed": signed,
    }


def incoming(run: OpenRun, query: Query) -> tuple[Projection, dict[str, np.ndarray], int]:
    """Return the projection in question, its snapshots, and the unit of its post layer.

    Errors: Empty where no unit is named, or no weights into its layer were recorded; InputError; UnknownName.
    """
    if query.projection is not None:
        projection, snapshots = recorded(run, query)
        unit = chosen_unit(run, Query(layer=projection.post, unit=query.unit))[1]
        return projection, snapshots, unit
    layer, unit = chosen_unit(run, query)
    for one in run.trace.header.projections:
        if one.post == layer.name and f"weights/{one.name}" in run.trace.tables:
            return one, run.trace.snapshots(one.name), unit
    raise Empty(f"No weights of synapses into {layer.name} were recorded.")


def _frames(run: OpenRun, projection: Projection, places: np.ndarray, unit: int, shape: tuple[int, ...]) -> np.ndarray:
    column = run.trace.header.column(projection, unit)
    columns = [weights(run, projection, int(place))[:, column] for place in places]
    try:
        return fields(np.stack(columns, axis=1), shape)
    except InputError as error:
        raise Empty(f"The weights of {projection.name} cannot be drawn: {error}.") from error


VIEW = View(answer, "Receptive field over time", ("synapses", "neurons"), Place.MAIN, options=("shape",))
