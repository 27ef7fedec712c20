"""Writing event files, and turning one format into another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from spikesight.base.atomic import publish, storage, temporary_name
from spikesight.base.errors import InputError
from spikesight.base.progress import SILENT, Progress
from spikesight.events.files.choosing import of_suffix
from spikesight.events.files.format import Format, Writable
from spikesight.events.files.reading import EventFile
from spikesight.events.stream import EventStream


def write(path: Path | str, events: EventStream, format: Format | None = None) -> None:  # noqa: A002
    """Write events to a file, which appears whole or not at all; reading it gives them back exactly.

    Without `format` the name of the file tells it.
    Errors: InputError where the format is not written, or has no room for such times or coordinates, or the folder
    cannot be written; StorageFull where the disk takes no more: nothing half-written is left.
    """
    _write(Path(path), iter((events,)), events.width, events.height, format)


def convert(file: EventFile, path: Path | str, format: Format | None = None, progress: Progress = SILENT) -> None:  # noqa: A002
    """Write the events of `file` in another format, piece by piece; `progress` is told the events that are done.

    Errors: as `write`, and as reading `file`; InputError where `path` is `file` itself.
    """
    source = file.source.path
    if source is not None and Path(path).exists() and Path(path).samefile(source):
        raise InputError(f"{path} is the file that is read: give what is written another name")
    width, height = file.sensor()
    _write(Path(path), _told(file.pieces(), progress), width, height, format)


def _told(pieces: Iterable[EventStream], progress: Progress) -> Iterator[EventStream]:
    for piece in pieces:
        yield piece
        progress.advance(len(piece))


def _write(path: Path, pieces: Iterator[EventStream], width: int, height: int, format: Format | None) -> None:  # noqa: A002
    form = of_suffix(path) if format is None else format
    if not isinstance(form, Writable):
        raise InputError(f"files of format {form.name} can be read, but are not written: choose another format")
    temporary = temporary_name(path)
    try:
        with storage(path, InputError):
            form.write(temporary, pieces, width, height)
            publish(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
