"""The thread that turns logs into sealed segments while the run goes on.

It takes a log, reads it back (so what is sealed is what was safely written), has DuckDB write the segment, adds a line
to the manifest and only then deletes the log. Whatever fails, every row stays in a log or in a listed segment. Then it
counts what was sealed (`aggregates`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from threading import Condition, Thread
from typing import Final

from spikesight.base.atomic import sync
from spikesight.base.errors import TraceError
from spikesight.trace.aggregates.keeper import Keeper
from spikesight.trace.counted import counted
from spikesight.trace.frames import Columns, unpack
from spikesight.trace.header import read_header
from spikesight.trace.manifest import ManifestLog, Segment, read_manifest
from spikesight.trace.schema import counts_table, kind_of, spikes_table
from spikesight.trace.segments import connect, write_segment
from spikesight.trace.tail import Tail, Taken

SEGMENT_ROWS: Final = 1 << 20
SEAL_AFTER: Final = 20.0
"""Seconds after which rows are sealed even if there are few of them."""

LOOK_EVERY: Final = 1.0


class Sealer:
    """Owns the logs of a trace that is being written, and the thread that seals them."""

    def __init__(self, folder: Path, numbers: Mapping[str, int]) -> None:
        """`numbers` are the numbers of the next segments, by table; 0 where a table is not listed."""
        self._folder, self._numbers = folder, numbers
        layers = read_header(folder).layers
        self._counted = {spikes_table(layer.name): layer for layer in layers if not layer.recorded.rows}
        self._manifest = ManifestLog(folder)
        self._tails: dict[str, Tail] = {}
        self._turn = Condition()
        self._asked = self._done = 0
        self._closing = self.reported = False
        self.error: TraceError | None = None
        self._thread = Thread(target=self._work, name="trace sealer", daemon=True)
        self._thread.start()

    def append(self, table: str, rows: int, frame: bytes) -> None:
        """Add a packed batch to the log of `table`; waits where sealing cannot keep up.

        Errors: StorageFull, TraceError, also of sealing since the last call.
        """
        self.check()
        tail = self._tails.get(table)
        if tail is None:
            tail = self._tails[table] = Tail(self._folder, table, self._numbers.get(table, 0))
        tail.append(rows, frame)
        if tail.rows >= SEGMENT_ROWS:
            self._make_room(tail)

    def seal(self) -> int:
        """Seal every row appended so far and return the number of lines of the manifest.   Errors: as `append`."""
        with self._turn:
            self._asked += 1
            ticket = self._asked
            self._turn.notify_all()
            self._turn.wait_for(lambda: self._done >= ticket or self.error is not None)
        self.check()
        return self._manifest.count

    def check(self) -> None:
        """Raise what went wrong in the thread, if anything did."""
        if self.error is not None:
            self.reported = True
            raise self.error

    def close(self) -> None:
        """Stop the thread and close all files; rows that are not sealed stay in their logs."""
        with self._turn:
            self._closing = True
            self._turn.notify_all()
        self._thread.join()
        for tail in self._tails.values():
            tail.close()
        self._manifest.close()

    def _make_room(self, tail: Tail) -> None:
        with self._turn:
            self._turn.notify_all()
            self._turn.wait_for(lambda: tail.rows < 2 * SEGMENT_ROWS or self.error is not None)

    def _work(self) -> None:
        try:
            with connect(threads=1) as self._connection:
                self._keeper = Keeper(self._connection, self._folder, read_manifest(self._folder))
                while not self._closing:
                    self._one_turn()
                self._keeper.work(closing=True)
        except Exception as error:  # whatever it is, the thread that appends must hear of it
            with self._turn:
                self.error = error if isinstance(error, TraceError) else _as_answer(self._folder, error)
                self._turn.notify_all()

    def _one_turn(self) -> None:
        with self._turn:
            self._turn.wait_for(lambda: self._asked > self._done or self._closing or self._any_full(), LOOK_EVERY)
            everything, ticket = self._asked > self._done, self._asked
        self._seal(tail for tail in list(self._tails.values()) if everything or _is_due(tail))
        with self._turn:
            self._done = ticket
            self._turn.notify_all()

    def _any_full(self) -> bool:
        return any(tail.rows >= SEGMENT_ROWS for tail in list(self._tails.values()))

    def _seal(self, tails: Iterable[Tail]) -> None:
        taken = [one for one in (tail.take() for tail in tails) if one is not None]
        if not taken:
            return
        with self._turn:
            self._turn.notify_all()  # the next logs are open: whoever waits for room has it
        self._manifest.add([self._write(one) for one in taken])
        for one in taken:
            one.path.unlink()
        self._keeper.work()

    def _write(self, taken: Taken) -> Segment:
        columns, _ = unpack(taken.table, taken.path.read_bytes())
        if kind_of(taken.table) == "weights":
            self._sync_snapshots(taken, columns)
        table = taken.table
        if layer := self._counted.get(table):
            table, columns = counts_table(layer.name), counted(columns, layer.size)
        segment = write_segment(self._connection, self._folder, table, taken.number, columns)
        self._keeper.sealed(segment, columns)
        return segment

    def _sync_snapshots(self, taken: Taken, columns: Columns) -> None:
        for name in columns["file"]:
            sync(self._folder / taken.table / name)


def _is_due(tail: Tail) -> bool:
    return tail.rows >= SEGMENT_ROWS or tail.age() >= SEAL_AFTER


def _as_answer(folder: Path, error: Exception) -> TraceError:
    answer = TraceError(f"sealing the trace in {folder} failed: {error}. The rows are safe in {folder / 'tail'}")
    answer.__cause__ = error
    return answer
