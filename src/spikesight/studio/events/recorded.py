"""A recording that is at hand: its events in order of time, and what is counted of them without reading them all."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spikesight.events.files.format import Columns
from spikesight.events.recording import Inertial, Triggers, no_inertial, no_triggers
from spikesight.studio.events.spool import FrameSpool

MARK = 4096
"""Events between two marks of the index."""
SILENT = 100_000
"""Microseconds without an event that are told as a gap."""
MOST_GAPS = 200
"""The longest are kept."""
_AT_ONCE = 1 << 22


@dataclass(frozen=True, eq=False)
class Recorded:
    """Events `columns` in order of time, of `width` x `height` pixels; `frames`, `triggers`, `inertial` beside them.

    `on_before` (marks,) counts the ON events before every `MARK`th one. `gaps` (N, 2) are the first and the last
    microsecond of the longest silent stretches, of which there are `gap_count`. `backward_steps` counts events that
    were earlier than the one recorded before them; `notes` are what the reader had to say.
    """

    columns: Columns
    width: int
    height: int
    on_before: NDArray[np.int64]
    gaps: NDArray[np.int64]
    gap_count: int
    backward_steps: int = 0
    notes: tuple[str, ...] = ()
    variant: str = ""
    triggers: Triggers = field(default_factory=no_triggers)
    inertial: Inertial = field(default_factory=no_inertial)
    frames: FrameSpool = field(default_factory=FrameSpool)

    def __len__(self) -> int:
        return len(self.columns.t)

    @property
    def begin(self) -> int:
        """The time of the first event in microseconds; 0 where there is none."""
        return int(self.columns.t[0]) if len(self) else 0

    @property
    def duration(self) -> int:
        """Microseconds from the first event to the last, both of them in it."""
        return int(self.columns.t[-1]) - self.begin + 1 if len(self) else 0

    def numbers(self, times: ArrayLike) -> NDArray[np.int64]:
        """Return how many events are earlier than each of `times`, microseconds since the first event."""
        last = np.iinfo(np.int64).max - max(self.begin, 0)
        absolute = np.minimum(np.asarray(times, np.int64), last) + self.begin
        return np.searchsorted(self.columns.t, absolute).astype(np.int64)

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Return the numbers of the events from `first` up to, not including, `last`; times as for `numbers`."""
        begin, end = self.numbers((first, last))
        return int(begin), int(end)

    def on_until(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return how many of the events before each of `numbers` are ON."""
        marks = numbers // MARK
        p = self.columns.p
        since = [int(np.count_nonzero(p[m * MARK : n])) for m, n in zip(marks, numbers, strict=True)]
        return self.on_before[marks] + np.array(since, np.int64)

    def close(self) -> None:
        """Let go of the frames; columns go when nobody reads them any more."""
        self.frames.close()


def marks_of(p: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return how many events are ON before number 0, MARK, 2 MARK, ..."""
    counts = [0]
    for first in range(0, len(p), _AT_ONCE):
        piece = p[first : first + _AT_ONCE]
        starts = np.arange(0, len(piece), MARK)
        counts.extend(np.add.reduceat(piece, starts, dtype=np.int64).tolist())
    return np.cumsum(counts)


def gaps_of(t: NDArray[np.int64]) -> tuple[NDArray[np.int64], int]:
    """Return the longest silent stretches of times in order, (N, 2), in order of time, and how many there are."""
    found = np.empty((0, 2), np.int64)
    count = 0
    for first in range(0, len(t), _AT_ONCE):
        piece = t[first : first + _AT_ONCE + 1]
        after = np.flatnonzero(np.diff(piece) > SILENT) + 1
        count += len(after)
        found = np.concatenate([found, np.stack([piece[after - 1], piece[after]], axis=1)])
        longest = np.argsort(found[:, 0] - found[:, 1], kind="stable")[:MOST_GAPS]
        found = found[np.sort(longest)]
    return found, count
