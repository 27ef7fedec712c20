"""Sessions of network traffic cut into windows of a minute, as flow pictures show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spikesight.base.errors import InputError
from spikesight.encoding.flow_picture import checked_packets


class Window(NamedTuple):
    """Packets (n,) of a part of a session: seconds since `begin`, bytes, directions; `begin` since its first packet."""

    t: NDArray[np.float64]
    size: NDArray[np.int64]
    forward: NDArray[np.bool_]
    begin: float


@dataclass(frozen=True)
class Windows:
    """Windows of `length` seconds, one every `stride`; kept where packets span `least_span` and are `least_packets`.

    A session of L seconds has floor((L - length) / stride) + 1, one where it is shorter than `length`. With a stride
    below the length neighbours overlap: near copies of each other, that must not lie on both sides of a split.
    Source: Rasteh et al. 2022.   Errors: InputError for lengths that are not above 0.
    """

    length: float = 60.0
    stride: float = 15.0
    least_span: float = 40.0
    least_packets: int = 10

    def __post_init__(self) -> None:
        if not (self.length > 0.0 and self.stride > 0.0):
            raise InputError(f"length and stride are some seconds, got {self.length} and {self.stride}")

    def count(self, seconds: float) -> int:
        """Return how many windows a session of so many seconds is cut into, before any is left out."""
        return max(int(np.floor((seconds - self.length) / self.stride)), 0) + 1

    def __call__(self, t: ArrayLike, size: ArrayLike, forward: ArrayLike) -> list[Window]:
        """Return the windows of a session: packets (n,) in order of time, in seconds, bytes and directions.

        Errors: InputError for lengths that differ, NaN, sizes below 0, and times that go backwards.
        """
        times, sizes, ahead = checked_packets(t, size, forward)
        if (np.diff(times) < 0).any():
            raise InputError("packets of a session come in order of time: sort them first")
        if not len(times):
            return []
        times = times - times[0]
        found = []
        for number in range(self.count(times[-1])):
            begin = number * self.stride
            first, last = np.searchsorted(times, (begin, begin + self.length))
            part = slice(first, last)
            if last - first >= max(self.least_packets, 1) and times[last - 1] - times[first] >= self.least_span:
                found.append(Window(times[part] - begin, sizes[part], ahead[part], begin))
        return found
