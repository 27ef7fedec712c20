"""Memory for large tensors that is used again: a fresh one costs the system's work of handing out every page.

An array's memory belongs to a lease, which is its base. Views of the array have the same base; a tensor made of the
array owns it, and so does everything that shares the tensor's memory: views, what autograd has saved, NumPy arrays made
of it. The buffer goes back when the lease is gone: when nobody can reach its memory any more.
"""

from __future__ import annotations

import mmap
import threading
import weakref
from collections import deque
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

SMALLEST = 1 << 20
"""Bytes below which the ordinary allocator reuses memory itself."""
PAGE = 1 << 21
"""Buffers are whole pages of the large kind, which the system hands out many times faster where it has them."""
SPARE = 1.5
"""A buffer may be so many times larger than what it is taken for."""


class _Lease:
    """What an array and all its views hold while they hold a buffer."""

    def __init__(self, buffer: mmap.mmap, shape: tuple[int, ...], dtype: DTypeLike) -> None:
        self.buffer = buffer
        place = np.frombuffer(buffer, np.uint8).ctypes.data
        kind = np.dtype(dtype).str
        self.__array_interface__ = {"data": (place, False), "shape": shape, "typestr": kind, "version": 3}


class Store:
    """Buffers that are free, at most `most_idle` bytes of them; None for as many as were in use at once."""

    def __init__(self, most_idle: int | None = None) -> None:
        self.most_idle = most_idle
        self.in_use = self.most_in_use = 0
        self._free: deque[mmap.mmap] = deque()
        self._lock = threading.RLock()
        # Buffers come back wherever an array happens to die, also in the midst of `empty`: this queue takes no lock.
        self._returned: deque[mmap.mmap] = deque()

    @property
    def idle(self) -> int:
        """Bytes that are kept for later."""
        with self._lock:
            self._take_back()
            return sum(map(len, self._free))

    def empty(self, shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
        """Return an array whose values are whatever was there.   Errors: MemoryError where there is none left."""
        size = int(np.prod(shape, dtype=np.int64)) * np.dtype(dtype).itemsize
        if size < SMALLEST or self.most_idle == 0:
            return np.empty(shape, dtype)
        with self._lock:
            self._take_back()
            buffer = self._found(size) or _fresh(-(-size // PAGE) * PAGE)
            self.in_use += len(buffer)
            self.most_in_use = max(self.most_in_use, self.in_use)
        lease = _Lease(buffer, shape, dtype)
        weakref.finalize(lease, self._returned.append, buffer).atexit = False
        return np.asarray(lease)

    def release(self) -> None:
        """Give the memory that is free back to the system."""
        with self._lock:
            self._take_back()
            self._free.clear()

    def _found(self, size: int) -> mmap.mmap | None:
        fitting = [buffer for buffer in self._free if size <= len(buffer) <= max(SPARE * size, size + PAGE)]
        if not fitting:
            return None
        best = min(fitting, key=len)
        self._free.remove(best)
        return best

    def _take_back(self) -> None:
        while self._returned:
            buffer = self._returned.popleft()
            self.in_use -= len(buffer)
            self._free.append(buffer)
        limit = self.most_in_use if self.most_idle is None else self.most_idle
        idle = sum(map(len, self._free))
        while idle > limit:
            idle -= len(self._free.popleft())


def _fresh(size: int) -> mmap.mmap:
    try:
        buffer = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    except OSError as error:
        raise MemoryError(f"no {size} bytes of memory are left") from error
    if hasattr(mmap, "MADV_HUGEPAGE"):
        buffer.madvise(mmap.MADV_HUGEPAGE)
    return buffer


STORE = Store()
"""The store of this process."""
