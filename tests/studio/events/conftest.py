"""A made-up recording with everything that files may have beside events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest

from spikesight.events.files.format import Columns, Likeness, Reading
from spikesight.events.files.reading import EventFile
from spikesight.events.recording import Frame, Inertial, Triggers, no_inertial, no_triggers
from spikesight.studio.events.open_events import OpenEvents

BEGIN = 5_000_000_000_000
"""Microseconds: nothing may take times for small ones."""
WIDTH, HEIGHT = 12, 7


class _Reading(Reading):
    def __init__(self, source, made):
        super().__init__(source, "made up", *made.sensor)
        self.made = made

    def pieces(self, events: int) -> Iterator[Columns]:
        made = self.made
        self.beside.triggers.append(made.triggers)
        self.beside.inertial.append(made.inertial)
        for first in range(0, len(made.columns.t), made.piece):
            self.beside.frames.extend(made.frames if first == 0 else [])
            yield Columns(*(column[first : first + made.piece].copy() for column in made.columns))
        if made.error is not None:
            raise made.error(self)


@dataclass(frozen=True, eq=False)
class Made:
    """A format whose only file holds `columns`."""

    columns: Columns
    sensor: tuple[int | None, int | None] = (WIDTH, HEIGHT)
    piece: int = 1000
    triggers: Triggers = field(default_factory=no_triggers)
    inertial: Inertial = field(default_factory=no_inertial)
    frames: tuple[Frame, ...] = ()
    error: Any = None

    name = "made"
    title = "made up"
    suffixes = ()

    def sniff(self, source):
        return Likeness.NO

    def open(self, source):
        return _Reading(source, self)

    @property
    def file(self):
        return EventFile(b"bytes", self, "made-up.events")


def made_up(events=9000, seed=3, **more):
    rng = np.random.default_rng(seed)
    # Half of them lie in the first tenth; nothing happens for 300 ms after half a second.
    t = np.sort(
        np.concatenate([rng.integers(0, 100_000, events // 2), rng.integers(0, 1_000_000, events - events // 2)])
    )
    t = t + BEGIN + np.where(t > 500_000, 300_000, 0)
    columns = Columns(
        t,
        rng.integers(0, WIDTH, events).astype(np.uint16),
        rng.integers(0, HEIGHT, events).astype(np.uint16),
        rng.random(events) < 0.6,
    )
    return Made(columns, **more)


@pytest.fixture(scope="session")
def made():
    first = int(made_up().columns.t[0])
    samples = 500
    inertial = Inertial(
        first + 2000 * np.arange(samples),
        np.tile([0.0, 9.81, 0.0], (samples, 1)) + np.arange(samples)[:, None] / samples,
        np.zeros((samples, 3)),
        np.full(samples, np.nan),
    )
    triggers = Triggers(first + np.array([100_000, 700_000]), np.zeros(2, np.int64), np.array([True, False]))
    frames = tuple(Frame(first + t, np.full((HEIGHT, WIDTH), k, np.uint8)) for k, t in enumerate((50_000, 400_000)))
    return replace(made_up(), triggers=triggers, inertial=inertial, frames=frames)


@pytest.fixture(scope="session")
def opened(made):
    one = OpenEvents(made.file)
    one.wait()
    yield one
    one.close()


@pytest.fixture(scope="session")
def offsets(made):
    """Times since the first event, (N,)."""
    return made.columns.t - made.columns.t[0]


@pytest.fixture
def opens():
    """A function that opens a made-up file and waits for it."""
    kept = []

    def do(made):
        one = OpenEvents(made.file)
        kept.append(one)
        one.wait()
        return one

    yield do
    for one in kept:
        one.close()
