"""The list of sealed segments: one line of JSON each, added when the segment is safely on the disk."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from spikesight.base.atomic import storage, write_all, write_bytes
from spikesight.base.errors import TraceError
from spikesight.trace.layout import MANIFEST, number_of
from spikesight.trace.schema import is_table

_LARGE: Final = 1 << 63


@dataclass(frozen=True)
class Segment:
    """A sealed segment: its table, its place in the trace folder, how many rows it has and what they span (ticks).

    Tables without stimulus numbers have None for the last two.
    """

    table: str
    file: str
    rows: int
    t_first: int
    t_last: int
    stim_first: int | None
    stim_last: int | None

    @property
    def number(self) -> int:
        """The number of the segment within its table."""
        number = number_of(self.file)
        if number is None or not is_table(self.table) or self.file.rpartition("/")[0] != self.table:
            raise TraceError(f"the manifest lists '{self.file}' for table '{self.table}', which is no segment of it")
        return number


def read_manifest(folder: Path) -> list[Segment]:
    """Return the sealed segments of the trace in `folder`, in the order they were sealed.

    A torn last line is ignored. Errors: TraceError for any other line that is no segment.
    """
    segments, wrong = examine_manifest(folder)
    if wrong:
        raise wrong[0]
    return segments


def examine_manifest(folder: Path) -> tuple[list[Segment], list[TraceError]]:
    """Return the segments that the manifest lists, and an error for each whole line that is none.

    Errors: TraceError where there is no manifest, or it cannot be read.
    """
    path = folder / MANIFEST
    try:
        # What follows the last line end is torn, or empty.
        lines = path.read_bytes().split(b"\n")[:-1]
    except FileNotFoundError:
        raise TraceError(f"{folder} has no {MANIFEST}: it is not a trace, or files were lost in copying") from None
    except OSError as error:
        raise TraceError(f"{path} cannot be read: {error.strerror or error}") from error
    segments, wrong = [], []
    for place, line in enumerate(lines, start=1):
        try:
            segments.append(_parse(path, place, line))
        except TraceError as error:
            wrong.append(error)
    return segments, wrong


def write_manifest(folder: Path, segments: Iterable[Segment]) -> None:
    """Replace the manifest of the trace in `folder`.   Errors: as `write_bytes`."""
    write_bytes(folder / MANIFEST, _lines(segments))


class ManifestLog:
    """The open end of a manifest. `count` is the number of lines in it: the position of the trace."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / MANIFEST
        self.count = len(read_manifest(folder))
        self._descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND)

    def add(self, segments: Sequence[Segment]) -> None:
        """Add the lines of `segments` and wait until the disk holds them.

        Errors: StorageFull, TraceError; then none of the lines is in the manifest.
        """
        size = os.fstat(self._descriptor).st_size
        with storage(self._path, TraceError):
            try:
                write_all(self._descriptor, _lines(segments))
                os.fsync(self._descriptor)
            except BaseException:
                os.ftruncate(self._descriptor, size)
                raise
        self.count += len(segments)

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)


def _lines(segments: Iterable[Segment]) -> bytes:
    return b"".join(json.dumps(asdict(segment)).encode() + b"\n" for segment in segments)


def _parse(path: Path, place: int, line: bytes) -> Segment:
    try:
        segment = Segment(**json.loads(line))
        segment.number  # noqa: B018 - names a file only when it is one of this trace
        _check_numbers(segment)
    except (ValueError, TypeError, AttributeError, RecursionError, TraceError) as error:
        raise TraceError(f"{path}, line {place}, is no segment: {error}. Restore it from a copy") from error
    return segment


def _check_numbers(segment: Segment) -> None:
    numbers = [segment.rows, segment.t_first, segment.t_last]
    numbers += [number for number in (segment.stim_first, segment.stim_last) if number is not None]
    if not all(type(number) is int and abs(number) < _LARGE for number in numbers) or segment.rows < 0:
        raise ValueError(f"rows and extents are whole numbers below 2^63, got {numbers}")
