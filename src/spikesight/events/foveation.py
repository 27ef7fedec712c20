"""Sharp where it matters, coarse elsewhere: full resolution in regions of interest, fewer and larger pixels around.

    events --reducer--> coarse events --any network--> regions of interest
    events in regions + coarse events beside them = foveated stream

Regions may come from anywhere: `spikesight.zoo` has networks that find them, a tracker or a label does as well.
Source: Gruel et al., Stakes of neuromorphic foveation, Biological Cybernetics 2023 (binary foveation).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from spikesight.base.randomness import generator
from spikesight.events.cleaning.event_count import EventCount
from spikesight.events.regions_of_interest import RegionsOfInterest
from spikesight.events.stream import EventStream, together


class Reducer(Protocol):
    """What makes events of cells of `factor` x `factor` pixels: Funnelling, EventCount, LogLuminance."""

    @property
    def factor(self) -> int:
        """Pixels along a cell."""

    def __call__(self, events: EventStream, /) -> EventStream:
        """Return the events of the cells, a sensor of ceil(width / factor) x ceil(height / factor)."""


@dataclass(frozen=True, eq=False)
class Foveated:
    """Events `inside` of regions at full resolution, and events `outside` of cells of `factor` x `factor` pixels.

    Its length is the number of both: what is sent and computed. Count before `spread`, which makes more of them.
    """

    inside: EventStream
    outside: EventStream
    factor: int

    def __len__(self) -> int:
        return len(self.inside) + len(self.outside)

    def spread(self, seed: int) -> EventStream:
        """Return one stream at full resolution, in order of time, for what takes one.

        Each event of a cell becomes factor^2 events at random pixels of it (one pixel may be drawn twice), fewer by
        chance where a cell sticks out of the sensor. They carry no more information than the one.
        """
        many = self.factor**2
        outside = self.outside.of(np.repeat(np.arange(len(self.outside)), many))
        right, down = generator(seed, "spread events").integers(0, self.factor, (2, len(outside)))
        x, y = outside.x.astype(np.int64) * self.factor + right, outside.y.astype(np.int64) * self.factor + down
        on = (x < self.inside.width) & (y < self.inside.height)
        there = replace(
            outside.of(on),
            x=x[on].astype(np.uint16),
            y=y[on].astype(np.uint16),
            width=self.inside.width,
            height=self.inside.height,
        )
        return together(self.inside, there).after(f"spread over {self.factor} x {self.factor} pixels, seed {seed}")


def foveate(events: EventStream, coarse: EventStream, factor: int, regions: RegionsOfInterest) -> Foveated:
    """Return the events in regions, and the coarse events of cells that do not lie in them completely.

    So nothing is lost where the border of a region cuts a cell, and told twice there.
    Errors: InputError where `coarse` is not of cells of `factor` x `factor` pixels of the sensor, or either stream is
    not in order of time.
    """
    beside = ~regions.hold_cells(coarse, factor, events.width, events.height)
    return Foveated(events.of(regions.hold(events)), coarse.of(beside), factor)


USUAL = EventCount()
"""Cells of 4 x 4 that count."""


@dataclass(frozen=True)
class Foveation:
    """Foveate a stream whose coarse events a `reducer` makes."""

    reducer: Reducer = USUAL

    def __call__(self, events: EventStream, regions: RegionsOfInterest) -> Foveated:
        """Return both parts of the stream.   Errors: InputError where events are not in order of time."""
        found = foveate(events, self.reducer(events), self.reducer.factor, regions)
        told = f"in {len(regions)} regions of interest"
        return replace(found, inside=found.inside.after(told), outside=found.outside.after(f"not {told}"))
