"""Whether a rule can learn where it was put: what it changes exists, its delays have room, its constants are of this
time step.
"""

from __future__ import annotations

import math

from spikesight.base.errors import InputError, UnknownName
from spikesight.circuits.delays import Interpolated, PerSynapse
from spikesight.circuits.plasticity.contract import Rule, decaying
from spikesight.circuits.projection import Projection

TAKEN = ("w", "delay", "mask", "ring", "sent", "sent_count", "touched", "pre", "pre_at", "post", "post_at")
"""Names of a projection's own arrays."""


def check_fits(projection: Projection, dt: float) -> None:
    """Refuse a projection whose rule does not fit it.   Errors: InputError, UnknownName."""
    if projection.rule is None:
        return
    told = f"projection '{projection.name}': {type(projection.rule).__name__}"
    if not hasattr(projection.connection, "at_post"):
        raise InputError(f"projection '{projection.name}': {projection.connection.name} wiring has no plasticity")
    _check_variables(projection.rule, told)
    low, high = getattr(projection.rule, "low", -math.inf), getattr(projection.rule, "high", math.inf)
    if not low < high:
        raise InputError(f"{told} keeps weights between low and high, so low must be below high, got {low} and {high}")
    _check_delays(projection, projection.rule, told)
    made_for = projection.rule.made_for
    if made_for is not None and abs(made_for - dt) > 1e-9 * dt:
        raise InputError(f"{told} was made for steps of {made_for:g} s, the network's are {dt:g} s: tell it the same")
    if projection.rule.needs_both and not (projection.rule.pre_traces and projection.rule.post_traces):
        raise InputError(f"{told} says that it needs both sides, so it needs a trace on either")


def _check_variables(rule: Rule, told: str) -> None:
    own = [variable.name for variable in rule.synaptic]
    for name in own:
        if name in TAKEN or own.count(name) > 1:
            raise InputError(f"{told} calls a variable of its own '{name}', which is taken; choose another name")
    for name in rule.changes:
        if name not in ("w", "delay", *own):
            raise UnknownName(f"variable that {type(rule).__name__} changes", name, ("w", "delay", *own))
    for variable in decaying(rule):
        if variable.name not in rule.changes:
            raise InputError(f"{told} must name '{variable.name}' among its changes: a variable that decays is written")


def _check_delays(projection: Projection, rule: Rule, told: str) -> None:
    if rule.needs_arrivals and isinstance(projection.delay, PerSynapse | Interpolated):
        raise InputError(
            f"{told} learns from when spikes arrive, which {type(projection.delay).__name__} delays do not tell: "
            "use Axonal or Branched ones"
        )
    if "delay" in rule.changes and not isinstance(projection.delay, Interpolated):
        raise InputError(f"{told} learns delays, which needs delay=Interpolated(...)")
    if isinstance(projection.delay, Interpolated) and rule.longest_delay > projection.delay.longest:
        raise InputError(
            f"{told} lets delays grow to {rule.longest_delay:g} steps, but there is room for "
            f"{projection.delay.longest:g}: say Interpolated({rule.longest_delay:g})"
        )
