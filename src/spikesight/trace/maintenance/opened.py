"""A trace opened for looking after it: its header, its lists, and its rows as they lie on disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from spikesight.trace import layout
from spikesight.trace.frames import Columns, rows_of
from spikesight.trace.header import read_header
from spikesight.trace.manifest import Segment, read_manifest
from spikesight.trace.schema import Header
from spikesight.trace.store import Store


def trace_folder(folder: Path) -> Path:
    """Return the folder of the trace that `folder` holds, or is."""
    inner = Path(folder) / "trace"
    return inner if (inner / layout.HEADER).exists() else Path(folder)


@dataclass(frozen=True)
class Opened:
    """A trace as it was when it was opened: header, sealed segments, and the store that reads them and the logs."""

    folder: Path
    header: Header
    segments: tuple[Segment, ...]
    store: Store

    def tails(self) -> dict[str, Columns]:
        """Return the rows that are not sealed, by table."""
        found = {table: self.store.parts(table)[1] for table in self.store.tables()}
        return {table: rows for table, rows in found.items() if rows is not None}

    def rows(self) -> dict[str, int]:
        """Return the number of rows of every table, sealed or not."""
        counts = {table: rows_of(columns) for table, columns in self.tails().items()}
        for segment in self.segments:
            counts[segment.table] = counts.get(segment.table, 0) + segment.rows
        return counts

    def stimuli(self) -> tuple[int, int] | None:
        """Return the lowest and the highest number that a stimulus has; None where nothing has one."""
        unsealed = [rows["stim"] for rows in self.tails().values() if "stim" in rows]
        spans = [(one.stim_first, one.stim_last) for one in self.segments]
        spans += [(int(numbers.min()), int(numbers.max())) for numbers in unsealed]
        known = [(max(first, 0), last) for first, last in spans if first is not None and last is not None and last >= 0]
        return (min(first for first, _ in known), max(last for _, last in known)) if known else None


@contextmanager
def opened(folder: Path) -> Iterator[Opened]:
    """Open the trace in `folder`, which may be the folder of its run.   Errors: TraceError for no trace."""
    folder = trace_folder(folder)
    header = read_header(folder)
    store = Store(folder)
    try:
        yield Opened(folder, header, tuple(read_manifest(folder)), store)
    finally:
        store.close()
