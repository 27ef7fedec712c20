"""Leaky neurons with synaptic currents in the exact order of operations of other libraries; see `discrete`.

- `JUMP_FIRST`, Norse's LIF: the input is added to i; v moves by a share of the way to it; then i loses a share.
- `DECAY_FIRST`, Sinabs' LIF with tau_syn: i and the input decay together; then v decays and gains of i.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from spikesight.equations import discrete
from spikesight.equations.contract import Choices, Equation, above, reaches


@dataclass(frozen=True)
class Params(discrete.Params):
    """Numbers of a step: those of `discrete.Params`, and the leak of the synaptic current."""

    leak_syn: float = 0.5


class State(NamedTuple):
    """Membrane and synaptic current (volts)."""

    v: float
    i: float


class Constants(NamedTuple):
    """The parameters, and what a reset does."""

    leak: float
    gain: float
    rest: float
    threshold: float
    keep: float
    landing: float
    leak_syn: float


def constants(params: Params, dt: float) -> Constants:
    """Return the numbers of a step, however long it is."""
    return Constants(*discrete.constants(params, dt), params.leak_syn)


def initial(params: Params) -> State:
    """At rest, no current."""
    return State(params.rest, 0.0)


def jump_first(v, i, x, now, where, leak, gain, rest, threshold, keep, landing, leak_syn):
    """Add the input to i, move v by a share of the way to i, let i fade.   Shapes: all (B, ...).   Units: volts."""
    jumped = i + x
    v = v + leak * ((rest - v) + jumped)
    return v, jumped - leak_syn * jumped, v - threshold


def decay_first(v, i, x, now, where, leak, gain, rest, threshold, keep, landing, leak_syn):
    """Let i fade with the input in it, keep `leak` of v, add `gain` of i.   Shapes: all (B, ...).   Units: volts."""
    i = leak_syn * (i + x)
    v = gain * i + leak * v
    return v, i, v - threshold


def fire(v, i, now, leak, gain, rest, threshold, keep, landing, leak_syn):
    """Reset the membrane; the current stays."""
    return keep * v + landing, i


def _equation(advance: Callable[..., Any], crossing: Callable[[Any], Any], sign: str, source: str) -> Equation:
    return Equation(
        name=advance.__name__,
        params=Params,
        state=State,
        inputs=("x",),
        moving=("v", "i"),
        advance=advance,
        fire=fire,
        crossing=crossing,
        constants=constants,
        initial=initial,
        choices=Choices(
            decay="numbers of the step",
            input="added to the synaptic current",
            threshold=f"after integration, {sign}",
            reset="to a value or by subtraction, in the same step",
            spikes="one per step",
            gradient="through the reset",
        ),
        source=source,
    )


JUMP_FIRST = _equation(jump_first, above, ">", "norse 1.1.0, lif_feed_forward_step, 2024")
DECAY_FIRST = _equation(decay_first, reaches, ">=", "sinabs 3.1.3, LIF(tau_syn), 2025")
