"""What the numbers of a cleaning may be."""

from __future__ import annotations

from numbers import Integral

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError

MOST = 2**62
"""So that sums with a time still fit 64 bits."""


def check_counts(**counts: int) -> None:
    """Refuse what is no whole number from 1 to `MOST`.   Errors: InputError naming the first."""
    for name, value in counts.items():
        if not isinstance(value, Integral) or not 1 <= value <= MOST:
            raise InputError(f"{name} is a whole number from 1 on, got {value!r}")


def check_share(share: float) -> None:
    """Refuse what is no share.   Errors: InputError."""
    if not 0.0 <= share <= 1.0:
        raise InputError(f"a share lies between 0 and 1, got {share}")


def whole_times(times: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return times in microseconds, of any shape, to the nearest whole one.   Errors: InputError beyond `MOST`."""
    if times.size and not np.abs(times).max() <= MOST:
        raise InputError(f"times of events do not fit 64 bits: one would be {times[np.argmax(np.abs(times))]:.3g} us")
    return np.rint(times).astype(np.int64)
