"""What a network is shown: a shape that moves, from the same place or from anywhere, with or without polarity."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import UnknownName
from spikesight.datasets.moving_shapes import DIRECTIONS, SHAPES, Events, Motion, Pixels
from spikesight.encoding.spike_list import SpikeList

Start = Callable[[Motion, str, np.random.Generator], tuple[int, int]]


def shape_called(name: str) -> Pixels:
    """Return a shape.   Errors: UnknownName."""
    if name not in SHAPES:
        raise UnknownName("shape", name, SHAPES)
    return SHAPES[name]


def fixed(motion: Motion, direction: str, random: np.random.Generator) -> tuple[int, int]:
    """Start at the same place each time."""
    return 1, 1


def anywhere(motion: Motion, direction: str, random: np.random.Generator) -> tuple[int, int]:
    """Start at any place of the torus."""
    row, column = random.integers(0, motion.side, 2)
    return int(row), int(column)


def within(motion: Motion, direction: str, random: np.random.Generator) -> tuple[int, int]:
    """Start anywhere such that all pixels that turn ON one after the other lie in a row within the frame.

    Ways there and ways back then cover the same pixels, each equally often: only the order tells them apart.
    """
    places = []
    for axis, move in enumerate(DIRECTIONS[direction]):
        size = 1 + max(pixel[axis] for pixel in motion.shape)
        low = {1: -size, 0: 0, -1: motion.steps}[move]
        high = {1: motion.side - motion.steps - size, 0: motion.side - size, -1: motion.side}[move]
        places.append(int(random.integers(low, high + 1)))
    return places[0], places[1]


STARTS: dict[str, Start] = {"fixed": fixed, "random": anywhere}


def signed(events: Events, pixels: int) -> NDArray[np.int64]:
    """A line for ON and one for OFF."""
    return events.lines(pixels)


def unsigned(events: Events, pixels: int) -> NDArray[np.int64]:
    """The same line for ON and OFF."""
    return events.pixel


POLARITIES = {"both": (2, signed), "none": (1, unsigned)}
"""Lines per pixel, and which line an event is on."""


@dataclass(frozen=True)
class Drawn:
    """One pattern: its direction, where it started, its spikes."""

    direction: int
    start: tuple[int, int]
    spikes: SpikeList


def spikes_of(t: NDArray[np.float64], line: NDArray[np.int64], lines: int, dt: float, steps: int) -> SpikeList:
    """Return events as spikes per step of `dt` seconds; a line fires once in a step."""
    once = np.unique(np.floor(t / dt).astype(np.int64) * lines + line)
    return SpikeList(np.searchsorted(once // lines, np.arange(steps + 1)), (once % lines).astype(np.int32))
