"""Learned receptive fields: the newest snapshot of the plastic projection at the cursor."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from spikesight.analysis import fields
from spikesight.base.errors import InputError
from spikesight.studio.moments import classes
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query
from spikesight.studio.synapses import at_cursor, field_shape, recorded, shades, weights
from spikesight.studio.view import Place, View
from spikesight.trace.schema import Projection

MOST_POINTS = 2**25
"""So many weights travel to the page; of a larger projection the first units are shown."""


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return `levels` uint8 (units, height, width); level 255 stands for the weight `top`. Before the first: the first.

    Where weights are `signed`, level 128 is zero. `units` is how many the layer has, should it be more than are shown.
    `valid` is the stretch of time (seconds) in which this snapshot is the newest one. Units that share their weights
    share a field: field f is that of `each` units from f `each` on, and `middle` is where among them the middle one is.
    """
    projection, snapshots = recorded(run, query)
    snapshot, valid = at_cursor(run, snapshots["t"], query)
    shape = field_shape(run, projection, query.text("shape"))
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
        "class_of_unit": field_classes(run, projection)[: len(grey)],
        **of_a_field(run, projection),
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


def of_a_field(run: OpenRun, projection: Projection) -> dict[str, int]:
    """Return `each`, how many units share a field, and `middle`, which among them is the middle one."""
    shape = run.layer(projection.post).shape
    each = math.prod(shape) // projection.shape[1]
    middle = shape[-2] // 2 * shape[-1] + shape[-1] // 2 if projection.kernel and len(shape) == 3 else 0
    return {"each": each, "middle": middle}


def field_classes(run: OpenRun, projection: Projection) -> np.ndarray:
    """Return the class of each field (fields,): of units that share one, that which all have that have one."""
    of_unit = unit_classes(run, projection.post).reshape(projection.shape[1], -1)
    found = of_unit.max(axis=1)
    return np.where(((of_unit == found[:, None]) | (of_unit < 0)).all(axis=1), found, -1).astype(np.int32)


def unit_classes(run: OpenRun, layer: str) -> np.ndarray:
    """Return the class of every unit of `layer` (units,) int32, -1 where none is known."""
    try:
        known = classes(run)
    except Empty:
        return np.full(run.layer(layer).size, -1, dtype=np.int32)
    return known.of_unit if known.layer == layer else np.full(run.layer(layer).size, -1, dtype=np.int32)


VIEW = View(answer, "Receptive fields", ("raster",), Place.SIDE)
