"""How learning keeps a value in its bounds. What does not move stays wherever it is, also out of bounds: an engine may
then leave out synapses at which a rule changes nothing. What moves from out of bounds comes back and goes no further.
"""

from __future__ import annotations

from spikesight.equations.contract import shared


@shared
def risen(w, moved, high, where):  # type: ignore[no-untyped-def]
    """`moved`, which is not below `w`, but not above `high`."""
    return where(moved < high, moved, where(moved > w, high, w))


@shared
def fallen(w, moved, low, where):  # type: ignore[no-untyped-def]
    """`moved`, which is not above `w`, but not below `low`."""
    return where(moved > low, moved, where(moved < w, low, w))


@shared
def within(w, moved, low, high, where):  # type: ignore[no-untyped-def]
    """`moved` in whatever direction, but not out of [low, high]."""
    return where(moved > w, risen(w, moved, high, where), fallen(w, moved, low, where))
