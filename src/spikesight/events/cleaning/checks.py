"""What the numbers of a cleaning may be."""

from __future__ import annotations

from numbers import Integral

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
