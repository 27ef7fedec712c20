"""Labelled recordings that are read when they are asked for, and how they are split."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spikesight.base.errors import InputError

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, eq=False)
class Recordings(Sequence[T_co], Generic[T_co]):
    """Recordings in the order of `places`; `read` reads one. `labels` (N,) are positions in `classes`.

    Memory holds only what was asked for last.   Errors: InputError where labels are not one for each.
    """

    read: Callable[[Any], T_co]
    places: tuple[Any, ...]
    labels: NDArray[np.int64]
    classes: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.labels.shape != (len(self.places),):
            raise InputError(f"labels are one for each of {len(self.places)} recordings, got {self.labels.shape}")

    def __len__(self) -> int:
        return len(self.places)

    @overload
    def __getitem__(self, k: int) -> T_co: ...
    @overload
    def __getitem__(self, k: slice) -> Recordings[T_co]: ...
    def __getitem__(self, k: int | slice) -> T_co | Recordings[T_co]:
        """Read recording `k`; a slice reads nothing yet.   Errors: IndexError, InputError where it is damaged."""
        if isinstance(k, slice):
            return self.part(np.arange(len(self))[k])
        return self.read(self.places[k])

    def part(self, chosen: ArrayLike) -> Recordings[T_co]:
        """Return the recordings with these numbers, or where this mask (N,) is true."""
        numbers = np.arange(len(self))[np.asarray(chosen)]
        return replace(self, places=tuple(self.places[k] for k in numbers), labels=self.labels[numbers])

    def drawn(self, learning: float, random: np.random.Generator) -> Split[T_co]:
        """Draw a split, for sets that have none of their own: the share `learning` of each class is to learn from.

        Name the seed of `random` beside every figure. Errors: InputError where a class has none left for one side.
        """
        chosen = np.zeros(len(self), np.bool_)
        for label in np.unique(self.labels):
            mine = np.flatnonzero(self.labels == label)
            count = round(learning * len(mine))
            if not 1 <= count < len(mine):
                raise InputError(
                    f"class {self.classes[label]} has {len(mine)} recordings: a share of {learning} leaves a side empty"
                )
            chosen[random.permutation(mine)[:count]] = True
        return Split(self.part(chosen), self.part(~chosen))


@dataclass(frozen=True, eq=False)
class Split(Generic[T_co]):
    """Recordings to learn from, and to test on; `validation` where the authors of the set have named some."""

    train: Recordings[T_co]
    test: Recordings[T_co]
    validation: Recordings[T_co] | None = None
