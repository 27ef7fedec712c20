"""HDF5 files of events: opened with h5py, and nothing that they announce is believed before it is there.

What HDF5 says of a damaged file becomes an EventFileError. Data sets that lie in other files are refused, and so are
numbers that are announced without being stored: a file of a few bytes would otherwise be endless.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.base.optional import require
from spikesight.events.files.format import Likeness
from spikesight.events.files.source import Source

SIGNATURE = b"\x89HDF\r\n\x1a\n"
LARGEST_CHUNK = 1 << 28
"""Bytes of a chunk, unpacked, which is read at once."""
_WORD = 8


def likeness(source: Source, *names: str) -> Likeness:
    """Say whether `source` is an HDF5 file that holds all of `names`.

    Errors: EventFileError where it is an HDF5 file, but too damaged to be asked; MissingExtra without h5py.
    """
    if not source.beginning.startswith(SIGNATURE):
        return Likeness.NO
    with Hdf5(source) as file:
        return Likeness.YES if all(file.has(name) for name in names) else Likeness.NO


class Hdf5:
    """An HDF5 file that is open for reading, until the end of the `with` statement."""

    def __init__(self, source: Source) -> None:
        h5py = require("h5py", "events")
        require("hdf5plugin", "events")  # importing it makes HDF5 know the filters that event files use
        if not source.beginning.startswith(SIGNATURE):
            raise source.damaged(0, f"an HDF5 file begins with {SIGNATURE!r}, this with {source.beginning[:8]!r}")
        self.source = source
        with self.answering("the file cannot be opened"):
            self._file = h5py.File(io.BytesIO(source.data) if source.path is None else source.path, "r")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with self.answering("the file cannot be closed"):
            self._file.close()

    def has(self, name: str) -> bool:
        """Say whether there is a data set `name`.   Errors: EventFileError where HDF5 cannot say."""
        with self.answering(f"{name} cannot be looked up"):
            return name in self._file

    def names(self, group: str) -> list[str]:
        """Return the names in `group`.   Errors: EventFileError where there is no such group."""
        with self.answering(f"{group} cannot be listed"):
            return sorted(self._file[group])

    def data_set(self, name: str) -> Any:
        """Return the data set `name` of h5py.   Errors: EventFileError where there is none in this very file."""
        h5py = require("h5py", "events")
        with self.answering(f"{name} cannot be read"):
            parts = name.strip("/").split("/")
            for k in range(len(parts)):
                link = self._file.get("/".join(parts[: k + 1]), getlink=True)
                if isinstance(link, h5py.ExternalLink):
                    raise self.source.damaged(0, f"{name} lies in another file: only this one is read")
            found = self._file[name]
            if not isinstance(found, h5py.Dataset) or found.shape is None:
                raise self.source.damaged(0, f"{name} is no data set of numbers")
            if found.is_virtual or found.external:
                raise self.source.damaged(0, f"{name} lies in other files: only this one is read")
            return found

    def table(self, name: str, axes: int, kinds: str = "iu") -> Table:
        """Return the numbers `name` with so many axes, of a type whose kind is one of NumPy's letters `kinds`.

        Errors: EventFileError where they are of another kind, or fewer are stored than announced.
        """
        return Table(self, name, self.data_set(name), axes, kinds)

    @contextmanager
    def answering(self, what: str, offset: int = 0) -> Iterator[None]:
        """Turn whatever h5py raises into the answer that `what` happened at byte `offset`, in HDF5's words."""
        try:
            yield
        except InputError:
            raise
        except Exception as error:  # h5py raises eight kinds and more, also where the bytes are to blame
            end = self.source.size if "truncated file" in str(error) else offset
            raise self.source.damaged(end, f"{what}: HDF5 says {error}") from error


class Table:
    """Numbers of a data set, read row by row. `shape` is theirs."""

    def __init__(self, file: Hdf5, name: str, found: Any, axes: int, kinds: str) -> None:
        self._file, self._name, self._found = file, name, found
        with file.answering(f"{name} cannot be read"):
            kind, self.shape = found.dtype, tuple(map(int, found.shape))
            if kind.kind not in kinds or kind.itemsize > _WORD or len(self.shape) != axes:
                raise file.source.damaged(
                    self.offset, f"{name} holds {kind} in shape {self.shape}: expected {axes} axes of kind {kinds}"
                )
            self._check_stored(kind.itemsize)

    def __len__(self) -> int:
        return self.shape[0]

    def rows(self, first: int, last: int) -> NDArray[Any]:
        """Return rows `first` up to, not including, `last`.   Errors: EventFileError where they cannot be unpacked."""
        with self._file.answering(f"rows {first} to {last} of {self._name} cannot be read", self.offset):
            return np.asarray(self._found[first:last])

    def all(self) -> NDArray[Any]:
        """Return all numbers.   Errors: as `rows`."""
        with self._file.answering(f"{self._name} cannot be read", self.offset):
            return np.asarray(self._found[()])

    @property
    def offset(self) -> int:
        """The byte at which the numbers begin; 0 where they are none."""
        try:
            identity = self._found.id
            if self._found.chunks is None:
                return int(identity.get_offset() or 0)
            return int(identity.get_chunk_info(0).byte_offset or 0) if identity.get_num_chunks() else 0
        except Exception:  # the place is asked for to tell of an error, and may be what is damaged
            return 0

    def _check_stored(self, itemsize: int) -> None:
        announced, chunk = math.prod(self.shape), self._found.chunks
        if chunk is None:
            stored = int(self._found.id.get_storage_size()) // itemsize
            stored = min(stored, (self._file.source.size - self.offset) // itemsize)
        else:
            if math.prod(chunk) * itemsize > LARGEST_CHUNK:
                raise self._file.source.damaged(self.offset, f"{self._name} has chunks of more than 256 MiB: {chunk}")
            stored = int(self._found.id.get_num_chunks()) * math.prod(chunk)
        if announced > stored:
            raise self._file.source.damaged(
                self.offset, f"{self._name} announces {announced} numbers in shape {self.shape}, but holds {stored}"
            )
