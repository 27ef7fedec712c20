"""One pass through a file of events, whatever its size: its columns on disk, in order of time, and their index."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from spikesight.base.errors import InputError
from spikesight.events.files.format import Columns, Reading
from spikesight.events.files.reading import PIECE, EventFile
from spikesight.events.files.source import EventFileError, EventFileWarning
from spikesight.events.recording import all_inertial, all_triggers
from spikesight.studio.events.recorded import Recorded, gaps_of, marks_of
from spikesight.studio.events.spool import FrameSpool, Spool

MOST_SORTED = 1 << 26
"""Events that are put in order of time in memory, at 16 bytes each."""
LONGEST = 1 << 53
"""Microseconds that a page can tell apart: 285 years."""

Told = Callable[[int], bool]
"""Is told the events read so far, and says whether to go on."""


class Stopped(Exception):
    """Nobody wants to see the file any more."""


@dataclass
class _Seen:
    """What is found out on the way."""

    width: int = 1
    height: int = 1
    backward_steps: int = 0
    last: int | None = None

    def take(self, columns: Columns) -> None:
        t = columns.t
        if not len(t):
            return
        self.width = max(self.width, int(columns.x.max()) + 1)
        self.height = max(self.height, int(columns.y.max()) + 1)
        self.backward_steps += int(np.count_nonzero(t[1:] < t[:-1]))
        self.backward_steps += self.last is not None and int(t[0]) < self.last
        self.last = int(t[-1])


def spooled(file: EventFile, told: Told) -> Recorded:
    """Read `file` once, from its first byte to its last.

    Where it is damaged the events before that are kept, and the damage is a note.
    Errors: EventFileError where nothing could be read; InputError where events lie outside of the sensor, or step back
    in time and are too many to be sorted in memory; StorageFull; Stopped where `told` says so.
    """
    reading, spool, frames, seen = file.format.open(file.source), Spool(), FrameSpool(), _Seen()
    try:
        notes = _read(reading, spool, frames, seen, told)
        columns = spool.columns()
        width, height = reading.sensor(seen.width, seen.height)
        if seen.backward_steps:
            _sort(columns, seen.backward_steps, file.source.name)
        _check_length(columns)
        frames.put_in_order()
    except BaseException:
        frames.close()
        raise
    finally:
        spool.close()
    gaps, gap_count = gaps_of(columns.t)
    return Recorded(
        columns,
        width,
        height,
        marks_of(columns.p),
        gaps,
        gap_count,
        seen.backward_steps,
        notes,
        reading.variant,
        all_triggers(reading.beside.triggers),
        all_inertial(reading.beside.inertial),
        frames,
    )


def _read(reading: Reading, spool: Spool, frames: FrameSpool, seen: _Seen, told: Told) -> tuple[str, ...]:
    damage: list[str] = []
    try:
        for columns in reading.pieces(PIECE):
            seen.take(columns)
            spool.append(columns)
            frames.append(reading.beside.frames)
            reading.beside.frames.clear()
            if not told(spool.events):
                raise Stopped
    except EventFileError as error:
        if not spool.events:
            raise
        damage.append(f"{error}; what was read before is shown")
    except EventFileWarning:
        pass  # where warnings are errors; it stands among the notes
    frames.append(reading.beside.frames)
    reading.beside.frames.clear()
    return (*reading.notes, *damage)


def _sort(columns: Columns, steps: int, name: str) -> None:
    if len(columns.t) > MOST_SORTED:
        raise InputError(
            f"{name}: {steps} of {len(columns.t)} events step back in time, and more than {MOST_SORTED} are not sorted "
            "in memory. Cut the file into shorter ones, or convert it in order of time"
        )
    order = np.argsort(columns.t, kind="stable")
    for column in columns:
        column[:] = column[order]


def _check_length(columns: Columns) -> None:
    if len(columns.t) and int(columns.t[-1]) - int(columns.t[0]) >= LONGEST:
        raise InputError(
            f"events from {columns.t[0]} us to {columns.t[-1]} us are more than 285 years apart: is the file damaged, "
            "or of another format than it is read as?"
        )
