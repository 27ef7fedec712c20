"""Frozen patterns that come back in Poisson noise: what a detector of coincidences is to find.

All afferents fire at one rate all the time, in the patterns and between them, so that no rate gives a pattern away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.base.randomness import generator
from spikesight.encoding.spike_list import SpikeList
from spikesight.equations.time_constants import steps


class Pattern(NamedTuple):
    """Spikes of one pattern: seconds since it began, and afferents; both (number of spikes,), in any order."""

    times: NDArray[np.float64]
    units: NDArray[np.int32]


def frozen(n: int, rate: float, length: float, random: np.random.Generator) -> Pattern:
    """Draw `length` seconds of `n` independent Poisson processes of `rate` hertz."""
    count = random.poisson(n * rate * length)
    return Pattern(random.uniform(0.0, length, count), random.integers(0, n, count, np.int32))


class Showings(NamedTuple):
    """When patterns begin (seconds since the first step) and which they are, both (number of showings,)."""

    starts: NDArray[np.float64]
    which: NDArray[np.int64]


@dataclass(frozen=True)
class Repeating:
    """`n` afferents of `rate` hertz; in the middle of each `period` one of `patterns` is shown, in turn.

    A pattern lasts `length`; at every showing each of its spikes is off by up to `jitter` either way, uniformly.
    Times in seconds. The noise before and after is jittered too (which leaves it noise), so that the rate
    is constant at the edges. An afferent that would fire twice in a step fires once, which loses one spike in
    2 / (rate dt).
    Errors: InputError where the pattern and its jitter do not fit into the period, or the period holds no whole steps.
    """

    n: int = 10_000
    rate: float = 3.2
    length: float = 0.1
    period: float = 0.4
    jitter: float = 3.2e-3
    patterns: int = 1
    dt: float = 1e-4
    seed: int = 0

    def __post_init__(self) -> None:
        if min(self.n, self.patterns) < 1 or min(self.rate, self.length, self.dt) <= 0.0 or self.jitter < 0.0:
            raise InputError(f"afferents, patterns, rate, length and dt are above 0, the jitter not below; got {self}")
        if self.length + 2.0 * self.jitter > self.period:
            raise InputError(
                f"a pattern of {self.length} s with a jitter of {self.jitter} s does not fit into {self.period} s"
            )
        if abs(self.steps * self.dt - self.period) > 1e-9 * self.period or self.steps * self.n >= 2**31:
            raise InputError(
                f"a period ({self.period} s) is a whole number of steps ({self.dt} s), and {self.n} afferents times "
                f"{self.steps} steps stay below 2^31"
            )

    @property
    def steps(self) -> int:
        """Steps of a period."""
        return steps(self.period, self.dt)

    @property
    def begin(self) -> float:
        """Seconds from the beginning of a period to that of its pattern."""
        return (self.period - self.length) / 2.0

    def pattern(self, number: int) -> Pattern:
        """Return pattern `number`, from 0: the same whenever it is asked for."""
        return frozen(self.n, self.rate, self.length, generator(self.seed, "pattern", number))

    def showings(self, first: int, last: int) -> Showings:
        """Return what is shown from period `first` up to `last`, which does not belong to it."""
        periods = np.arange(first, last)
        starts = np.asarray(periods * self.period + self.begin, np.float64)
        return Showings(starts, periods % self.patterns)

    def drawn(self) -> Input:
        """Draw the patterns: what gives spikes."""
        return Input(self, tuple(self.pattern(number) for number in range(self.patterns)))


@dataclass(frozen=True)
class Input:
    """Patterns that were drawn, and the spikes of any stretch of time. Nothing is kept from call to call."""

    plan: Repeating
    patterns: tuple[Pattern, ...]

    def spikes(self, first_step: int, length: int) -> SpikeList:
        """Return the spikes of `length` steps from `first_step`: the same, in however many calls."""
        plan = self.plan
        first, last = first_step // plan.steps, -(-(first_step + length) // plan.steps)
        joined = _joined([self.period(number) for number in range(first, last)])
        begin = first_step - first * plan.steps
        return joined.part(begin, begin + length)

    def period(self, number: int) -> SpikeList:
        """Return the spikes of period `number`, from 0.

        What the jitter takes over the end of the period comes at its beginning: the noise stays Poisson.
        """
        plan, random = self.plan, generator(self.plan.seed, "period", number)
        shown = self.patterns[number % plan.patterns]
        noise = frozen(plan.n, plan.rate, plan.period - plan.length, random)
        around = noise.times + plan.length * (noise.times >= plan.begin)
        times = np.concatenate([around, plan.begin + shown.times])
        times += random.uniform(-plan.jitter, plan.jitter, len(times))
        when = np.floor(times / plan.dt).astype(np.int32) % np.int32(plan.steps)
        return _listed(when, np.concatenate([noise.units, shown.units]), plan.steps, plan.n)


def _listed(when: NDArray[np.int32], units: NDArray[np.int32], length: int, n: int) -> SpikeList:
    """Sort spikes by step and afferent in one go, and drop those that come twice."""
    keys = when * np.int32(n) + units
    keys.sort()
    new = np.ones(len(keys), np.bool_)
    np.not_equal(keys[1:], keys[:-1], out=new[1:])
    step, unit = np.divmod(keys[new], np.int32(n))
    return SpikeList(_ends(np.bincount(step, minlength=length)), unit)


def _joined(pieces: list[SpikeList]) -> SpikeList:
    if len(pieces) == 1:
        return pieces[0]
    counts = np.concatenate([np.zeros(0, np.int64), *(np.diff(piece.starts) for piece in pieces)])
    return SpikeList(_ends(counts), np.concatenate([np.zeros(0, np.int32), *(piece.units for piece in pieces)]))


def _ends(counts: NDArray[Any]) -> NDArray[np.int64]:
    starts = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=starts[1:])
    return starts
