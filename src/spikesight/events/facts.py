"""What an event file holds, in numbers: found in one pass, in memory that does not grow with the file."""

from __future__ import annotations

import hashlib
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Any

import numpy as np

from spikesight.base.progress import SILENT, Progress
from spikesight.events.files.format import Columns
from spikesight.events.files.reading import PIECE, EventFile

GAPS = 3
"""So many of the longest silences are told."""
IN_MEMORY = 1 << 26
BITE = 1 << 20


@dataclass(frozen=True)
class Facts:
    """Facts of a file; times in microseconds, absolute, None where there is no event.

    `variant` is what the file says of its own kind. `gaps` are the longest times without an event, as (from, length).
    `sha256` is that of all times (int64), then all x, all y (uint16) and all polarities (uint8), little-endian: it does
    not depend on the format. `triggers`, `inertial` and `frames` are counted; `notes` tell what is wrong with the file.
    """

    format: str
    variant: str
    width: int
    height: int
    count: int
    on: int
    t_first_us: int | None
    t_last_us: int | None
    backward_steps: int
    gaps: tuple[tuple[int, int], ...]
    triggers: int
    inertial: int
    frames: int
    sha256: str
    notes: tuple[str, ...]

    @property
    def duration_us(self) -> int:
        """From the first event to the last; negative where the clock stepped back by more than it went on."""
        return 0 if self.t_first_us is None or self.t_last_us is None else self.t_last_us - self.t_first_us

    @property
    def rate(self) -> float | None:
        """Events a second, None where no time passes."""
        return self.count / (self.duration_us * 1e-6) if self.duration_us > 0 else None

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {**asdict(self), "duration_us": self.duration_us, "rate_hz": self.rate}


def facts_of(file: EventFile, progress: Progress = SILENT) -> Facts:
    """Go through `file` once and return its facts; `progress` is told the events that are done.

    Errors: those of reading it.
    """
    reading = file.format.open(file.source)
    with _Tally() as tally:
        for columns in reading.pieces(PIECE):
            tally.add(columns)
            progress.advance(len(columns.t))
        width, height = reading.sensor(tally.width, tally.height)
        return Facts(
            file.format.name,
            reading.variant,
            width,
            height,
            tally.count,
            tally.on,
            tally.first,
            tally.last,
            tally.backward,
            tuple(tally.gaps),
            sum(len(piece.t) for piece in reading.beside.triggers),
            sum(len(piece.t) for piece in reading.beside.inertial),
            len(reading.beside.frames),
            tally.digest(),
            tuple(reading.notes),
        )


class _Tally:
    """What is counted while events go by. The hash wants a column after the other: all but times are spooled."""

    def __init__(self) -> None:
        self.count = self.on = self.backward = 0
        self.first: int | None = None
        self.last: int | None = None
        self.width = self.height = 1
        self.gaps: list[tuple[int, int]] = []
        self._hash = hashlib.sha256()
        self._files = ExitStack()
        self._columns: list[IO[bytes]] = []

    def __enter__(self) -> _Tally:
        for _ in range(3):
            self._columns.append(self._files.enter_context(SpooledTemporaryFile(IN_MEMORY)))
        return self

    def __exit__(self, *_: object) -> None:
        self._files.close()

    def add(self, columns: Columns) -> None:
        """Count a piece."""
        if not len(columns.t):
            return
        times = columns.t if self.last is None else np.concatenate([[self.last], columns.t])
        steps = np.diff(times)
        self.backward += int(np.count_nonzero(steps < 0))
        self._keep_longest(times, steps)
        self.first = int(columns.t[0]) if self.first is None else self.first
        self.last = int(columns.t[-1])
        self.count += len(columns.t)
        self.on += int(np.count_nonzero(columns.p))
        self.width = max(self.width, int(columns.x.max()) + 1)
        self.height = max(self.height, int(columns.y.max()) + 1)
        self._hash.update(columns.t.astype("<i8", copy=False).tobytes())
        for file, column, kind in zip(self._columns, columns[1:], ("<u2", "<u2", "u1"), strict=True):
            file.write(column.astype(kind, copy=False).tobytes())

    def _keep_longest(self, times: Any, steps: Any) -> None:
        longest = np.argsort(-steps, kind="stable")[:GAPS] if len(steps) <= GAPS else _largest(steps)
        found = [(int(times[k]), int(steps[k])) for k in longest if steps[k] > 0]
        self.gaps = sorted([*self.gaps, *found], key=lambda gap: -gap[1])[:GAPS]  # of equal ones, the first recorded

    def digest(self) -> str:
        """Return the hash of all columns."""
        for file in self._columns:
            file.seek(0)
            while bite := file.read(BITE):
                self._hash.update(bite)
        return self._hash.hexdigest()


def _largest(steps: Any) -> Any:
    """Return where the longest steps are; of equal ones, the first.

    A partial sort does not say which of equal ones it takes: all that are as long as the shortest taken are looked at.
    """
    least = np.partition(steps, len(steps) - GAPS)[len(steps) - GAPS]
    places = np.flatnonzero(steps >= least)
    return places[np.argsort(-steps[places], kind="stable")[:GAPS]]
