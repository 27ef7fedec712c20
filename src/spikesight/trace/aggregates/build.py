"""Counting segments into a file of aggregates, and merging such files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np

from spikesight.trace.aggregates import activity, by_class
from spikesight.trace.aggregates.files import Aggregate, is_whole, write
from spikesight.trace.aggregates.labels import Labels, known_labels, newest_stimulus
from spikesight.trace.frames import Columns
from spikesight.trace.layout import literal
from spikesight.trace.manifest import Segment
from spikesight.trace.segments import select

KINDS: Final = (activity.KIND, by_class.KIND)

_GROUP_ROWS: Final = {activity.KIND: activity.GROUP_ROWS, by_class.KIND: by_class.GROUP_ROWS}

_FARTHEST: Final = 1 << 52
"""Ticks and stimuli beyond this are not counted ahead: sums of whole numbers stay far from 64 bits."""


@dataclass(frozen=True)
class Place:
    """The spikes `table` of a layer of `size` units in the trace `folder`, its segments, and those of the stimuli."""

    folder: Path
    table: str
    size: int
    segments: Sequence[Segment]
    stimuli: Sequence[Segment]


def is_ready(place: Place, kind: str, run: Sequence[Segment]) -> bool:
    """Whether all is known that counting the segments `run` needs: for classes, the rows of their stimuli."""
    return kind == activity.KIND or newest_stimulus(place.folder, place.stimuli) >= stimuli_of(run)[1]


def current(connection: duckdb.DuckDBPyConnection, place: Place, files: Sequence[Aggregate]) -> list[Aggregate]:
    """Return those of `files`, all of one kind, since which no stimulus of theirs became known."""
    if not files or files[0].kind == activity.KIND:
        return list(files)
    labels = known_labels(connection, place.folder, place.stimuli, stimuli_of(place.segments))
    return [one for one in files if labels is not None and _is_current(place, one, labels)]


def counted(
    connection: duckdb.DuckDBPyConnection,
    place: Place,
    kind: str,
    run: Sequence[Segment],
    columns: Columns | None = None,
) -> Aggregate | None:
    """Write the counts of the segments `run`, whose rows are `columns` where these are at hand.

    None for spikes that lie so far apart that their counts are not worth a file. Errors: StorageFull, TraceError.
    """
    first, last = ticks_of(run)
    if max(abs(first), abs(last)) > _FARTHEST:
        return None
    if columns is None:
        files = [place.folder / one.file for one in run]
        columns = select(connection, place.table, files, None, "SELECT t, unit, stim FROM rows")
    rows = sum(one.rows for one in run)
    if kind == activity.KIND:
        known, width = 0, activity.width_for(first, last, rows, activity.groups_of(place.size))
        made = activity.counted(columns["t"], columns["unit"], place.size, width)
    else:
        labels = known_labels(connection, place.folder, place.stimuli, stimuli_of(run))
        if labels is None:
            return None
        known = len(labels.known)
        width, made = by_class.counted(columns["stim"], columns["unit"], place.size, labels)
    facts: dict[str, Any] = {"kind": kind, "first": run[0].number, "last": run[-1].number, "rank": 0}
    facts |= {"width": width, "rows": rows, "known": known}
    return write(connection, place.folder, place.table, facts, made, _GROUP_ROWS[kind])


def merged(connection: duckdb.DuckDBPyConnection, place: Place, parts: Sequence[Aggregate]) -> Aggregate | None:
    """Write the file that counts what `parts` count, files of one kind and rank that follow each other.

    None where a part was lost or is out of date. Errors: StorageFull, TraceError.
    """
    kind, rank, known, rows = parts[0].kind, parts[0].rank + 1, 0, sum(one.rows for one in parts)
    if not all(is_whole(one) for one in parts):
        return None
    if kind == activity.KIND:
        span, groups = ticks_of(_counted_by(place, parts)), activity.groups_of(place.size)
        least = activity.width_for(*span, rows, groups)
        width = max(activity.merged_width([one.width for one in parts]), least)
        made = _merged_times(connection, parts, span, width, groups)
    else:
        labels = known_labels(connection, place.folder, place.stimuli, stimuli_of(_counted_by(place, parts)))
        if labels is None or not all(_is_current(place, one, labels) for one in parts):
            return None
        known = len(labels.known)
        # Files of the next rank cover four times as many stimuli, and blocks grow by sixteen.
        width = max(one.width for one in parts) * (by_class.STEP if rank % 2 else 1)
        made = _merged_classes(connection, parts, width)
    facts: dict[str, Any] = {"kind": kind, "first": parts[0].first, "last": parts[-1].last, "rank": rank}
    facts |= {"width": width, "rows": rows, "known": known}
    return write(connection, place.folder, place.table, facts, made, _GROUP_ROWS[kind])


def ticks_of(run: Sequence[Segment]) -> tuple[int, int]:
    """Return the first and the last tick of the segments `run`."""
    return min(one.t_first for one in run), max(one.t_last for one in run)


def stimuli_of(run: Sequence[Segment]) -> tuple[int, int]:
    """Return the first and the last stimulus of the segments `run`."""
    return min(one.stim_first or 0 for one in run), max(one.stim_last or 0 for one in run)


def _counted_by(place: Place, parts: Sequence[Aggregate]) -> list[Segment]:
    return [one for one in place.segments if parts[0].first <= one.number <= parts[-1].last]


def _is_current(place: Place, one: Aggregate, labels: Labels) -> bool:
    return labels.known_in(stimuli_of(_counted_by(place, [one]))) == one.known


def _merged_times(
    connection: duckdb.DuckDBPyConnection, parts: Sequence[Aggregate], span: tuple[int, int], width: int, groups: int
) -> Columns:
    wide = width * activity.STEP
    start = span[0] // wide * wide
    bins = ((span[1] - start) // wide + 1) * activity.STEP
    counts = np.zeros((groups, bins), dtype=np.int64)
    query = """SELECT grp, (t - $start) // $width AS bin, sum(spikes)::BIGINT AS spikes
               FROM read_parquet($file) WHERE width = $stored GROUP BY grp, bin"""
    for one in parts:
        stored = activity.stored_width(one.width, width)
        values = {"start": start, "width": width, "file": literal(one.path), "stored": stored}
        found = connection.execute(query, values).fetchnumpy()
        counts[found["grp"], found["bin"]] += found["spikes"]
    return activity.both_widths(counts, start, width)


def _merged_classes(connection: duckdb.DuckDBPyConnection, parts: Sequence[Aggregate], width: int) -> Columns:
    query = """SELECT floor(stim / $width)::BIGINT * $width AS stim, class, unit, sum(spikes)::BIGINT AS spikes
               FROM read_parquet($files) GROUP BY ALL ORDER BY ALL"""
    return dict(connection.execute(query, {"width": width, "files": [literal(one.path) for one in parts]}).fetchnumpy())
