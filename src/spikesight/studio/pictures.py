"""Populations that are pictures: which they are, and how their units lie in channels, rows and columns."""

from __future__ import annotations

from spikesight.studio.chosen import drawable
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query
from spikesight.trace.schema import Layer


def picture_layer(run: OpenRun, query: Query) -> tuple[Layer, tuple[int, int, int]]:
    """Return the population that `query` asks for, and its shape as (channels, height, width).

    Where none is asked for: the last one that is a picture.

    Errors: UnknownName; Empty where there is no picture, or it is too large.
    """
    layers = run.trace.header.layers
    known = [layer for layer in layers if channels_of(layer) is not None]
    names = ", ".join(layer.name for layer in known)
    if query.layer is None:
        if not known:
            raise Empty("No population of this run has a height and a width, so none can be drawn as a picture.")
        layer = known[-1]
    else:
        layer = run.layer(query.layer)
    shape = channels_of(layer)
    if shape is None:
        others = f" Those that have: {names}." if names else ""
        lies = f"its shape is {layer.shape}" if len(layer.shape) > 1 else "its units lie in a row"
        raise Empty(f"{layer.name} has no height and width: {lies}.{others}")
    return drawable(layer), shape


def channels_of(layer: Layer) -> tuple[int, int, int] | None:
    """Return the shape of `layer` as (channels, height, width), None where it is not a picture.

    Two sides are a picture of one channel; of three, the first counts channels.
    """
    if len(layer.shape) == 2:
        return 1, layer.shape[0], layer.shape[1]
    if len(layer.shape) == 3:
        return layer.shape[0], layer.shape[1], layer.shape[2]
    return None
