"""A small shape that moves over a torus of pixels, as an event camera sees it: where it comes a pixel turns ON, where
it leaves one turns OFF.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError, UnknownName

Pixels = tuple[tuple[int, int], ...]
"""Places of a shape, (row, column) from its corner."""

SHAPES: dict[str, Pixels] = {
    "pixel": ((0, 0),),
    "square": ((0, 0), (0, 1), (1, 0), (1, 1)),
    "diagonal": ((0, 0), (1, 1), (2, 2)),
    "edge": ((0, 0), (1, 0), (2, 0)),
}

DIRECTIONS = {"E": (0, 1), "W": (0, -1), "S": (1, 0), "N": (-1, 0)}
"""Rows and columns per step; their order numbers the directions."""


class Events(NamedTuple):
    """Events in order of time: t (N,) seconds, pixel (N,) numbered row by row, on (N,) whether it turned ON."""

    t: NDArray[np.float64]
    pixel: NDArray[np.int64]
    on: NDArray[np.bool_]

    def lines(self, pixels: int) -> NDArray[np.int64]:
        """Return lines of their own for ON (from 0) and OFF (from `pixels`), (N,)."""
        return np.where(self.on, self.pixel, self.pixel + pixels)

    def only_on(self) -> Events:
        """Return the ON events."""
        return Events(self.t[self.on], self.pixel[self.on], self.on[self.on])


@dataclass(frozen=True)
class Motion:
    """How a shape moves on a torus of `side` x `side` pixels: a pixel further every `step` seconds, `steps` times.

    The first move is at 0. Each event is late by up to `jitter` seconds; `noise` is the rate of events out of nowhere,
    in hertz per pixel and polarity.   Errors: InputError where the shape does not fit or a number makes no sense.
    """

    shape: Pixels
    side: int = 5
    step: float = 10e-3
    steps: int = 20
    jitter: float = 1e-3
    noise: float = 0.0

    def __post_init__(self) -> None:
        within = all(0 <= place < self.side for pixel in self.shape for place in pixel)
        if not self.shape or not within or len(set(self.shape)) < len(self.shape):
            raise InputError(f"a shape is of different pixels within {self.side} x {self.side}, got {self.shape}")
        if not (0 < self.step < np.inf and self.steps >= 1 and 0 <= self.jitter < np.inf and 0 <= self.noise < np.inf):
            raise InputError(f"a motion takes time and steps, jitter and noise are not negative, got {self}")

    @property
    def pixels(self) -> int:
        """Number of pixels."""
        return self.side**2

    @property
    def seconds(self) -> float:
        """How long it takes."""
        return self.step * self.steps

    def events(self, direction: str, start: tuple[int, int], random: np.random.Generator) -> Events:
        """Return the events of the shape moving to `direction` from `start`, (row, column) of its corner.

        Errors: UnknownName.
        """
        if direction not in DIRECTIONS:
            raise UnknownName("direction", direction, DIRECTIONS)
        where = [self._covered(direction, start, k) for k in range(self.steps + 1)]
        moves = [
            (k * self.step, pixel, on)
            for k, (before, after) in enumerate(itertools.pairwise(where))
            for on, pixels in ((True, after - before), (False, before - after))
            for pixel in sorted(pixels)
        ]
        found = np.array(moves, np.float64).reshape(-1, 3)
        noise = self._noise(random)
        t = np.concatenate([found[:, 0] + random.uniform(0.0, self.jitter, len(found)), noise.t])
        pixel = np.concatenate([found[:, 1].astype(np.int64), noise.pixel])
        on = np.concatenate([found[:, 2].astype(np.bool_), noise.on])
        order = np.argsort(t, kind="stable")
        return Events(t[order], pixel[order], on[order])

    def _covered(self, direction: str, start: tuple[int, int], k: int) -> set[int]:
        rows, columns = (place + k * move for place, move in zip(start, DIRECTIONS[direction], strict=True))
        return {(r + rows) % self.side * self.side + (c + columns) % self.side for r, c in self.shape}

    def _noise(self, random: np.random.Generator) -> Events:
        count = random.poisson(self.noise * self.seconds * 2 * self.pixels)
        line = random.integers(0, 2 * self.pixels, count)
        return Events(random.uniform(0.0, self.seconds, count), line % self.pixels, line < self.pixels)
