"""How a recording is cut into parts one after the other: by number of events, or by time.

A cut says which events each part has: part k those with numbers `edges[k]` up to, not including, `edges[k + 1]`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.events.stream import EventStream


class Cut(Protocol):
    """A way to cut a recording into `parts` parts."""

    @property
    def parts(self) -> int:
        """How many parts there are."""

    def edges(self, events: EventStream) -> NDArray[np.int64]:
        """Return where parts begin and end, (parts + 1,).   Errors: InputError where events are not in order."""


@dataclass(frozen=True)
class EqualShares:
    """Part k has the events k N / parts to (k + 1) N / parts of N, rounded down: as many each, but for one.

    Errors: InputError for no part.   Source: "split by number" of Fang et al., ICCV 2021, of which the rest is shared.
    """

    parts: int

    def __post_init__(self) -> None:
        _check_parts(self.parts)

    def edges(self, events: EventStream) -> NDArray[np.int64]:
        """Return where parts begin and end, (parts + 1,).   Errors: InputError where events are not in order."""
        return np.arange(self.parts + 1) * len(events.in_order()) // self.parts


@dataclass(frozen=True)
class RestInLast:
    """Each part has N / parts of N events, rounded down, and the last one the rest too: 10 in four are 2, 2, 2, 4.

    Errors: InputError for no part.   Source: the code of SpikingJelly.
    """

    parts: int

    def __post_init__(self) -> None:
        _check_parts(self.parts)

    def edges(self, events: EventStream) -> NDArray[np.int64]:
        """Return where parts begin and end, (parts + 1,).   Errors: InputError where events are not in order."""
        number = len(events.in_order())
        return np.append(np.arange(self.parts) * (number // self.parts), number)


@dataclass(frozen=True)
class EqualTimes:
    """The time from the first event to the last, in equal parts.   Errors: InputError for no part."""

    parts: int

    def __post_init__(self) -> None:
        _check_parts(self.parts)

    def edges(self, events: EventStream) -> NDArray[np.int64]:
        """Return where parts begin and end, (parts + 1,).   Errors: InputError where events are not in order."""
        t = events.in_order().t
        if not len(t):
            return np.zeros(self.parts + 1, np.int64)
        length = int(t[-1]) - int(t[0]) + 1
        begins = [int(t[0]) - (-k * length // self.parts) for k in range(self.parts)]
        return np.append(np.searchsorted(t, np.array(begins, np.int64)), len(t)).astype(np.int64)


@dataclass(frozen=True)
class Periods:
    """Parts of `microseconds` each from time `begin` on, from the first event where none is given.

    Events before and after belong to no part.   Errors: InputError for no part or no length.
    """

    microseconds: int
    parts: int
    begin: int | None = None

    def __post_init__(self) -> None:
        _check_parts(self.parts)
        if self.microseconds < 1:
            raise InputError(f"a period lasts a microsecond or more, got {self.microseconds}")

    def edges(self, events: EventStream) -> NDArray[np.int64]:
        """Return where parts begin and end, (parts + 1,).   Errors: InputError where events are not in order."""
        t = events.in_order().t
        begin = self.begin if self.begin is not None else int(t[0]) if len(t) else 0
        return np.searchsorted(t, begin + self.microseconds * np.arange(self.parts + 1)).astype(np.int64)


def _check_parts(parts: int) -> None:
    if parts < 1:
        raise InputError(f"a recording is cut into a part or more, got {parts}")
