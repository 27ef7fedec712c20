"""Leaky neurons whose numbers are those of a step, each in the exact order of operations of another library.

In single precision ``v + (x - v) / tau``, ``v + (x - v) * share`` and ``decay * v + gain * x`` round differently, and
one spike in some thousands differs. To move a trained network over, spike for spike, its own arithmetic is needed.
Nothing here knows seconds: a step is the unit of time.

- `DIVIDED_SCALED`: ``v + (x - (v - rest)) / leak``, SpikingJelly's LIF, `leak` being tau in steps.
- `DIVIDED`: ``v - (v - rest) / leak + x``, the same with `decay_input=False`.
- `SHARED_SCALED`: ``v + (x - (v - rest)) * leak``, SpikingJelly's PLIF and Norse's box LIF, `leak` a share.
- `SHARED`: ``v - (v - rest) * leak + x``, PLIF with `decay_input=False`.
- `DECAYED`: ``leak * v + gain * x``, Sinabs, and, with 1 and 1, every integrate-and-fire neuron.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from spikesight.equations.contract import Choices, Equation, reaches
from spikesight.equations.reset import Reset, ToValue


@dataclass(frozen=True)
class Params:
    """Numbers of a step: the leak as the equation takes it, the gain (of `DECAYED`), volts."""

    leak: float = 2.0
    gain: float = 1.0
    rest: float = 0.0
    threshold: float = 1.0
    reset: Reset = ToValue(0.0)


class State(NamedTuple):
    """Membrane (volts)."""

    v: float


class Constants(NamedTuple):
    """The parameters, and what a reset does."""

    leak: float
    gain: float
    rest: float
    threshold: float
    keep: float
    landing: float


def constants(params: Params, dt: float) -> Constants:
    """Return the numbers of a step, however long it is."""
    keep, landing = params.reset.line(params.threshold, 0.0)
    return Constants(params.leak, params.gain, params.rest, params.threshold, keep, landing)


def initial(params: Params) -> State:
    """At rest."""
    return State(params.rest)


def divided_scaled(v, x, now, where, leak, gain, rest, threshold, keep, landing):
    """Move by 1/leak of the way from v to the input.   Shapes: all (B, ...).   Units: volts."""
    v = v + (x - (v - rest)) / leak
    return v, v - threshold


def divided(v, x, now, where, leak, gain, rest, threshold, keep, landing):
    """Lose 1/leak of what is over rest, add the input.   Shapes: all (B, ...).   Units: volts."""
    v = v - (v - rest) / leak + x
    return v, v - threshold


def shared_scaled(v, x, now, where, leak, gain, rest, threshold, keep, landing):
    """Move by the share `leak` of the way from v to the input.   Shapes: all (B, ...).   Units: volts."""
    v = v + (x - (v - rest)) * leak
    return v, v - threshold


def shared(v, x, now, where, leak, gain, rest, threshold, keep, landing):
    """Lose the share `leak` of what is over rest, add the input.   Shapes: all (B, ...).   Units: volts."""
    v = v - (v - rest) * leak + x
    return v, v - threshold


def decayed(v, x, now, where, leak, gain, rest, threshold, keep, landing):
    """Keep `leak` of v, add `gain` of the input.   Shapes: all (B, ...).   Units: volts."""
    v = leak * v + gain * x
    return v, v - threshold


def fire(v, now, leak, gain, rest, threshold, keep, landing):
    """Reset the membrane."""
    return (keep * v + landing,)


def _equation(advance: Callable[..., Any], source: str) -> Equation:
    return Equation(
        name=advance.__name__,
        params=Params,
        state=State,
        inputs=("x",),
        moving=("v",),
        advance=advance,
        fire=fire,
        crossing=reaches,
        constants=constants,
        initial=initial,
        choices=Choices(
            decay="a number of the step, as its name says",
            input="scaled with the leak or added, as its name says",
            threshold="after integration, >=",
            reset="to a value or by subtraction, in the same step",
            spikes="one per step",
            gradient="through the reset",
        ),
        source=source,
    )


DIVIDED_SCALED = _equation(divided_scaled, "spikingjelly 2.0.0, LIFNode, 2026")
DIVIDED = _equation(divided, "spikingjelly 2.0.0, LIFNode(decay_input=False), 2026")
SHARED_SCALED = _equation(shared_scaled, "spikingjelly 2.0.0, ParametricLIFNode; norse 1.1.0, lif_box, 2024")
SHARED = _equation(shared, "spikingjelly 2.0.0, ParametricLIFNode(decay_input=False), 2026")
DECAYED = _equation(decayed, "sinabs 3.1.3, LIF, 2025")
