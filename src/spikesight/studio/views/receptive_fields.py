"""Learned receptive fields: the newest snapshot of the plastic projection at the cursor."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.analysis import fields
from spikesight.base.errors import InputError
from spikesight.studio.moments import classes
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query
from spikesight.studio.synapses import at_cursor, picture_shape, recorded, shades, weights
from spikesight.studio.view import Place, View
from spikesight.trace.schema import Projection

MOST_POINTS = 2**25
"""So many weights travel to the page; of a larger projection the first units are shown."""


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return `levels` uint8 (units, height, width); level 255 stands for the weight `top`. Before the first: the first.

    Where weights are `signed`, level 128 is zero. `units` is how many the layer has, should it be more than are shown.
    `valid` is the stretch of time (seconds) in which this snapshot is the newest one.
    """
    projection, snapshots = recorded(run, query)
    snapshot, valid = at_cursor(run, snapshots["t"], query)
    shape = picture_shape(query.text("shape"), run.layer(projection.pre).shape)
    key = ("fields", projection.name, snapshot, shape)
    grey, top, signed = run.remembered(key, lambda: shades(pictures(run, projection, snapshot, shape)))
    return {
        "projection": projection.name,
        "pre": projection.pre,
        "post": projection.post,
        "snapshot": snapshot,
        "snapshots": len(snapshots["t"]),
        "t": float(snapshots["t"][snapshot]),
        "stim": int(snapshots["stim"][snapshot]),
        "units": projection.shape[1],
        "levels": grey,
        "top": top,
        "signed": signed,
        "class_of_unit": unit_classes(run, projection.post)[: len(grey)],
        "valid": valid,
    }


def pictures(run: OpenRun, projection: Projection, snapshot: int, shape: tuple[int, ...]) -> np.ndarray:
    """Return the fields of the units of a projection at a snapshot, (units, height, width), or of its first units.

    Errors: Empty where they are no pictures.
    """
    w = weights(run, projection, snapshot)
    try:
        return fields(w[:, : max(1, MOST_POINTS // len(w))], shape)
    except InputError as error:
        raise Empty(f"The weights of {projection.name} cannot be drawn: {error}.") from error


def unit_classes(run: OpenRun, layer: str) -> np.ndarray:
    """Return the class of every unit of `layer` (units,) int32, -1 where none is known."""
    try:
        known = classes(run)
    except Empty:
        return np.full(run.layer(layer).size, -1, dtype=np.int32)
    return known.of_unit if known.layer == layer else np.full(run.layer(layer).size, -1, dtype=np.int32)


VIEW = View(answer, "Receptive fields", ("raster",), Place.SIDE)
