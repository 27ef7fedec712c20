"""Where a spike goes: which weights it adds to which potentials, as long runs of numbers that lie side by side.

Potentials lie as (rows, columns, maps). A spike at an input place reaches places to its left with weights further right
in the kernel. So if one of the two is mirrored, columns of potentials or columns of kernels, a whole row of the kernel,
all maps of it, is added to one run of potentials: with 5 taps and 30 maps 150 numbers, which processors add 8 or 16 at
a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from spikesight.first_spike.convolution import Convolution

Indices = NDArray[np.int64]


class Plan(NamedTuple):
    """Where the spikes of an input row and of an input column go.

    `rows`, `columns` and `maps` are the layer's; `tap` is the number of weights of one input map. An input row reaches
    `row_n` rows of the layer, `row_step` apart, the first being `row_to`; its row of the kernel begins at `row_w` among
    the weights of an input map, the next ones `w_step` further. An input column reaches the runs `col_first[x]` to
    `col_first[x + 1]`: `col_to` is the first place, `col_n` how many, `col_w` where their weights begin in a row.
    """

    rows: int
    columns: int
    maps: int
    tap: int
    row_to: Indices
    row_n: Indices
    row_w: Indices
    row_step: int
    w_step: int
    col_first: Indices
    col_to: Indices
    col_n: Indices
    col_w: Indices


def plan(layer: Convolution, shape_in: Sequence[int], mirrored: bool = False) -> Plan:
    """Return the runs of a layer behind an input of maps, rows and columns.

    Places are counted from the right; or, where kernels are `mirrored`, w[..., ::-1], from the left.
    Errors: as `Convolution.shape`.
    """
    maps, rows, columns = layer.shape(shape_in)
    wide, last = layer.kernel[1] * maps, layer.kernel[1] - 1
    down = [_reached(at, 0, layer, rows) for at in range(shape_in[1])]
    reached = [_reached(at, 1, layer, columns) for at in range(shape_in[2])]
    across = [
        _runs([(to, last - tap) if mirrored else (columns - 1 - to, tap) for to, tap in pairs]) for pairs in reached
    ]
    common = gcd(layer.stride[0], layer.dilation[0])
    return Plan(
        rows, columns, maps, layer.kernel[0] * wide,
        np.array([pairs[0][0] if pairs else 0 for pairs in down]),
        np.array([len(pairs) for pairs in down]),
        np.array([pairs[0][1] if pairs else 0 for pairs in down]) * wide,
        layer.dilation[0] // common, -(layer.stride[0] // common) * wide,
        np.cumsum([0, *map(len, across)]), _flat(across, 0), _flat(across, 1), _flat(across, 2) * maps,
    )  # fmt: skip


def taps(w: ArrayLike) -> NDArray[Any]:
    """Return weights (maps, C, rows, columns) as they are added: (C, rows, columns, maps), a copy."""
    return np.array(np.moveaxis(np.asarray(w), 0, -1), order="C")


def kernels(w_taps: NDArray[Any]) -> NDArray[Any]:
    """Return weights (C, rows, columns, maps) as kernels (maps, C, rows, columns), a copy."""
    return np.array(np.moveaxis(w_taps, -1, 0), order="C")


def _reached(at: int, axis: int, layer: Convolution, size: int) -> list[tuple[int, int]]:
    """Return the places of a layer that an input at `at` reaches along an axis, and through which tap; places go up."""
    found = []
    for tap in reversed(range(layer.kernel[axis])):
        to, rest = divmod(at + layer.padding[axis] - tap * layer.dilation[axis], layer.stride[axis])
        if rest == 0 and 0 <= to < size:
            found.append((to, tap))
    return found


def _runs(pairs: list[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Join places and taps that both go up by one: where each run begins, its length, its first tap."""
    runs: list[tuple[int, int, int]] = []
    for to, tap in sorted(pairs):
        if runs and (to, tap) == (runs[-1][0] + runs[-1][1], runs[-1][2] + runs[-1][1]):
            runs[-1] = runs[-1][0], runs[-1][1] + 1, runs[-1][2]
        else:
            runs.append((to, 1, tap))
    return runs


def _flat(lists: Sequence[Sequence[tuple[int, ...]]], field: int) -> Indices:
    return np.array([entry[field] for entries in lists for entry in entries], np.int64)
