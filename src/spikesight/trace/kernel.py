"""How a projection whose weights are shared by all places is laid out: a convolution, or a pooling without weights."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spikesight.base.errors import InputError


@dataclass(frozen=True)
class Kernel:
    """`rows` x `columns` taps over each of `maps` maps of the pre layer, the same at every place of the post layer.

    `stride` and `dilation` are rows, columns. What `pools` takes of each map what is in its window: it has no weights,
    and `maps` is 1.
    Errors: InputError for fewer than one of anything.
    """

    maps: int
    rows: int
    columns: int
    stride: tuple[int, int] = (1, 1)
    dilation: tuple[int, int] = (1, 1)
    pools: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "stride", tuple(self.stride))
        object.__setattr__(self, "dilation", tuple(self.dilation))
        numbers = (self.maps, self.rows, self.columns, *self.stride, *self.dilation)
        if len(numbers) != 7 or not all(int(one) == one and one >= 1 for one in numbers):
            raise InputError(
                f"a kernel has maps, rows, columns, two strides and two dilations, each 1 or more, got {numbers}"
            )

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
