"""How a projection whose weights are shared by all places is laid out: a convolution, or a pooling without weights."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import index
from typing import Any

from spikesight.base.errors import InputError


@dataclass(frozen=True)
class Kernel:
    """`rows` x `columns` taps over each of `maps` maps of the pre layer, the same at every place of the post layer.

    `stride` and `dilation` are rows, columns. What `pools` takes of each map what is in its window: it has no weights,
    and `maps` is 1.
    Errors: InputError for fewer than one of anything, and what is no whole number.
    """

    maps: int
    rows: int
    columns: int
    stride: tuple[int, int] = (1, 1)
    dilation: tuple[int, int] = (1, 1)
    pools: bool = False

    def __post_init__(self) -> None:
        given = (self.maps, self.rows, self.columns, self.stride, self.dilation)
        try:
            stride, dilation = tuple(map(index, self.stride)), tuple(map(index, self.dilation))
            sizes = tuple(map(index, given[:3]))
        except TypeError:
            sizes, stride, dilation = (), (), ()
        if len(stride) != 2 or len(dilation) != 2 or min(*sizes, *stride, *dilation) < 1:
            raise InputError(
                "a kernel has maps, rows, columns, a pair of strides and one of dilations, whole numbers of 1 or more, "
                f"got {given}"
            )
        named = {"maps": sizes[0], "rows": sizes[1], "columns": sizes[2], "stride": stride, "dilation": dilation}
        for name, value in named.items():  # plain ones, which JSON takes
            object.__setattr__(self, name, value)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Maps, rows, columns: how the weights into one map of the post layer lie."""
        return self.maps, self.rows, self.columns

    @property
    def taps(self) -> int:
        """Number of weights into one map of the post layer."""
        return math.prod(self.shape)


def kernel_of(given: Kernel | Sequence[int] | Mapping[str, Any] | None) -> Kernel | None:
    """Return a kernel from (maps, rows, columns), or from what a header holds; None for none.   Errors: InputError."""
    if given is None or isinstance(given, Kernel):
        return given
    if isinstance(given, Mapping):
        return Kernel(**given)
    if len(given) != 3:
        raise InputError(f"a kernel is (maps, rows, columns), got {tuple(given)}")
    return Kernel(given[0], given[1], given[2])
