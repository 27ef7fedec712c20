"""How an event is forgotten: from its age to what is left of it, 1 at once and 0 in the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError

Ages = NDArray[np.float32]


class Decay(Protocol):
    """A law of forgetting."""

    def __call__(self, ages: Ages) -> Ages:
        """Return what is left of events of such ages, in seconds, of any shape; of infinity, which is never, 0."""


@dataclass(frozen=True)
class Exponential:
    """``exp(-age / tau)``, tau in seconds.

    Source: Lagorce et al., TPAMI 2017.   Errors: InputError for a tau not above 0 or without end.
    """

    tau: float = 30e-3

    def __post_init__(self) -> None:
        _check(self.tau)

    def __call__(self, ages: Ages) -> Ages:
        """Return what is left at ages in seconds, of any shape."""
        left: Ages = ages * np.float32(-1.0 / self.tau)
        np.exp(left, out=left)
        return left


@dataclass(frozen=True)
class Linear:
    """``max(0, 1 - age / tau)``, tau in seconds: then all is forgotten.

    Errors: InputError for a tau not above 0 or without end.
    """

    tau: float = 100e-3

    def __post_init__(self) -> None:
        _check(self.tau)

    def __call__(self, ages: Ages) -> Ages:
        """Return what is left at ages in seconds, of any shape."""
        left: Ages = ages * np.float32(-1.0 / self.tau)
        left += np.float32(1.0)
        np.maximum(left, np.float32(0.0), out=left)
        return left


@dataclass(frozen=True)
class Recent:
    """1 up to an age of tau seconds, 0 after.   Errors: InputError for a tau not above 0 or without end."""

    tau: float = 100e-3

    def __post_init__(self) -> None:
        _check(self.tau)

    def __call__(self, ages: Ages) -> Ages:
        """Return what is left at ages in seconds, of any shape."""
        return (ages <= self.tau).astype(np.float32)


_LEAST, _MOST = 1e-30, 1e30
"""Beyond, the product of an age and 1 / tau is no number in single precision: of an age of 0, or of infinity."""


def _check(tau: float) -> None:
    if not _LEAST <= tau <= _MOST:
        raise InputError(f"events are forgotten within a time above 0 that ends, got tau = {tau} s")
