"""Rows of different lengths in an HDF5 file, taken from its bytes.

HDF5 keeps such rows in heaps: an element of the data set is the length of its row, the byte where a heap begins, and a
number of an object in it. HDF5's own reader of them believes these and may end the process where a byte is damaged
(seven of 4,000 files that were damaged by chance did), so h5py says only where the elements lie, and every length is
checked here against what is there.
Source: HDF5 File Format Specification 3.0, III.E (global heap), IV.A.2.m (filter pipeline).
"""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.base.optional import require
from spikesight.events.files.hdf5 import LARGEST_CHUNK, Hdf5

_ELEMENT = np.dtype([("length", "<u4"), ("heap", "<u8"), ("object", "<u4")])
_HEAP = struct.Struct("<4sB3xQ")
_OBJECT = struct.Struct("<HHIQ")
_DEFLATE, _SHUFFLE = 1, 2


class Ragged:
    """The rows of the data set `name`, numbers whose kind is one of NumPy's letters `kinds`; `shape` of the data set.

    Errors: EventFileError where it holds anything else.
    """

    def __init__(self, file: Hdf5, name: str, kinds: str) -> None:
        h5py = require("h5py", "events")
        self._file, self._name, self._found = file, name, file.data_set(name)
        self._open = file.source.open()
        with file.answering(f"{name} cannot be read"):
            kind = h5py.check_vlen_dtype(self._found.dtype)
            if not isinstance(kind, np.dtype) or kind.kind not in kinds or kind.itemsize > 8:
                raise self._damaged(0, f"it holds {self._found.dtype}, expected rows of kind {kinds}")
            if self._found.id.get_type().get_size() != _ELEMENT.itemsize or self._found.file.userblock_size:
                raise self._damaged(0, "it is written with addresses of other than 8 bytes from the begin of the file")
            self.kind, self.shape = kind, tuple(map(int, self._found.shape))
            self._chunk = self._found.chunks
        self._elements: tuple[Any, NDArray[Any]] | None = None
        self.offset = 0  # of the row that was read last, where it is not empty
        self._heap: tuple[int, dict[int, tuple[int, int]]] | None = None

    def close(self) -> None:
        """Close the file."""
        self._open.close()

    def row(self, *index: int) -> NDArray[Any]:
        """Return the row at `index`.   Errors: EventFileError where it is not there."""
        length, heap, number = (int(value) for value in self._element(index))
        if not length:
            return np.empty(0, self.kind)
        objects = self._objects(heap)
        if number not in objects:
            raise self._damaged(heap, f"there is no object {number} in the heap")
        offset, size = objects[number]
        self.offset = offset
        wanted = length * self.kind.itemsize
        if wanted > size:
            raise self._damaged(offset, f"row {index} has {wanted} bytes, its object {size}")
        return np.frombuffer(self._read(offset, wanted), self.kind)

    def filled(self) -> Iterator[int]:
        """Go through the numbers of the first axis that have a row that is not empty, by what is stored.

        What a file only announces is not gone through: it may be endless.   Errors: EventFileError.
        """
        for first, elements in self._stored():
            there = elements["length"].reshape(len(elements), -1).any(1)
            yield from (first + k for k in np.flatnonzero(there).tolist() if first + k < self.shape[0])

    @property
    def rows(self) -> int:
        """How many numbers of the first axis are stored, or more where the last chunk is not full."""
        return sum(len(elements) for _, elements in self._stored())

    def _stored(self) -> Iterator[tuple[int, NDArray[Any]]]:
        """The elements that are stored, and the number of the first one on the first axis."""
        with self._file.answering(f"{self._name} cannot be found"):
            identity = self._found.id
            if self._chunk is not None:
                places = [identity.get_chunk_info(k).chunk_offset for k in range(identity.get_num_chunks())]
            offset, size = (identity.get_offset(), identity.get_storage_size()) if self._chunk is None else (None, 0)
        if self._chunk is not None:
            for place in sorted(places):
                yield int(place[0]), self._unpacked(tuple(map(int, place)))
        elif offset is not None:
            each = math.prod(self.shape[1:])
            rows = min(self.shape[0], size // (each * _ELEMENT.itemsize)) if each else 0
            data = self._read(offset, rows * each * _ELEMENT.itemsize)
            yield 0, np.frombuffer(data, _ELEMENT).reshape(rows, each)

    def _element(self, index: tuple[int, ...]) -> Any:
        if any(not 0 <= k < n for k, n in zip(index, self.shape, strict=True)):
            raise self._damaged(0, f"it has shape {self.shape}, there is no row {index}")
        if self._chunk is None:
            with self._file.answering(f"{self._name} cannot be found"):
                offset = self._found.id.get_offset()
            if offset is None:
                return np.zeros((), _ELEMENT).item()
            place = offset + int(np.ravel_multi_index(index, self.shape)) * _ELEMENT.itemsize
            return np.frombuffer(self._read(place, _ELEMENT.itemsize), _ELEMENT)[0].item()
        first = tuple(k - k % n for k, n in zip(index, self._chunk, strict=True))
        if self._elements is None or self._elements[0] != first:
            self._elements = first, self._unpacked(first)
        return self._elements[1][tuple(k - f for k, f in zip(index, first, strict=True))].item()

    def _unpacked(self, first: tuple[int, ...]) -> NDArray[Any]:
        """The elements of the chunk that begins at `first`."""
        size = math.prod(self._chunk) * _ELEMENT.itemsize
        if size > LARGEST_CHUNK:
            raise self._damaged(0, f"it has chunks of more than 256 MiB: {self._chunk}")
        with self._file.answering(f"the chunk of {self._name} at {first} cannot be found"):
            told = self._found.id.get_chunk_info_by_coord(first)
            settings = self._found.id.get_create_plist()
            filters = [settings.get_filter(k)[0] for k in range(settings.get_nfilters())]
        if told.byte_offset is None:
            return np.zeros(self._chunk, _ELEMENT)
        data = self._read(told.byte_offset, told.size)
        for k, one in reversed(list(enumerate(filters))):
            if not told.filter_mask >> k & 1:
                data = self._undone(one, data, size, told.byte_offset)
        if len(data) != size:
            raise self._damaged(told.byte_offset, f"a chunk of {size} bytes has {len(data)}")
        return np.frombuffer(data, _ELEMENT).reshape(self._chunk)

    def _undone(self, what: int, data: bytes, size: int, offset: int) -> bytes:
        if what == _SHUFFLE and len(data) % _ELEMENT.itemsize == 0:
            return np.frombuffer(data, np.uint8).reshape(_ELEMENT.itemsize, -1).T.tobytes()
        if what != _DEFLATE:
            raise self._damaged(offset, f"a filter (number {what}) that is not used for rows of different lengths")
        try:
            return zlib.decompressobj().decompress(data, size)
        except zlib.error as error:
            raise self._damaged(offset, f"a chunk does not decompress ({error})") from error

    def _objects(self, heap: int) -> dict[int, tuple[int, int]]:
        """Offset and size of each object in the heap that begins at byte `heap`."""
        if self._heap is not None and self._heap[0] == heap:
            return self._heap[1]
        signature, version, size = _HEAP.unpack(self._read(heap, _HEAP.size))
        end = heap + size
        if signature != b"GCOL" or version != 1 or end > self._file.source.size:
            raise self._damaged(heap, "no heap begins here")
        found, offset = {}, heap + _HEAP.size
        while offset + _OBJECT.size <= end:
            number, _, _, size = _OBJECT.unpack(self._read(offset, _OBJECT.size))
            if not number:
                break
            offset += _OBJECT.size
            if size > end - offset:
                raise self._damaged(offset, f"object {number} has {size} bytes, its heap {end - offset}")
            found[number] = offset, size
            offset += -(-size // 8) * 8
        self._heap = heap, found
        return found

    def _read(self, offset: int, size: int) -> bytes:
        if offset + size > self._file.source.size:
            raise self._damaged(offset, f"{size} bytes are announced, the file has {self._file.source.size}")
        self._open.seek(offset)
        return self._open.read(size)

    def _damaged(self, offset: int, what: str) -> Exception:
        return self._file.source.damaged(offset, f"{self._name}: {what}")
