"""Where the parts of a trace lie in its folder. Within a table no number is given twice, not even after a resume."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from spikesight.base.errors import TraceError
from spikesight.trace.schema import is_table

HEADER: Final = "trace.json"
MANIFEST: Final = "manifest.jsonl"
TAIL: Final = "tail"


def segment_name(table: str, number: int) -> str:
    """Return the place of a sealed segment, relative to the trace folder."""
    return f"{table}/{number:06d}.parquet"


def snapshot_name(number: int) -> str:
    """Return the name of a weight snapshot inside the folder of its table."""
    return f"{number:06d}.safetensors"


def snapshot_path(folder: Path, table: str, name: str) -> Path:
    """Return the place of the snapshot that a row of `table` calls `name`.

    Errors: TraceError for a name that is none: what a file says must not lead out of its folder.
    """
    if number_of(name) is None or Path(name).name != name:
        raise TraceError(f"'{table}' lists the snapshot {name!r}, which is no name of one")
    return folder / table / name


def tail_path(folder: Path, table: str, number: int) -> Path:
    """Return the place of the log of the rows that will become segment `number`."""
    return folder / TAIL / table / f"{number:06d}.log"


def tails(folder: Path) -> Iterator[tuple[str, int, Path]]:
    """Yield (table, number, path) of the logs that lie in the trace, oldest first within a table."""
    yield from _numbered(folder / TAIL, ".log")


def segments(folder: Path) -> Iterator[tuple[str, int, Path]]:
    """Yield (table, number, path) of the segment files that lie in the trace, listed in the manifest or not."""
    yield from _numbered(folder, ".parquet")


def snapshots(folder: Path) -> Iterator[tuple[str, int, Path]]:
    """Yield (table, number, path) of the weight snapshots that lie in the trace."""
    yield from _numbered(folder, ".safetensors")


def number_of(path: Path | str) -> int | None:
    """Return the number in the name of a segment, log or snapshot; None where it has none."""
    stem = Path(path).stem
    return int(stem) if stem.isascii() and stem.isdigit() else None


def literal(path: Path) -> str:
    """Return `path` as DuckDB takes it where it reads files: what would be a pattern there stands for itself."""
    return re.sub(r"[*?\[]", lambda found: f"[{found[0]}]", str(path))


def _numbered(root: Path, suffix: str) -> Iterator[tuple[str, int, Path]]:
    for path in sorted(root.rglob(f"*{suffix}")):
        table, number = path.parent.relative_to(root).as_posix(), number_of(path)
        if number is not None and is_table(table):
            yield table, number, path
