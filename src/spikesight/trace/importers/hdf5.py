"""HDF5 files: opened when needed, read in rows, and not believed when they claim more than they hold."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np

from spikesight.base.errors import InputError
from spikesight.base.optional import require
from spikesight.trace.importers.choosing import HDF5
from spikesight.trace.importers.contract import ROWS, Array

_MOST_PACKED: Final = 2000
"""Deflate packs at most 1032 to 1; a data set that claims more than this much is one that was never written."""

_SMALL: Final = 1 << 20

UNITS_NS: Final = {
    "s": 1_000_000_000, "sec": 1_000_000_000, "second": 1_000_000_000, "seconds": 1_000_000_000,
    "ms": 1_000_000, "millisecond": 1_000_000, "milliseconds": 1_000_000,
    "us": 1_000, "µs": 1_000, "μs": 1_000, "microsecond": 1_000, "microseconds": 1_000,
    "ns": 1, "nanosecond": 1, "nanoseconds": 1,
}  # fmt: skip
"""Nanoseconds of the units of time that files name."""

SI: Final = {"v": 1.0, "mv": 1e-3, "uv": 1e-6, "a": 1.0, "ma": 1e-3, "ua": 1e-6, "na": 1e-9, "pa": 1e-12,
             "s": 1.0, "ms": 1e-3, "ns": 1e-9}  # fmt: skip
"""Factors to SI units by what files write."""


def is_hdf5(head: bytes) -> bool:
    """Whether a file that begins with `head` is HDF5."""
    return head.startswith(HDF5)


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """Open an HDF5 file for reading.   Errors: MissingExtra without h5py, and whatever h5py raises."""
    h5py = require("h5py", "simulators")
    with h5py.File(path, "r", locking=False) as file:
        yield file


def groups(parent: Any) -> Iterator[tuple[str, Any]]:
    """Yield the groups in a group by name, links that lead nowhere left out."""
    for name in sorted(parent):
        child = parent.get(name)
        if child is not None and hasattr(child, "keys"):
            yield name, child


def group(parent: Any, *names: str) -> Any:
    """Return the group that `names` lead to, one inside the other; None where there is none."""
    found = parent
    for name in names:
        found = found.get(name)
        if not hasattr(found, "keys"):
            return None
    return found


def dataset(parent: Any, *names: str) -> Any:
    """Return the data set in `parent` that has one of `names`, or None; checked to hold what it claims.

    Errors: InputError for a group of that name, or a data set that claims more rows than the file can hold.
    """
    found = next((parent.get(name) for name in names if parent.get(name) is not None), None)
    if found is None:
        return None
    if not hasattr(found, "dtype"):
        raise InputError(f"{found.name} is a group, expected a data set")
    if found.external or found.is_virtual or found.file.filename != parent.file.filename:
        raise InputError(f"{found.name} keeps its numbers in another file, which is not read: copy them into this one")
    claimed, stored = int(found.size or 0) * found.dtype.itemsize, int(found.id.get_storage_size())
    if claimed > _SMALL and claimed > _MOST_PACKED * max(stored, 1):
        raise InputError(f"{found.name} claims {claimed} bytes, but the file holds {stored} of them: it is damaged")
    return found


def column(parent: Any, *names: str) -> Any:
    """Return the data set of one column of numbers, which has to be there.   Errors: InputError."""
    found = dataset(parent, *names)
    if found is None:
        raise InputError(f"{parent.name} has no {' or '.join(names)}; it has {', '.join(sorted(parent)) or 'nothing'}")
    if found.ndim != 1 or found.dtype.kind not in "iuf":
        raise InputError(f"{found.name} is a column of numbers, got {found.dtype} of shape {found.shape}")
    return found


def pairs(first: Any, second: Any) -> Iterator[tuple[Array, Array]]:
    """Yield two columns of one length together, some rows at a time.   Errors: InputError for different lengths."""
    if len(first) != len(second):
        raise InputError(f"{first.name} has {len(first)} rows, {second.name} has {len(second)}: the file is damaged")
    for start in range(0, len(first), ROWS):
        yield np.asarray(first[start : start + ROWS]), np.asarray(second[start : start + ROWS])


def word(value: Any) -> str:
    """Return an attribute or a single value as text; "" for None."""
    if getattr(value, "size", 0) == 1 and not isinstance(value, np.generic):
        value = np.asarray(value[()]).reshape(-1)[0]  # of a data set, or of an array of one
    if value is None:
        return ""
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def unit_ns(text: str, place: str, default: int) -> int:
    """Return the nanoseconds of a unit of time; `default` where none is named.   Errors: InputError for others."""
    if not text.strip():
        return default
    found = UNITS_NS.get(text.strip().casefold())
    if found is None:
        raise InputError(f"{place} is in '{text}', expected a unit of time: s, ms, us or ns")
    return found


def si_factor(text: str) -> float | None:
    """Return the factor from a unit such as mV to SI, or None for one that is not known."""
    return SI.get(text.strip().casefold().replace("µ", "u").replace("μ", "u"))
