"""Learned receptive fields: the newest snapshot of the plastic projection at the cursor."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.analysis import fields, levels
from spikesight.base.errors import InputError
from spikesight.studio.moments import classes
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query
from spikesight.studio.view import Place, View

NEVER = 1e12


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return `levels` uint8 (units, height, width); level 255 stands for the weight `top`. Before the first: the first.

    `valid` is the stretch of time (seconds) in which this snapshot is the newest one.
    """
    projection = run.plastic()
    t = np.asarray(run.trace.snapshots(projection.name)["t"])
    snapshot = max(0, int(np.searchsorted(t, run.moment(query), side="right")) - 1)
    grey, top = run.remembered(("fields", projection.name, snapshot), lambda: _levels(run, snapshot))
    return {
        "projection": projection.name,
        "pre": projection.pre,
        "post": projection.post,
        "snapshot": snapshot,
        "snapshots": len(t),
        "t": float(t[snapshot]),
        "stim": int(run.trace.snapshots(projection.name)["stim"][snapshot]),
        "levels": grey,
        "top": top,
        "class_of_unit": _classes(run, projection.post),
        "valid": [
            float(t[snapshot]) if snapshot else -NEVER,
            float(t[snapshot + 1]) if snapshot + 1 < len(t) else NEVER,
        ],
    }


def _levels(run: OpenRun, snapshot: int) -> tuple[np.ndarray, float]:
    projection = run.plastic()
    try:
        pictures = fields(run.trace.weights(projection.name, snapshot), run.layer(projection.pre).shape)
    except InputError as error:
        raise Empty(f"The weights of {projection.name} cannot be drawn: {error}.") from error
    return levels(pictures)


def _classes(run: OpenRun, post: str) -> np.ndarray:
    try:
        known = classes(run)
    except Empty:
        return np.full(run.layer(post).size, -1, dtype=np.int32)
    return known.of_unit if known.layer == post else np.full(run.layer(post).size, -1, dtype=np.int32)


VIEW = View(answer, "Receptive fields", ("raster", "synapses"), Place.SIDE)
