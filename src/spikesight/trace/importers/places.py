"""From the numbers that a file gives its units to places 0 to n - 1 in a layer, and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from spikesight.base.errors import InputError
from spikesight.trace.importers.contract import Array, Population

_MOST = 2**31 - 1


class Places:
    """The units of one layer: known beforehand, or gathered from what was seen.

    `senders` are the units that spiked, as pieces number them.
    """

    def __init__(self, population: Population) -> None:
        self.name = population.name
        self.names: Sequence[str] | None = population.names
        self.senders = np.zeros(0, np.int64)
        self._shape = population.shape
        self._given = population.ids
        self._seen = np.zeros(0, np.int64)
        self._places: Array | None = None

    def see(self, unit: Array, *, spiked: bool) -> None:
        """Take in the units (N,) of a piece.   Errors: InputError for numbers that are not whole."""
        new = np.unique(whole(self.name, unit))
        if spiked:
            self.senders = np.union1d(self.senders, new)
        if self._shape is None:
            self._seen = np.union1d(self._seen, new)
        elif len(new) and not 0 <= new[0] <= new[-1] < self.size:
            outside = new[0] if new[0] < 0 else new[-1]
            raise InputError(f"layer '{self.name}' has units 0 to {self.size - 1}, but unit {outside} occurs")

    @property
    def empty(self) -> bool:
        """Whether the files name no unit."""
        return self._shape is None and not len(self._seen)

    @property
    def shape(self) -> tuple[int, ...]:
        """How the units lie; a layer without any gets one that is silent, as a layer has at least one."""
        return self._shape if self._shape is not None else (max(len(self._seen), 1),)

    @property
    def size(self) -> int:
        """Number of units."""
        return int(np.prod(self.shape, dtype=object))

    @property
    def ids(self) -> Array:
        """The numbers (n,) that the file gives the units; -1 for the silent one of an empty layer."""
        if self._shape is not None:
            return np.arange(self.size) if self._given is None else np.asarray(self._given).astype(np.int64)
        return self._seen if len(self._seen) else np.array([-1])

    def of(self, unit: Array) -> Array:
        """Return the places (N,) int32 of units (N,) that were seen.   Errors: InputError for others."""
        numbers = whole(self.name, unit)
        if self._shape is not None:
            return numbers.astype(np.int32)
        places = np.minimum(np.searchsorted(self._seen, numbers), len(self._seen) - 1)
        if np.any(self._seen[places] != numbers):
            raise InputError(f"layer '{self.name}' has units that are new: its file is still being written")
        return places.astype(np.int32)

    def facts(self) -> dict[str, Any]:
        """Return what a JSON file says of the layer's units."""
        told: dict[str, Any] = {"units": 0 if self.empty else self.size, "senders": len(self.senders)}
        return told | ({"unit_names": list(self.names)} if self.names is not None else {})


def whole(name: str, unit: Array) -> Array:
    """Return unit numbers as int64.   Errors: InputError where they are not whole numbers of a sane size."""
    if unit.dtype.kind in "iu":
        if unit.dtype == np.uint64 and len(unit) and unit.max() > np.uint64(2**63 - 1):
            raise InputError(f"layer '{name}': unit numbers are below 2^63, got {unit.max()}")
        return unit.astype(np.int64, copy=False)
    if unit.dtype.kind != "f" or not np.all(np.isfinite(unit)) or not np.all(unit == np.floor(unit)):
        raise InputError(f"layer '{name}': units are whole numbers, got {unit.dtype} such as {_example(unit)}")
    if len(unit) and np.abs(unit).max() > 2**53:
        raise InputError(f"layer '{name}': unit numbers as floats are exact up to 2^53, got {np.abs(unit).max():g}")
    return unit.astype(np.int64)


def check_size(name: str, shape: tuple[int, ...]) -> None:
    """Check that a declared shape is one a layer can have.   Errors: InputError."""
    size = int(np.prod(shape, dtype=object))
    if not shape or min(shape) < 1 or size > _MOST:
        raise InputError(
            f"layer '{name}': the file declares {shape} units; expected sides of at least 1, at most 2^31 units"
        )


def check_stimuli(name: str, stim: Array, rows: int) -> None:
    """Check that there is the number of a stimulus for each of `rows` spikes.   Errors: InputError."""
    if len(stim) != rows or (rows and np.abs(whole(name, stim)).max() > _MOST):
        raise InputError(f"layer '{name}': a stimulus below 2^31 for each of {rows} spikes, got {len(stim)}")


def _example(unit: Array) -> str:
    if unit.dtype.kind != "f":
        return repr(unit[:1].tolist())
    odd = unit[~(np.isfinite(unit) & (unit == np.floor(unit)))]
    return f"{odd[0]:g}" if len(odd) else "none"
