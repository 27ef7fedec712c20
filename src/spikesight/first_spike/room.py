"""The memory that a convolution works in: made once for a thread, used for one item after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from spikesight.first_spike.runs_of_taps import Indices

if TYPE_CHECKING:
    from spikesight.first_spike.convolution import Convolution


class Room(NamedTuple):
    """Spikes as they are `found` and in their `order`; where the spikes of each moment start, and `when` it is.

    Then the potentials `v`, places that are `closed`, the first and last place of each row that spikes reached, places
    that are `candidates` and the map that `fired` at each, maps that have `won`, and thresholds.
    """

    found: Indices
    order: Indices
    starts: Indices
    when: NDArray[Any]
    v: NDArray[Any]
    closed: NDArray[np.bool_]
    low: Indices
    high: Indices
    candidates: Indices
    fired: Indices
    won: NDArray[np.bool_]
    limits: NDArray[Any]


def room(
    layer: Convolution,
    shape_in: Sequence[int],
    steps: int | None,
    dtype: DTypeLike = np.float32,
    times: DTypeLike = np.uint8,
) -> Room:
    """Return room for inputs of maps, rows and columns and weights of type `dtype`.

    In seconds (`steps` None) every spike may have a moment of its own, of the type `times`.
    """
    maps, rows, columns = layer.shape(shape_in)
    size, places = int(np.prod(shape_in)) + 1, rows * columns
    moments = size if steps is None else steps
    return Room(
        found=np.empty(size, np.int64),
        order=np.empty(size, np.int64),
        starts=np.empty(moments + 2, np.int64),
        when=np.empty(moments, times) if steps is None else np.arange(moments, dtype=times),
        v=np.empty(places * maps, dtype),
        closed=np.zeros(places, np.bool_),
        low=np.full(rows, columns),
        high=np.full(rows, -1),
        candidates=np.empty(places + 1, np.int64),
        fired=np.empty(places + 1, np.int64),
        won=np.empty(maps, np.bool_),
        limits=np.empty(maps, dtype),
    )
