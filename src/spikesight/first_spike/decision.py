"""The neuron that decides: of all maps and places the first to fire, and of those the one with the largest potential.

With an infinite threshold nobody fires before the input has ended; then the largest potential above 0 decides, in the
last step.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spikesight.base.errors import InputError
from spikesight.encoding.latencies import Latencies
from spikesight.executors.executor import Executor
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.first_spike.convolution import Convolution
from spikesight.first_spike.convolution import fire as fire_convolution
from spikesight.first_spike.decided import SILENT, Decisions
from spikesight.first_spike.layer import checked_maps, checked_weights
from spikesight.first_spike.runs_of_taps import taps


def decide(
    layer: Convolution,
    w: ArrayLike,
    latencies: Latencies,
    groups: ArrayLike | None = None,
    taking_part: ArrayLike | None = None,
    executor: Executor = FusedCpu(),  # noqa: B008 a frozen value without fields
) -> Decisions:
    """Return who decides each item of latencies (B, C, H, W), in steps; weights are (maps, C, rows, columns).

    `groups` (maps,) are the classes that maps stand for: only neurons of different ones tie (None: each its own).
    `taking_part` (maps,) says who may decide (None: all).
    Errors: InputError where shapes do not fit, weights are NaN or infinite, times are in seconds, nobody may decide, or
    the layer has a stride or dilation.
    """
    shape = checked_maps(latencies, "decision")
    check_layer(layer)
    weights = checked_weights(w, layer.weight_shape(shape), "decision")
    layer.shape(shape)
    steps = latencies.in_steps
    group = np.arange(layer.maps) if groups is None else np.asarray(groups, np.int64)
    part = np.ones(layer.maps, np.bool_) if taking_part is None else np.asarray(taking_part, np.bool_)
    for name, given in (("groups", group), ("taking_part", part)):
        if given.shape != (layer.maps,):
            raise InputError(f"{name} has a value for each of the {layer.maps} maps, got shape {given.shape}")
    if not part.any():
        raise InputError("no map may decide: let one take part at least")
    if isinstance(executor, FusedCpu):
        from spikesight.first_spike import fused_decision

        return fused_decision.decide(layer, taps(weights), latencies.times, steps, group, part)
    return _reference(layer, weights, latencies, group, part)


def check_layer(layer: Convolution) -> None:
    """Refuse what a layer that decides cannot be.   Errors: InputError for a stride or a dilation."""
    if layer.stride != (1, 1) or layer.dilation != (1, 1):
        raise InputError(
            f"a layer that decides looks at every place: stride and dilation are (1, 1), got {layer.stride} and "
            f"{layer.dilation}"
        )


def _reference(
    layer: Convolution, w: NDArray[Any], latencies: Latencies, group: NDArray[np.int64], part: NDArray[np.bool_]
) -> Decisions:
    from spikesight.executors.reference import Reference

    steps, items = latencies.in_steps, len(latencies)
    times, potentials = fire_convolution(layer, w, latencies, Reference())
    when = times.times.astype(np.int64)
    if np.isinf(layer.threshold):
        when = np.where(potentials > 0, steps - 1, steps)
    map_, row, column, time, likeliest = np.empty((5, items), np.int64)
    potential, tied = np.empty(items, potentials.dtype), np.empty(items, np.bool_)
    found = Decisions(map_, row, column, time, potential, tied, likeliest)
    for item in range(items):
        for field, value in zip(found, _first(when[item], potentials[item], group, part, steps), strict=True):
            field[item] = value
    return found


def _first(
    t: NDArray[np.int64], v: NDArray[Any], group: NDArray[np.int64], part: NDArray[np.bool_], steps: int
) -> tuple[Any, ...]:
    """Return the fields of `Decisions` of one item."""
    allowed = np.broadcast_to(part[:, None, None], t.shape)
    best_of_all = int(np.where(allowed, v, -np.inf).max(axis=(1, 2)).argmax())
    earliest = int(np.where(allowed, t, steps).min())
    if earliest == steps:
        return SILENT, SILENT, SILENT, steps, v.dtype.type(0), False, best_of_all
    rival = np.where(allowed & (t == earliest), v, -np.inf)
    map_, row, column = (int(i) for i in np.unravel_index(rival.argmax(), rival.shape))
    equal = (rival == rival[map_, row, column]).any(axis=(1, 2))
    return map_, row, column, earliest, rival.max(), bool((equal & (group != group[map_])).any()), map_
