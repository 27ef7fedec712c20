"""Leaky integrate-and-fire with exponential current synapses, its input arriving at the synapses.

The neuron of `current`, for networks in which the input of a step is what synapses add to `i` in it (volts), instead of
a constant drive: ``tau dv/dt = rest - v + i``, ``tau_syn di/dt = -i + sum of kicks``.
"""

from __future__ import annotations

from dataclasses import replace

from spikesight.equations import current
from spikesight.equations.contract import Adjoint, Choices, Equation, shared
from spikesight.equations.current import Constants, Params, State

__all__ = ["EQUATION", "Constants", "Params", "State"]

shared(current.advance)  # so that what calls them can be compiled
shared(current.advance_adjoint)


def advance(
    v, i, ready, charge, now, where,
    decay, decay_syn, transfer, gain, rest, threshold, keep, landing, refractory, floor, none, never,
):  # fmt: skip
    """Add the charge of this step to the synaptic current, then go on as `current` does.

    Shapes: all (B, ...).   Units: volts.   Choices: `EQUATION.choices`.
    Source: Rotter & Diesmann 1999, as `current`.
    """
    return current.advance(
        v, i + charge, ready, none, now, where,
        decay, decay_syn, transfer, gain, rest, threshold, keep, landing, refractory, floor, none, never,
    )  # fmt: skip


def advance_adjoint(
    v, i, ready, charge, now, where,
    decay, decay_syn, transfer, gain, rest, threshold, keep, landing, refractory, floor, none, never,
    to_v, to_i, to_excess,
):  # fmt: skip
    """Take gradients back through `advance`: a charge has the gradient of the current that it is added to."""
    to_v, to_i, _, to_decay, to_decay_syn, to_transfer, to_gain, to_rest, to_threshold, to_keep, to_landing = (
        current.advance_adjoint(
            v, i + charge, ready, none, now, where,
            decay, decay_syn, transfer, gain, rest, threshold, keep, landing, refractory, floor, none, never,
            to_v, to_i, to_excess,
        )
    )  # fmt: skip
    return to_v, to_i, to_i, to_decay, to_decay_syn, to_transfer, to_gain, to_rest, to_threshold, to_keep, to_landing


EQUATION: Equation = replace(
    current.EQUATION,
    name="synaptic",
    inputs=("charge",),
    advance=advance,
    adjoint=Adjoint(current.ADJOINT.constants, advance_adjoint, current.fire_adjoint),
    choices=Choices(
        decay="exact, membrane and synapse together",
        input="added to i (volts) at the beginning of the step",
        threshold="after integration, >=",
        reset="to a value or by subtraction, in the same step",
        spikes="one per step",
        gradient="through the reset",
    ),
)
