"""Learning when, not how much: a spike of the neuron moves the arrival of its inputs towards one another.

``x = t_post - t_pre - delay`` is how long before the neuron's spike an input had arrived. What came just before comes
earlier the next time, by the more the later it was, so that arrivals draw together; what came too late comes later
still.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spikesight.circuits.plasticity.contract import Rule
from spikesight.equations.spike_traces import Ramp, SpikeTrace
from spikesight.equations.time_constants import check_positive


def at_post(  # type: ignore[no-untyped-def]
    w, delay, clock, where, exp,
    plus, shift, rate_w, rate_delay, span, dt, low, high, shortest, longest, none,
):  # fmt: skip
    """``w += plus exp(-x / tau_w), delay -= shift exp(-x / tau_delay)`` where the input had arrived (x >= 0), the
    opposite with ``exp(x / tau)`` where it had not; an input that never fired, or not within `span`, is left alone.
    """
    x = span - span * clock - delay * dt
    arrived = x >= none
    late = where(arrived, x, none - x)
    change, move = plus * exp(rate_w * late), shift * exp(rate_delay * late)
    heavier = w + where(arrived, change, none - change)
    slower = delay - where(arrived, move, none - move)
    heavier = where(heavier < high, where(heavier > low, heavier, low), high)
    slower = where(slower < longest, where(slower > shortest, slower, shortest), longest)
    fired = clock > none
    return where(fired, heavier, w), where(fired, slower, delay)


@dataclass(frozen=True)
class DelayStdp(Rule):
    """`plus` is the weight per spike, `shift` the seconds by which a delay changes; both fade over `tau_w` and
    `tau_delay` seconds between arrival and spike. Delays stay in [`shortest`, `longest`] seconds, weights in
    [`low`, `high`]. Input spikes older than `span` seconds are forgotten. Delays are kept in steps, so the rule must
    know `dt`, that of its network. An input that made the neuron fire has arrived: x is above 0 for it, since a spike
    acts in the step after its delay.

    Source: Nadafian & Ganjtabesh 2020 (arXiv 2011.09380), whose steps of 2.5 are milliseconds here.
    """

    dt: float = 0.1e-3
    longest: float = 20e-3
    shift: float = 2.5e-3
    plus: float = 0.01
    tau_delay: float = 1e-3
    tau_w: float = 1e-3
    span: float = 50e-3
    shortest: float = 10e-6
    low: float = 0.05
    high: float = 1.0

    at_post = staticmethod(at_post)
    functions = ("exp",)
    changes = ("w", "delay")

    def __post_init__(self) -> None:
        check_positive(dt=self.dt, longest=self.longest, tau_delay=self.tau_delay, tau_w=self.tau_w, span=self.span)

    @property
    def made_for(self) -> float:
        """`dt`."""
        return self.dt

    @property
    def pre_traces(self) -> tuple[SpikeTrace, ...]:
        """One: the time since the last input spike."""
        return (Ramp(self.span),)

    @property
    def longest_delay(self) -> float:
        """`longest` in steps."""
        return self.longest / self.dt

    @property
    def constants(self) -> tuple[float, ...]:
        """Per step of the network where they are about delays, then 0."""
        return (
            self.plus,
            self.shift / self.dt,
            -1.0 / self.tau_w,
            -1.0 / self.tau_delay,
            self.span,
            self.dt,
            self.low,
            self.high,
            self.shortest / self.dt,
            self.longest_delay,
            0.0,
        )


def excess_rate(rate: float, wanted: float) -> float:
    """Return ``K = (wanted - rate) / wanted``: how far a neuron is from the rate it should have.

    Negative where it fires too much: then delays grow by ``-lambda_delay K`` and weights shrink by ``lambda_w K``.
    Source: Nadafian & Ganjtabesh 2020.
    """
    return (wanted - rate) / wanted


def keep_mean_delay(before: NDArray[np.floating], delay: NDArray[np.floating], longest: float) -> None:
    """Shift the delays that changed since `before`, in place, so that their mean is what it was; within [0, `longest`].

    The rule alone makes the inputs of a neuron that fires ever faster, and the fastest neuron wins every race.
    """
    changed = delay != before
    if changed.any():
        moved = delay[changed] - (delay[changed] - before[changed]).mean()
        delay[changed] = np.clip(moved, 0.0, longest)
