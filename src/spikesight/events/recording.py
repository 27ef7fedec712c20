"""What a file of an event camera holds: events, and what else the camera wrote beside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.events.stream import EventStream


class Triggers(NamedTuple):
    """Edges on the camera's inputs from outside: `t` (N,) microseconds, `source` (N,) its number, `rising` (N,)."""

    t: NDArray[np.int64]
    source: NDArray[np.int64]
    rising: NDArray[np.bool_]


class Inertial(NamedTuple):
    """What the camera's motion sensor said: `t` (N,) microseconds, `acceleration` (N, 3) in m/s^2, `rotation` (N, 3) in
    rad/s, `temperature` (N,) in degrees Celsius, NaN where it is not told.
    """

    t: NDArray[np.int64]
    acceleration: NDArray[np.float64]
    rotation: NDArray[np.float64]
    temperature: NDArray[np.float64]


class Frame(NamedTuple):
    """A picture that the camera took at `t` (microseconds, begin of exposure): (height, width), colours last."""

    t: int
    pixels: NDArray[Any]


@dataclass
class Beside:
    """What a file holds beside its events. It grows while the file is read."""

    triggers: list[Triggers] = field(default_factory=list)
    inertial: list[Inertial] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class Recording:
    """A file, read whole: its events, triggers, samples of motion, frames, and the name of its format.

    `notes` tell what a user should know of the file: that it was cut off, or holds what is not kept.
    """

    events: EventStream
    format: str
    notes: tuple[str, ...] = ()
    triggers: Triggers = field(default_factory=lambda: no_triggers())
    inertial: Inertial = field(default_factory=lambda: no_inertial())
    frames: tuple[Frame, ...] = ()


def no_triggers() -> Triggers:
    """Return no edge."""
    return Triggers(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.bool_))


def no_inertial() -> Inertial:
    """Return no sample."""
    return Inertial(np.empty(0, np.int64), np.empty((0, 3)), np.empty((0, 3)), np.empty(0))


def all_triggers(pieces: list[Triggers]) -> Triggers:
    """Return the edges of several pieces one after the other."""
    return Triggers(*map(np.concatenate, zip(no_triggers(), *pieces, strict=True)))


def all_inertial(pieces: list[Inertial]) -> Inertial:
    """Return the samples of several pieces one after the other."""
    return Inertial(*map(np.concatenate, zip(no_inertial(), *pieces, strict=True)))
