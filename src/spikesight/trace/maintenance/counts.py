"""Are the aggregates of a trace what they say they are? They are caches: whatever is wrong costs time, no answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import duckdb

from spikesight.trace.aggregates.files import FOLDER, Aggregate, is_whole, listed
from spikesight.trace.layout import literal
from spikesight.trace.maintenance.findings import REPAIR, Finding
from spikesight.trace.manifest import Segment

_AGAIN: Final = f"{REPAIR}; until then its layer is counted more slowly"


def findings(
    connection: duckdb.DuckDBPyConnection, folder: Path, segments: Sequence[Segment], *, deep: bool
) -> Iterator[Finding]:
    """Yield what is wrong with the aggregates of the trace in `folder`, which lists `segments`.

    With `deep` their content is read, and every sum must be the number of rows they count.
    """
    for path, one in aggregates(folder, segments):
        where = path.relative_to(folder).as_posix()
        if one is None:
            yield Finding(where, "it counts other rows than those that are listed, and is not used", REPAIR)
        elif deep and not is_whole(one):
            yield Finding(where, "it is damaged (its checksum says so), and is not used", _AGAIN)
        elif deep and (sums := _sums(connection, one)) != {one.rows}:
            told = ", ".join(map(str, sorted(sums)))
            yield Finding(where, f"it counts {told} spikes, there are {one.rows}", _AGAIN)


def aggregates(folder: Path, segments: Sequence[Segment]) -> Iterator[tuple[Path, Aggregate | None]]:
    """Yield every file among the aggregates and what it is; None for one that counts none of `segments` as they are."""
    by_layer: dict[str, list[Segment]] = {}
    for segment in segments:
        if segment.table.startswith("spikes/"):
            by_layer.setdefault(segment.table.partition("/")[2], []).append(segment)
    for path in sorted((folder / FOLDER).rglob("*")):
        if path.is_file():
            layer = path.parent.relative_to(folder / FOLDER).as_posix()
            known = {one.path: one for one in listed(folder, f"spikes/{layer}", by_layer.get(layer, []))}
            yield path, known.get(path)


def _sums(connection: duckdb.DuckDBPyConnection, one: Aggregate) -> set[int]:
    columns = [row[0] for row in connection.execute("DESCRIBE FROM read_parquet($file)", _file(one)).fetchall()]
    by_width = "GROUP BY width" if "width" in columns else ""
    query = f"SELECT sum(spikes)::BIGINT FROM read_parquet($file) {by_width}"
    return {row[0] for row in connection.execute(query, _file(one)).fetchall()}


def _file(one: Aggregate) -> dict[str, str]:
    return {"file": literal(one.path)}
