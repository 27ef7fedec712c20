"""Outlines of squares that drift over a sensor full of noise, with the truth about every event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.events.stream import EventStream

MILLISECOND = 1000
NOISE = -1


class Drawn(NamedTuple):
    """A scene as it was drawn: `source` (N,) is the object an event comes from, or `NOISE`; `places` (ms, objects, 2)
    are the left and upper pixel of each object in each millisecond.
    """

    events: EventStream
    source: NDArray[np.int64]
    places: NDArray[np.int64]


@dataclass(frozen=True)
class Outlines:
    """`objects` squares of `square` pixels on a sensor of `side` pixels, reflected at its borders.

    `speed` is in pixels per second; each pixel of an outline has an event in a millisecond with the chance `hertz`
    / 1000, each pixel of the sensor with `noise` / 1000, at most one of all. Polarities are tossed.
    Errors: InputError where a square does not fit or a number makes no sense.
    """

    side: int = 64
    square: int = 8
    objects: int = 1
    speed: float = 250.0
    hertz: float = 150.0
    noise: float = 10.0
    milliseconds: int = 300

    def __post_init__(self) -> None:
        if not 2 <= self.square < self.side:
            raise InputError(f"an outline has 2 pixels or more and fits the sensor, got {self}")
        if not (0 <= self.hertz <= 1000 and 0 <= self.noise <= 1000 and 0 <= self.speed < np.inf):
            raise InputError(f"rates are 0 to 1000 hertz (an event per pixel and millisecond), got {self}")
        if self.objects < 0 or self.milliseconds < 1:
            raise InputError(f"a scene lasts a millisecond or more and has objects or none, got {self}")

    @property
    def signal(self) -> float:
        """Events per millisecond that an object is expected to make."""
        return 4 * (self.square - 1) * self.hertz / 1000

    def draw(self, random: np.random.Generator) -> Drawn:
        """Draw where the objects begin, where they drift, and all events."""
        places = self._places(random)
        seen = np.where(random.random((self.milliseconds, self.side, self.side)) < self.noise / 1000, NOISE, NOISE - 1)
        outline = np.zeros((self.square, self.square), np.bool_)
        outline[[0, -1], :] = outline[:, [0, -1]] = True
        for k in range(self.milliseconds):
            for number, (x, y) in enumerate(places[k]):
                fired = outline & (random.random(outline.shape) < self.hertz / 1000)
                seen[k, y : y + self.square, x : x + self.square][fired] = number
        when, y, x = np.nonzero(seen >= NOISE)
        t = when * MILLISECOND + random.integers(0, MILLISECOND, len(when))
        order = np.argsort(t, kind="stable")
        p = random.random(len(t)) < 0.5
        events = EventStream(t[order], x[order], y[order], p, self.side, self.side)  # type: ignore[arg-type]
        return Drawn(events, seen[when, y, x][order], places)

    def _places(self, random: np.random.Generator) -> NDArray[np.int64]:
        room = self.side - self.square
        angle = random.uniform(0.0, 2.0 * np.pi, self.objects)
        start = random.uniform(0.0, room, (self.objects, 2))
        velocity = self.speed / 1000 * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
        free = start + velocity * np.arange(self.milliseconds)[:, None, None]
        reflected: NDArray[np.float64] = room - np.abs(free % (2.0 * room) - room)
        return np.floor(reflected).astype(np.int64)
