"""The open end of a table: a log of the rows that are in no sealed segment yet.

A row that `append` took is in the operating system's hands: it outlives the process, whatever ends it.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from spikesight.base.atomic import answer, storage, write_all
from spikesight.base.errors import TraceError
from spikesight.trace.frames import Columns, join, rows_of, unpack
from spikesight.trace.layout import tail_path


@dataclass(frozen=True)
class Taken:
    """A log that was closed in order to become segment `number` of `table`."""

    table: str
    number: int
    path: Path


class Tail:
    """Appends batches to the log of a table; another thread may take the log at any time."""

    def __init__(self, folder: Path, table: str, number: int) -> None:
        self._folder, self._table, self._number = folder, table, number
        self._lock = Lock()
        self._descriptor: int | None = None
        self._size = 0
        self._path = folder
        self._opened = 0.0
        self.rows = 0

    def append(self, rows: int, frame: bytes) -> None:
        """Add a packed batch of `rows` rows.   Errors: StorageFull, TraceError; then nothing of the batch is kept."""
        with self._lock:
            descriptor = self._open() if self._descriptor is None else self._descriptor
            try:
                write_all(descriptor, frame)
            except BaseException as error:
                os.ftruncate(descriptor, self._size)
                if isinstance(error, OSError):
                    raise answer(self._path, error, TraceError) from error
                raise
            self._size += len(frame)
            self.rows += rows

    def age(self) -> float:
        """Return for how many seconds the oldest row has been waiting to be sealed."""
        return time.monotonic() - self._opened if self.rows else 0.0

    def take(self) -> Taken | None:
        """Close the log for sealing, so that rows to come go to the next one; None where there are no rows."""
        with self._lock:
            if not self.rows:
                return None
            taken = Taken(self._table, self._number, self._path)
            self._close()
            self._number += 1
            return taken

    def close(self) -> None:
        """Close the file; what is in it stays."""
        with self._lock:
            self._close()

    def _open(self) -> int:
        self._path = tail_path(self._folder, self._table, self._number)
        with storage(self._path, TraceError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        self._opened = time.monotonic()
        return self._descriptor

    def _close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
        self._descriptor, self._size, self.rows = None, 0, 0


class TailView:
    """Reads a log again and again while it grows, every batch once."""

    def __init__(self, table: str, number: int, path: Path) -> None:
        self.table, self.number, self._path = table, number, path
        self._offset = 0
        self._pieces: list[Columns] = []

    def refresh(self) -> bool:
        """Read what was added; whether there was a whole batch.   Errors: FileNotFoundError once the log was sealed."""
        with self._path.open("rb") as log:
            log.seek(self._offset)
            columns, used = unpack(self.table, log.read())
        self._offset += used
        if used:
            self._pieces.append(columns)
        return used > 0

    @property
    def columns(self) -> Columns:
        """All rows read so far."""
        if len(self._pieces) != 1:
            self._pieces = [join(self.table, self._pieces)]
        return self._pieces[0]

    @property
    def rows(self) -> int:
        """Number of rows read so far."""
        return sum(rows_of(piece) for piece in self._pieces)
