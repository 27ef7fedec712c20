"""Where the bytes of an event file come from, and what is said where they are damaged."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError

BEGINNING = 4096
"""Bytes by which a format is recognised."""


class EventFileError(InputError):
    """An event file is damaged, or not of the format it is read as. `offset` is the first byte that tells so."""

    def __init__(self, name: str, offset: int, what: str) -> None:
        super().__init__(f"{name}: at byte {offset}: {what}")
        self.name, self.offset = name, offset


class EventFileWarning(UserWarning):
    """An event file ends too early, or has a damaged part; the events that could be read are kept."""


@dataclass(frozen=True)
class Source:
    """Bytes of an event file: of the file `path`, or `data` at hand. `name` is for messages."""

    name: str
    path: Path | None = None
    data: bytes = b""

    @classmethod
    def of(cls, where: Path | str | bytes, name: str = "") -> Source:
        """Return the source of a path, or of bytes.   Errors: InputError where there is no such file."""
        if isinstance(where, bytes):
            return cls(name or "the bytes", data=where)
        path = Path(where)
        if not path.is_file():
            raise InputError(f"{path} is {'a folder' if path.is_dir() else 'not there'}: name a file of events")
        return cls(name or str(path), path)

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return len(self.data) if self.path is None else self.path.stat().st_size

    @property
    def beginning(self) -> bytes:
        """The first bytes, at most `BEGINNING`."""
        with self.open() as file:
            return file.read(BEGINNING)

    def open(self) -> BinaryIO:
        """Return a file at its first byte, which the caller closes.   Errors: InputError where it cannot be read."""
        if self.path is None:
            return io.BytesIO(self.data)
        try:
            return self.path.open("rb")
        except OSError as error:
            raise InputError(f"{self.path} cannot be read: {error.strerror}") from error

    def blocks(self, first: int, record: int, records: int) -> Iterator[NDArray[np.uint8]]:
        """Read records of `record` bytes from byte `first` on, `records` at a time; a rest at the end is left out.

        A block is valid until the next one is asked for: they share their memory.
        """
        buffer = bytearray(record * max(1, min(records, (self.size - first) // record + 1)))
        with self.open() as file:
            file.seek(first)
            while (got := file.readinto(buffer)) >= record:  # type: ignore[attr-defined]
                yield np.frombuffer(buffer, np.uint8, got - got % record)

    def damaged(self, offset: int, what: str) -> EventFileError:
        """Return the error that tells `what` is wrong at byte `offset`."""
        return EventFileError(self.name, offset, what)
