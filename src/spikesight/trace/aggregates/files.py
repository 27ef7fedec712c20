"""Files of aggregates: what a name says, which ones hold, and how one is written.

A name says which segments a file counts, how many rows they have together, and the checksum of its content, so that a
file is never believed that counts other rows than those listed.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np

from spikesight.base.atomic import full_disk_answer, storage, temporary_name
from spikesight.base.errors import TraceError
from spikesight.trace.frames import Columns
from spikesight.trace.manifest import Segment
from spikesight.trace.schema import kind_of, owner_of

FOLDER: Final = "aggregates"
MERGED: Final = 4
"""Files of one rank that are merged into one of the next."""

_NAME: Final = re.compile(r"([a-z]+)-(\d{6,9})-(\d{6,9})-(\d)-(\d{1,18})-(\d{1,18})-(\d{1,9})-([0-9a-f]{8})\.parquet")


@dataclass(frozen=True)
class Aggregate:
    """A file that counts the spikes of one layer in the segments numbered `first` to `last`, which have `rows` rows.

    `rank` r covers about 4^r segments of a million rows. `width`: its finest bins, in ticks or stimuli. `known`: how
    many stimuli of the segments were known when it was written.
    """

    path: Path
    kind: str
    first: int
    last: int
    rank: int
    width: int
    rows: int
    known: int
    checksum: str

    @classmethod
    def at(cls, path: Path) -> Aggregate | None:
        """Return what the name of `path` says; None where it is no name of an aggregate."""
        if not (found := _NAME.fullmatch(path.name)):
            return None
        kind, checksum = found[1], found[8]
        first, last, rank, width, rows, known = (int(found[place]) for place in range(2, 8))
        return cls(path, kind, first, last, rank, width, rows, known, checksum)


def listed(folder: Path, table: str, segments: Sequence[Segment]) -> list[Aggregate]:
    """Return the aggregates of `table` that count exactly rows of `segments`, the listed ones, ordered by name."""
    numbers = np.array([segment.number for segment in segments], dtype=np.int64)
    order = np.argsort(numbers)
    upto = np.concatenate([[0], np.cumsum([segments[place].rows for place in order], dtype=np.int64)])
    found = list(_all(folder / FOLDER / owner_of(table)))
    first = np.searchsorted(numbers[order], [one.first for one in found])
    stop = np.searchsorted(numbers[order], [one.last for one in found], "right")
    return [one for one, rows in zip(found, upto[stop] - upto[first], strict=True) if one.rows == rows > 0]


def stamp_of(folder: Path, table: str) -> int:
    """Return a number that changes whenever an aggregate of `table` is added or deleted; 0 where there are none."""
    try:
        return (folder / FOLDER / owner_of(table)).stat().st_mtime_ns
    except OSError:
        return 0


def is_whole(one: Aggregate) -> bool:
    """Whether the file holds what was written."""
    try:
        return f"{zlib.crc32(one.path.read_bytes()):08x}" == one.checksum
    except OSError:
        return False


def write(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    table: str,
    facts: Mapping[str, Any],
    columns: Columns,
    group_rows: int,
) -> Aggregate:
    """Write `columns` as the aggregate of `table` with these `facts` (fields of `Aggregate`). Nothing is flushed.

    `group_rows`: the rows of a row group of Parquet.

    Errors: StorageFull, TraceError; then there is no such file.
    """
    place = folder / FOLDER / owner_of(table)
    temporary = temporary_name(place / str(facts["kind"]))
    try:
        with storage(place, TraceError):
            place.mkdir(parents=True, exist_ok=True)
            _copy(connection, columns, temporary, group_rows)
            checksum = f"{zlib.crc32(temporary.read_bytes()):08x}"
            path = place / _name(facts, checksum)
            temporary.replace(path)
    except duckdb.Error as error:
        message = str(error).partition("\n")[0]
        raise full_disk_answer(place, message) or TraceError(f"cannot write {place}: {message}") from error
    finally:
        temporary.unlink(missing_ok=True)
    return Aggregate(path=path, checksum=checksum, **facts)


def drop(folder: Path, kept: Iterable[Segment]) -> None:
    """Delete the aggregates that count any segment that is not among `kept`."""
    by_table: dict[str, list[Segment]] = {}
    for segment in kept:
        if kind_of(segment.table) == "spikes":
            by_table.setdefault(owner_of(segment.table), []).append(segment)
    for place in sorted((folder / FOLDER).glob("*")):
        if place.is_dir():
            good = {one.path for one in listed(folder, f"spikes/{place.name}", by_table.get(place.name, []))}
            delete(path for path in place.iterdir() if path not in good)


def delete(paths: Iterable[Path]) -> None:
    """Delete the files `paths`; those that are gone already are no trouble."""
    for path in list(paths):
        with suppress(FileNotFoundError):
            path.unlink()


def _all(place: Path) -> Iterator[Aggregate]:
    with suppress(FileNotFoundError, NotADirectoryError):
        yield from (one for path in sorted(place.iterdir()) if (one := Aggregate.at(path)) is not None)


def _name(facts: Mapping[str, Any], checksum: str) -> str:
    first, last = facts["first"], facts["last"]
    rest = "-".join(str(facts[name]) for name in ("rank", "width", "rows", "known"))
    return f"{facts['kind']}-{first:06d}-{last:06d}-{rest}-{checksum}.parquet"


def _copy(connection: duckdb.DuckDBPyConnection, columns: Columns, path: Path, group_rows: int) -> None:
    connection.register("aggregate", columns)
    target = str(path).replace("'", "''")
    options = f"FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 3, PARQUET_VERSION v2, ROW_GROUP_SIZE {group_rows}"
    try:
        connection.execute(f"COPY aggregate TO '{target}' ({options})")
    finally:
        connection.unregister("aggregate")
