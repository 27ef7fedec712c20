"""What every layer of a first-spike network answers with, and what it checks at its door."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spikesight.base.errors import InputError, NotEnoughMemory
from spikesight.base.memory import available_memory, readable_bytes
from spikesight.encoding.latencies import Latencies

MOST = (1 << 16) - 1
"""Maps, and columns of a map: see `spike_order`, which tells a spike by one number."""

WORTH_A_LOOK = 1 << 28
"""Bytes from which it is asked how many are left."""


class Fired(NamedTuple):
    """When the neurons of a layer fire, and their potentials, both (B, ...).

    The potential is that of the step in which the neuron fires; of one that never fires, the last.
    """

    latencies: Latencies
    potentials: NDArray[Any]


def checked_weights(w: ArrayLike, shape: tuple[int, ...], name: str = "layer") -> NDArray[Any]:
    """Return weights as they are computed with: float64 stays, everything else becomes float32.

    Errors: InputError for another shape, and for NaN or infinite weights.
    """
    weights = np.asarray(w)
    if weights.shape != shape:
        raise InputError(f"{name}: weights have shape {weights.shape}, this input needs {shape}")
    if weights.dtype != np.float64:
        weights = weights.astype(np.float32, copy=False)
    if not np.isfinite(weights).all():
        raise InputError(f"{name}: {int((~np.isfinite(weights)).sum())} weights are NaN or infinite")
    return weights


def check_memory(latencies: Latencies, neurons: int, itemsize: int, name: str = "layer") -> None:
    """Refuse a batch whose answers cannot fit: times and potentials of `neurons`, these of `itemsize` bytes each.

    Errors: NotEnoughMemory, with the sum and how many items fit.
    """
    each = neurons * (latencies.times.itemsize + itemsize)
    if each * len(latencies) < WORTH_A_LOOK or each * len(latencies) < (left := available_memory()):
        return
    raise NotEnoughMemory(
        f"{name}: times and potentials of {neurons} neurons take {readable_bytes(each)} for each item, "
        f"{readable_bytes(each * len(latencies))} for {len(latencies)}; {readable_bytes(left)} are left. Go through "
        f"latencies.batches({max(1, left // (4 * each))})"
    )


def checked_maps(latencies: Latencies, name: str = "layer") -> tuple[int, int, int]:
    """Return maps, rows and columns of an item.

    Errors: InputError where latencies are not (B, C, H, W), and for more maps or columns than a spike's number tells
    apart.
    """
    if len(latencies.shape) != 3:
        raise InputError(
            f"{name}: needs maps (B, C, H, W), got latencies of shape {latencies.times.shape}: give gray images one "
            "map, times[:, None]"
        )
    maps, rows, columns = latencies.shape
    if max(maps, columns) > MOST:
        raise InputError(
            f"{name}: {MOST} maps and columns at most, got {maps} maps of {rows} x {columns}: neurons without places "
            "are for a full connection, dense.Dense"
        )
    return maps, rows, columns


def checked_potentials(potentials: ArrayLike, name: str = "layer") -> NDArray[Any]:
    """Return potentials of maps; whole numbers become float64.   Errors: InputError where they are not (B, C, H, W)."""
    v = np.asarray(potentials)
    if v.ndim != 4:
        raise InputError(f"{name}: needs potentials of maps (B, C, H, W), got shape {v.shape}")
    return v if v.dtype.kind == "f" else v.astype(np.float64)
