"""Events kept as plain columns in files that nobody else sees, so that any moment of a recording is at hand.

Formats pack times as differences, and a decoder must begin at the beginning. Thirteen bytes an event on disk make every
window a search instead. The files have no name: the system takes them back however this process ends.
"""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from spikesight.base.atomic import storage
from spikesight.base.errors import SpikesightError
from spikesight.events.files.format import Columns
from spikesight.events.recording import Frame
from spikesight.events.stream import COLUMNS


class SpoolError(SpikesightError):
    """The columns cannot be written to the folder for temporary files."""


class Spool:
    """Columns that grow piece by piece, and are then read as if they were in memory.

    Errors: StorageFull where the disk takes no more; SpoolError for any other refusal.
    """

    def __init__(self) -> None:
        self._place = Path(tempfile.gettempdir())
        with storage(self._place, SpoolError):
            self._files: list[IO[bytes]] = [tempfile.TemporaryFile() for _ in COLUMNS]  # noqa: SIM115
        self.events = 0

    def append(self, columns: Columns) -> None:
        """Write more events."""
        with storage(self._place, SpoolError):
            for file, values, kind in zip(self._files, columns, COLUMNS.values(), strict=True):
                file.write(np.ascontiguousarray(values, kind).data)
        self.events += len(columns.t)

    def columns(self) -> Columns:
        """Return what was written, memory mapped; what is written there is kept too."""
        with storage(self._place, SpoolError):
            for file in self._files:
                file.flush()
        pairs = zip(self._files, COLUMNS.values(), strict=True)
        return Columns(*(_mapped(file, np.dtype(kind), self.events) for file, kind in pairs))

    def close(self) -> None:
        """Let go of the files. Columns that somebody still reads stay until they are let go of too."""
        for file in self._files:
            with suppress(OSError):
                file.close()


class FrameSpool:
    """Pictures of a camera, on disk too: a minute of them may be as large as its events."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None  # most cameras take none
        self._places: list[tuple[int, tuple[int, ...], np.dtype[Any]]] = []
        self._times: list[int] = []

    def append(self, frames: list[Frame]) -> None:
        """Write more frames.   Errors: as `Spool`."""
        if not frames:
            return
        with storage(Path(tempfile.gettempdir()), SpoolError):
            file = self._file = self._file or tempfile.TemporaryFile()  # noqa: SIM115
            for frame in frames:
                pixels = np.ascontiguousarray(frame.pixels)
                self._places.append((file.seek(0, 2), pixels.shape, pixels.dtype))
                file.write(pixels.tobytes())
                self._times.append(int(frame.t))
            file.flush()

    def put_in_order(self) -> None:
        """Number the frames by time, those of one time as they came."""
        order = np.argsort(self.t, kind="stable").tolist()
        self._places = [self._places[k] for k in order]
        self._times = [self._times[k] for k in order]

    @property
    def t(self) -> NDArray[np.int64]:
        """When each was taken, in microseconds, (N,)."""
        return np.array(self._times, np.int64)

    def __getitem__(self, number: int) -> Frame:
        """Return a frame.   Errors: IndexError where there is none of this number."""
        offset, shape, kind = self._places[number]
        assert self._file is not None
        if 0 in shape:  # nothing cannot be mapped
            return Frame(self._times[number], np.empty(shape, kind))
        pixels = np.memmap(self._file, kind, "r", offset, shape)
        return Frame(self._times[number], np.array(pixels))

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()


def _mapped(file: IO[bytes], kind: np.dtype[Any], events: int) -> NDArray[Any]:
    # Nothing cannot be mapped.
    return np.memmap(file, kind, "r+", shape=(events,)) if events else np.empty(0, kind)
