"""A new trace made of rows that exist already: packed into big segments, without a log, since nothing could be lost."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from spikesight.base.atomic import storage
from spikesight.base.errors import TraceError
from spikesight.base.progress import Progress
from spikesight.trace import layout
from spikesight.trace.aggregates.rebuild import rebuild_aggregates
from spikesight.trace.counted import counted
from spikesight.trace.frames import Columns, join, rows_of
from spikesight.trace.header import write_header
from spikesight.trace.maintenance.parts import Part, cannot_be
from spikesight.trace.maintenance.tables import sealed_as, units_of
from spikesight.trace.manifest import Segment, write_manifest
from spikesight.trace.schema import Header, kind_of
from spikesight.trace.sealer import SEGMENT_ROWS
from spikesight.trace.segments import connect, write_segment


class Packer:
    """Fills the empty folder of a trace, table by table; `finish` makes it a trace. A context: leaving it ends it.

    Errors of every method: StorageFull, TraceError.
    """

    def __init__(self, folder: Path, header: Header, progress: Progress) -> None:
        self._folder, self._header, self._progress = folder, header, progress
        self._segments: list[Segment] = []
        self._numbers: Counter[str] = Counter()
        self._connection = connect(threads=1)

    def __enter__(self) -> Packer:
        return self

    def __exit__(self, *trouble: object) -> None:
        self._connection.close()

    @property
    def rows(self) -> int:
        """Number of rows written so far."""
        return sum(segment.rows for segment in self._segments)

    def table(self, name: str, parts: Sequence[Part], more: Sequence[Columns] = ()) -> None:
        """Write the rows that `parts` have in the table `name`, part after part, and then those of `more`.

        Weight snapshots are copied along. Errors: also those of `Part.rows`.
        """
        target, snapshots = sealed_as(name, self._header), 0
        waiting = _Waiting(target)
        for part in parts:
            for piece in part.rows(name, self._connection):
                self._check_units(name, piece)
                if kind_of(name) == "weights":
                    piece["file"] = self._copied(part.store.folder / name, name, piece["file"], snapshots)
                    snapshots += rows_of(piece)
                if target != name and rows_of(piece):
                    piece = counted(piece, self._header.layer(name.partition("/")[2]).size)
                waiting.add(piece)
                while waiting.rows >= SEGMENT_ROWS:
                    self._write(target, waiting.take(SEGMENT_ROWS))
        for piece in more:
            waiting.add(piece)
        if waiting.rows:
            self._write(target, waiting.take(waiting.rows))

    def finish(self) -> None:
        """Write the list and the header, and count the spikes."""
        with storage(self._folder, TraceError):
            write_manifest(self._folder, self._segments)
            write_header(self._folder, self._header)
            rebuild_aggregates(self._folder)

    def _check_units(self, table: str, rows: Columns) -> None:
        size = units_of(table, self._header)
        if size is not None and rows_of(rows) and not 0 <= rows["unit"].min() <= rows["unit"].max() < size:
            raise cannot_be(table, "of units that its layer has not")

    def _write(self, table: str, columns: Columns) -> None:
        number = self._numbers[table]
        self._numbers[table] += 1
        self._segments.append(write_segment(self._connection, self._folder, table, number, columns))
        self._progress.advance(rows_of(columns))

    def _copied(self, source: Path, table: str, files: np.ndarray, first: int) -> np.ndarray:
        names = [layout.snapshot_name(first + place) for place in range(len(files))]
        target = self._folder / table
        with storage(target, TraceError):
            target.mkdir(parents=True, exist_ok=True)
            for file, name in zip(files, names, strict=True):
                if layout.number_of(file) is None or "/" in file or not (source / file).is_file():
                    raise TraceError(
                        f"{source} has no snapshot '{file}', but lists it: restore it from a copy, or see what "
                        "`spikesight trace check` says"
                    )
                shutil.copyfile(source / file, target / name)
        return np.array(names, dtype=object)


class _Waiting:
    """Rows that do not fill a segment yet."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._pieces: list[Columns] = []
        self.rows = 0

    def add(self, piece: Columns) -> None:
        self._pieces.append(piece)
        self.rows += rows_of(piece)

    def take(self, rows: int) -> Columns:
        """Remove and return the first `rows` rows."""
        joined = join(self._table, self._pieces)
        self._pieces = [{name: column[rows:] for name, column in joined.items()}]
        self.rows -= rows
        return {name: column[:rows] for name, column in joined.items()}
