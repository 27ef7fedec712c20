"""One step of the classical Runge-Kutta scheme, for systems of two and of four variables.

`slopes(x, y, [z, w,] *given)` are the time derivatives. Written out, because arrays and single numbers share the text.
The error over a fixed time falls with dt^4.
"""

from __future__ import annotations

from typing import NamedTuple

from spikesight.equations.contract import shared


class Lengths(NamedTuple):
    """A step, its half and its sixth: the lengths that the scheme multiplies with."""

    half: float
    whole: float
    sixth: float


def lengths(step: float) -> Lengths:
    """Return the lengths for a step, in the time unit of the slopes."""
    return Lengths(step / 2.0, step, step / 6.0)


@shared
def planar(slopes, x, y, half, whole, sixth, *given):
    """Return (x, y) one step later.

    Source: Kutta 1901; Hairer, Norsett & Wanner, Solving Ordinary Differential Equations I, table 1.2.
    """
    x1, y1 = slopes(x, y, *given)
    x2, y2 = slopes(x + half * x1, y + half * y1, *given)
    x3, y3 = slopes(x + half * x2, y + half * y2, *given)
    x4, y4 = slopes(x + whole * x3, y + whole * y3, *given)
    dx, dy = x2 + x3, y2 + y3
    return x + sixth * (x1 + dx + dx + x4), y + sixth * (y1 + dy + dy + y4)


@shared
def of_four(slopes, x, y, z, w, half, whole, sixth, *given):
    """Return (x, y, z, w) one step later.   Source: as `planar`."""
    x1, y1, z1, w1 = slopes(x, y, z, w, *given)
    x2, y2, z2, w2 = slopes(x + half * x1, y + half * y1, z + half * z1, w + half * w1, *given)
    x3, y3, z3, w3 = slopes(x + half * x2, y + half * y2, z + half * z2, w + half * w2, *given)
    x4, y4, z4, w4 = slopes(x + whole * x3, y + whole * y3, z + whole * z3, w + whole * w3, *given)
    dx, dy, dz, dw = x2 + x3, y2 + y3, z2 + z3, w2 + w3
    return (
        x + sixth * (x1 + dx + dx + x4),
        y + sixth * (y1 + dy + dy + y4),
        z + sixth * (z1 + dz + dz + z4),
        w + sixth * (w1 + dw + dw + w4),
    )
