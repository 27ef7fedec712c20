"""Reward-modulated STDP: pairs of spikes make a synapse eligible, reward turns what is left of that into weight."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from spikesight.base.errors import InputError
from spikesight.circuits.engine import Engine, synaptic
from spikesight.circuits.plasticity.bounds import within
from spikesight.circuits.plasticity.contract import Decaying, Rule, Synaptic
from spikesight.circuits.plasticity.projections import found, present
from spikesight.equations.spike_traces import SpikeTrace, Summed


def at_pre(eligibility, pre, post, where, plus, minus):  # type: ignore[no-untyped-def]
    """``eligibility -= minus * post``."""
    return eligibility - minus * post


def at_post(eligibility, pre, post, where, plus, minus):  # type: ignore[no-untyped-def]
    """``eligibility += plus * pre``."""
    return eligibility + plus * pre


@dataclass(frozen=True)
class RewardStdp(Rule):
    """Spikes leave "w" alone and fill "eligibility" as pair STDP would fill the weight; it decays with
    `tau_eligibility`. `reward` changes the weights, within [low, high]. Seconds.

    Source: Izhikevich 2007, eq. 1 (tau_eligibility 1 s); Florian 2007, section 3 (MSTDPET).
    """

    plus: float = 1e-2
    minus: float = 1.5e-2
    tau_pre: float = 20e-3
    tau_post: float = 20e-3
    tau_eligibility: float = 1.0
    low: float = 0.0
    high: float = 1.0

    at_pre = staticmethod(at_pre)
    at_post = staticmethod(at_post)
    needs_both = True
    changes = ("eligibility",)

    @property
    def pre_traces(self) -> tuple[SpikeTrace, ...]:
        """One: all input spikes."""
        return (Summed(self.tau_pre),)

    @property
    def post_traces(self) -> tuple[SpikeTrace, ...]:
        """One: all own spikes."""
        return (Summed(self.tau_post),)

    @property
    def synaptic(self) -> tuple[Synaptic, ...]:
        """The eligibility of each synapse."""
        return (Decaying("eligibility", self.tau_eligibility),)

    @property
    def constants(self) -> tuple[float, ...]:
        """(plus, minus)."""
        return self.plus, self.minus


def reward(engine: Engine, projection: str, amount: float) -> None:
    """Reward (or punish, where negative) a projection now: ``w += amount * eligibility``, within the rule's bounds.

    With dopamine that lasts, call it in short intervals with concentration times interval. Masked synapses stay away.
    Errors: UnknownName; InputError where the projection has no rule with an eligibility and bounds.
    """
    rule = found(engine.network, projection).rule
    if rule is None or "eligibility" not in rule.changes:
        raise InputError(f"'{projection}' learns by {type(rule).__name__}; reward needs a rule with an eligibility")
    if not math.isfinite(amount):
        raise InputError(f"a reward is a number, got {amount}")
    low, high = rule.low, rule.high  # type: ignore[attr-defined]
    w = engine.arrays[f"{projection}.w"]
    moved = w + w.dtype.type(amount) * synaptic(engine, projection, "eligibility")
    bounded = within(w, moved, w.dtype.type(low), w.dtype.type(high), np.where)
    np.copyto(w, bounded, where=present(engine, projection))
