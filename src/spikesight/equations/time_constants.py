"""From time constants (seconds) to factors per step (no unit): the only place where that is done."""

from __future__ import annotations

import math

from spikesight.base.errors import InputError


def decay(tau: float, dt: float) -> float:
    """Exact decay over one step, exp(-dt / tau); 1 where `tau` is infinite, 0 where it is 0."""
    return 0.0 if tau == 0.0 else math.exp(-dt / tau)


def gain(tau: float, dt: float) -> float:
    """Effect of a constant unit drive over one step (seconds): tau (1 - exp(-dt / tau)), `dt` where tau is infinite."""
    return dt if math.isinf(tau) else -tau * math.expm1(-dt / tau)


def steps(duration: float, dt: float) -> int:
    """Whole steps in `duration` seconds, to the nearest."""
    return round(duration / dt)


def check_positive(**seconds: float) -> None:
    """Refuse time constants that are not positive numbers.

    Errors: InputError naming the first bad one.
    """
    for name, value in seconds.items():
        if not value > 0.0:
            raise InputError(
                f"{name} is {value}; a time constant is a positive number of seconds (infinite = no decay)"
            )


def check_step(model: str, dt: float, longest: float) -> None:
    """Refuse steps (seconds) that a scheme does not follow.

    Errors: InputError that says how long they may be.
    """
    # A step that was computed may be over by a rounding.
    if dt > longest * (1.0 + 1e-9):
        raise InputError(f"dt is {dt} s: {model} takes steps of at most {longest} s")
