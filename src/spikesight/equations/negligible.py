"""Quantities too small to matter, taken as none.

Left alone, a decaying float32 ends among the denormal numbers, where rounding stops its decay and every operation on
it takes many times longer, for good.
"""

from __future__ import annotations

from spikesight.equations.contract import shared

NEGLIGIBLE = 1e-20
"""In volts, or in units of the leak: 10^17 times below anything that a float32 membrane could notice."""


@shared
def without_dust(x, where, floor, none):
    """Return x, or `none` where it lies between -floor and floor.

    What is none already stays itself, or a neuron that was reset to its rest would pass no gradient on.
    """
    return where(x > floor, x, where(x < -floor, x, where(x == none, x, none)))


@shared
def dust_adjoint(x, where, floor, none, gradient):
    """Return the gradient of x for that of ``without_dust(x, ...)``: none where x was taken as none."""
    return where(x > floor, gradient, where(x < -floor, gradient, where(x == none, gradient, none)))
