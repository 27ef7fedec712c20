"""The network as a picture: populations with their shapes and activity, and the synapses between them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from spikesight.analysis import levels
from spikesight.studio.open_run import OpenRun
from spikesight.studio.query import Query
from spikesight.studio.view import Place, View
from spikesight.trace.schema import Header, Layer

MOST_SIDE = 64
"""Pixels of the picture of a population; of larger ones, each pixel is a mean over neighbours."""


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return `layers`, each in a `column` by its distance from the input, and `projections` between them.

    `levels` uint8 (height, width) is how active the units of a layer were in the window; level 255 stands for `top`
    spikes. `apart` names layers that no recorded projection reaches or leaves.
    """
    header, window = run.trace.header, run.seconds(run.window(query))
    columns = _columns(header)
    touched = {end for one in header.projections for end in (one.pre, one.post)}
    return {
        "t0": window[0],
        "t1": window[1],
        "layers": [_layer(run, layer, columns[layer.name], window) for layer in header.layers],
        "projections": [
            {
                "name": one.name,
                "pre": one.pre,
                "post": one.post,
                "synapses": round(one.fan_out * one.shape[0]),
                "fan_out": one.fan_out,
                "recorded": f"weights/{one.name}" in run.trace.tables,
            }
            for one in header.projections
        ],
        "apart": [layer.name for layer in header.layers if layer.name not in touched],
    }


def _columns(header: Header) -> dict[str, int]:
    """Return how many projections each layer is away from the first layers.

    Layers on their own come last, or first where they are listed before all others.
    """
    projections = [one for one in header.projections if one.pre != one.post]
    starts, ends = {one.pre for one in projections}, {one.post for one in projections}
    firsts = [layer.name for layer in header.layers if layer.name in starts]
    columns = dict.fromkeys([name for name in firsts if name not in ends] or firsts[:1], 0)
    reached, distance = set(columns), 0
    while reached:
        distance += 1
        reached = {one.post for one in projections if one.pre in reached} - set(columns)
        columns |= dict.fromkeys(reached, distance)
    names = [layer.name for layer in header.layers]
    before = names[: min((names.index(name) for name in columns), default=0)]
    last = max(columns.values(), default=-1) + 1
    return {name: 0 if name in before else columns.get(name, last) + bool(before) for name in names}


def _layer(run: OpenRun, layer: Layer, column: int, window: tuple[float, float]) -> dict[str, Any]:
    counts = run.trace.unit_counts(layer.name, window)
    picture = _small(_lying(counts, layer.shape))
    grey, top = levels(picture)
    spikes = int(counts.sum())
    return {
        "name": layer.name,
        "shape": list(layer.shape),
        "size": layer.size,
        "column": column,
        "spikes": spikes,
        "active": int((counts > 0).sum()),
        "hz": spikes / layer.size / (window[1] - window[0]),
        "levels": grey,
        "top": top,
    }


def _lying(counts: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Return the units as they lie: a picture, channels side by side in rows, a row folded to about a square."""
    if len(shape) == 2:
        return counts.reshape(shape).astype(np.float64)
    if len(shape) == 3:
        channels, height, width = shape
        across = math.ceil(math.sqrt(channels * height / width))
        rows = -(-channels // across)
        tiles = np.zeros((rows * across, height, width))
        tiles[:channels] = counts.reshape(shape)
        return tiles.reshape(rows, across, height, width).swapaxes(1, 2).reshape(rows * height, across * width)
    across = math.ceil(math.sqrt(len(counts)))
    picture = np.zeros(-(-len(counts) // across) * across)
    picture[: len(counts)] = counts
    return picture.reshape(-1, across)


def _small(picture: np.ndarray) -> np.ndarray:
    height, width = picture.shape
    step = max(1, -(-max(height, width) // MOST_SIDE))
    whole = np.zeros((-(-height // step) * step, -(-width // step) * step))
    whole[:height, :width] = picture
    means: np.ndarray = whole.reshape(whole.shape[0] // step, step, -1, step).mean(axis=(1, 3))
    return means


VIEW = View(answer, "Network", ("overview",), Place.MAIN)
