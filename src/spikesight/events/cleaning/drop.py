"""Some events are left out on purpose: less to compute, more varied to learn from, a control of what chooses better."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.base.randomness import generator
from spikesight.events.cleaning.checks import check_counts, check_share
from spikesight.events.stream import EventStream


@dataclass(frozen=True)
class DropShare:
    """Leave out a random `share` of the events: floor(N (1 - share)) stay, in their order."""

    share: float = 0.1
    seed: int = 0

    def __post_init__(self) -> None:
        check_share(self.share)

    def __call__(self, events: EventStream) -> EventStream:
        """Return the events that stay."""
        # As a fraction: 10 (1 - 0.9) is 1, not 0.9999.
        stay = int(len(events) * (1 - Fraction(str(self.share))))
        return kept(events, stay, self.seed).after(repr(self))


def kept(events: EventStream, count: int, seed: int) -> EventStream:
    """Return `count` events drawn at random, in their order; all where there are not more.   Errors: InputError."""
    if count < 0:
        raise InputError(f"0 events or more are kept, got {count}")
    if count >= len(events):
        return events
    chosen = generator(seed, "kept events").choice(len(events), count, replace=False, shuffle=False)
    mask = np.zeros(len(events), np.bool_)
    mask[chosen] = True
    return events.of(mask)


@dataclass(frozen=True)
class EveryNth:
    """Keep one of `n` events, the first one first.   Errors: InputError."""

    n: int = 2

    def __post_init__(self) -> None:
        check_counts(n=self.n)

    def __call__(self, events: EventStream) -> EventStream:
        """Return a view of every n-th event."""
        return events.of(slice(None, None, self.n)).after(repr(self))


@dataclass(frozen=True)
class DropTime:
    """Leave out what happens in a stretch of `share` of the recording, which begins at random within it.

    Source: Gu et al., EventDrop, IJCAI 2021.
    """

    share: float = 0.1
    seed: int = 0

    def __post_init__(self) -> None:
        check_share(self.share)

    def __call__(self, events: EventStream) -> EventStream:
        """Return the events before and after."""
        if not len(events):
            return events.after(repr(self))
        first, lasting = int(events.t.min()), int(events.t.max()) - int(events.t.min()) + 1
        gone = round(self.share * lasting)
        begin = first + int(generator(self.seed, "dropped time").integers(0, lasting - gone + 1))
        return events.of((events.t < begin) | (events.t >= begin + gone)).after(repr(self))


@dataclass(frozen=True)
class DropArea:
    """Leave out what happens in a window of `share` of the width and of the height, somewhere on the sensor.

    Source: Gu et al., EventDrop, IJCAI 2021.
    """

    share: float = 0.25
    seed: int = 0

    def __post_init__(self) -> None:
        check_share(self.share)

    def __call__(self, events: EventStream) -> EventStream:
        """Return the events beside the window."""
        random = generator(self.seed, "dropped area")
        inside = _within(events.x, events.width, self.share, random) & _within(
            events.y, events.height, self.share, random
        )
        return events.of(~inside).after(repr(self))


def _within(places: NDArray[np.uint16], size: int, share: float, random: np.random.Generator) -> NDArray[np.bool_]:
    gone = round(share * size)
    begin = int(random.integers(0, size - gone + 1))
    inside: NDArray[np.bool_] = (places >= begin) & (places < begin + gone)
    return inside
