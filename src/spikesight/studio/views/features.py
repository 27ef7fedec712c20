"""What each map looks for, drawn in the input: its weights at the cursor over those of the layers below."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from spikesight.analysis.deep_features import DeepFeatures, chain, deep_features
from spikesight.base.errors import InputError
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query
from spikesight.studio.synapses import NEVER, shades
from spikesight.studio.view import Place, View
from spikesight.studio.views.receptive_fields import field_classes, of_a_field
from spikesight.trace.schema import Layer

MOST_MAPS = 256
MOST_POINTS = 2**23
"""So many points travel to the page, and so many are held while a feature is made; of more maps the first are shown."""
PLANES = ("difference", "sum")


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return `levels` uint8 (maps, height, width) of the maps of a layer in the space of layer `inside`.

    Where none is asked for, of the last layer that projections lead to. The option `planes` says how the maps of
    `inside` become one picture: "difference", where there are pairs, is all but those called "off" less these, and of
    two without names the first less the second; "sum" is all together. `top`, `signed`, `each` and `middle` are as in
    `receptive_fields`; `together` tells that weights have a sign, so that features were added up; `maps` is how many
    there are, should they be more than are shown, `through` the layers from `inside` up.
    """
    layer = _layer(run, query)
    ways = chain(run.trace.header, layer.name)
    if not ways:
        raise Empty(f"No projection leads to {layer.name}, so it has no features: choose a layer above it.")
    below = run.layer(ways[0].pre)
    planes, at = _planes(below, query), run.moment(query)
    shown = min(ways[-1].shape[1], MOST_MAPS, max(1, MOST_POINTS // below.size))
    key = ("features", layer.name, planes, tuple(_snapshots(run, way.name, at) for way in ways))
    found, grey, top, signed = run.remembered(key, lambda: _drawn(run, layer.name, at, shown, planes))
    return {
        "layer": layer.name,
        "inside": found.inside,
        "through": [way.post for way in ways],
        "planes": planes,
        "pairs": _pairs(below),
        "together": found.signed,
        "maps": ways[-1].shape[1],
        "levels": grey,
        "top": top,
        "signed": signed,
        "t": found.t,
        "class_of_map": field_classes(run, ways[-1])[: len(grey)],
        **of_a_field(run, ways[-1]),
        "valid": [max(found.valid[0], -NEVER), min(found.valid[1], NEVER)],
    }


def _layer(run: OpenRun, query: Query) -> Layer:
    if query.layer is not None:
        return run.layer(query.layer)
    reached = {one.post for one in run.trace.header.projections}
    known = [layer for layer in run.trace.header.layers if layer.name in reached]
    if not known:
        raise Empty("No projection was recorded, so no layer has features.")
    return known[-1]


def _pairs(below: Layer) -> bool:
    two = len(below.shape) == 3 and below.shape[0] == 2
    return "off" in below.channels or (two and not below.channels)


def _signs(below: Layer) -> np.ndarray:
    names = below.channels or ("on", "off")
    return np.where(np.array(names) == "off", -1.0, 1.0).astype(np.float32)


def _planes(below: Layer, query: Query) -> str:
    chosen = query.choice("planes", PLANES)
    return chosen if _pairs(below) else "sum"


def _snapshots(run: OpenRun, projection: str, at: float) -> int:
    if f"weights/{projection}" not in run.trace.tables:
        return -1
    return int(np.searchsorted(run.trace.snapshots(projection)["t"], at, side="right"))


def _drawn(
    run: OpenRun, layer: str, at: float, shown: int, planes: str
) -> tuple[DeepFeatures, np.ndarray, float, bool]:
    try:
        found = deep_features(run.trace, layer, at, np.arange(shown))
    except InputError as error:
        raise Empty(f"The features of {layer} cannot be drawn: {error}.") from error
    pictures = found.features.sum(axis=1)
    if planes == "difference":
        pictures = np.einsum("mphw,p->mhw", found.features, _signs(run.layer(found.inside)))
    if math.prod(pictures.shape[1:]) == 1:
        raise Empty(f"{found.inside} has no height and width, so the features of {layer} are no pictures.")
    return found, *shades(pictures)


VIEW = View(answer, "Features in the input", ("maps",), Place.MAIN, options=("planes",))
