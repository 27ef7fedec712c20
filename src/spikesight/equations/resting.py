"""Where a membrane rests: the potential at which its currents cancel and push back what strays."""

from __future__ import annotations

from collections.abc import Callable

from spikesight.base.errors import InputError

PIECES = 4096
"""Rests closer together than a 4096th of the range are taken as one."""


def resting_potential(inflow: Callable[[float], float], low: float, high: float) -> float:
    """Return the lowest rest between `low` and `high`, to the last bit: where `inflow(v)` turns from inward to outward.

    Units: those of the model.   Errors: InputError where the membrane rests nowhere in that range.
    """
    width = (high - low) / PIECES
    for piece in range(PIECES):
        left, right = low + piece * width, low + (piece + 1) * width
        if inflow(left) > 0.0 >= inflow(right):
            return _halved(inflow, left, right)
    raise InputError(f"without input this membrane rests nowhere between {low} and {high}: say where it begins")


def _halved(inflow: Callable[[float], float], left: float, right: float) -> float:
    while left < (middle := 0.5 * (left + right)) < right:
        left, right = (middle, right) if inflow(middle) > 0.0 else (left, middle)
    return right
