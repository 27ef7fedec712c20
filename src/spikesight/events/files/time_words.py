"""Clocks that are told in two parts: the high one by a word of its own, which begins again after its last value."""

from __future__ import annotations

from typing import Final

from numba import njit

CANNOT: Final = -1
MOST_WRAPS: Final = 1 << 16
"""A clock is wound forward by this many rounds at most: 12 days of EVT3, 35 years of EVT2."""
NEGATIVE, TOO_FAR, BACK = 1, 2, 3
REFUSALS: Final = (
    "time is before 0: move the recording with `.later(...)`",
    f"its time is more than {MOST_WRAPS} rounds of the format's clock later than the one before it (the first one, "
    "than 0): move the recording with `.later(...)`",
    "time steps back by half a round of the format's clock or more, or into the round before: sort the events",
)
"""Why a time is not written, by number from 1."""


@njit(cache=True, nogil=True)
def refusal(now, aim, bits):  # type: ignore[no-untyped-def]
    """Return why a clock that stands at the high part `now` (-1 before it runs) cannot be set to `aim`; 0 if it can."""
    if aim < 0:
        return NEGATIVE
    began = max(now, 0)
    if (aim >> bits) - (began >> bits) > MOST_WRAPS:
        return TOO_FAR
    if now > aim and ((now >> bits) != (aim >> bits) or now - aim >= 1 << (bits - 1)):
        return BACK
    return 0


@njit(cache=True, nogil=True)
def onward(now, aim, bits):  # type: ignore[no-untyped-def]
    """Return the high part to write next, of a clock that stands at `now` (-1 before it runs), on the way to `aim`.

    A reader counts a round where the written part, the lowest `bits`, falls by more than half of its range.
    """
    last = (1 << bits) - 1
    if now < 0:
        return aim if aim <= last else last
    if (now >> bits) == (aim >> bits):
        return aim
    if (now & last) == last:
        return now + 1
    if (aim >> bits) == (now >> bits) + 1 and (now & last) - (aim & last) > 1 << (bits - 1):
        return aim
    return now | last
