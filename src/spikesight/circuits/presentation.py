"""Showing a stimulus to a circuit: a while of spikes, a while of silence, and again, brighter, if nobody answered."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.base.randomness import generator
from spikesight.circuits.engine import NO_DRIVES, Engine, Fired, drift
from spikesight.encoding.rate import bernoulli
from spikesight.encoding.spike_list import SpikeList
from spikesight.equations.time_constants import steps


@dataclass(frozen=True)
class Showing:
    """`hertz` is the input rate per unit of the stimulus; with fewer than `enough` spikes it is shown again at
    `hertz_more` more.

    `shown` and `rest` in seconds. `tries` bounds how often, so that a stimulus nobody can see does not hang the run.
    """

    hertz: float
    hertz_more: float
    shown: float
    rest: float
    enough: int
    tries: int = 40

    def __post_init__(self) -> None:
        numbers = {name: getattr(self, name) for name in ("hertz", "hertz_more", "shown", "rest", "enough")}
        wrong = {name: value for name, value in numbers.items() if not 0 <= value < math.inf}
        if wrong or self.shown == 0 or self.tries < 1:
            raise InputError(f"a stimulus is shown for a while, at rates >= 0, at least once; got {self}")

    def steps(self, dt: float) -> tuple[int, int]:
        """Return the steps of spikes, and those of spikes and silence together.

        Errors: InputError where the stimulus is over before the first step.
        """
        on = steps(self.shown, dt)
        if on < 1:
            raise InputError(f"a stimulus shown for {self.shown} s is there for less than half a step of {dt} s")
        return on, on + steps(self.rest, dt)


class Samples(NamedTuple):
    """State variables looked at: steps (K,) since the first one of the presentation, values (K, units)."""

    step: NDArray[np.int64]
    value: NDArray[Any]


class Try(NamedTuple):
    """One showing of the stimulus: what was given, what fired, what was looked at."""

    given: SpikeList
    fired: dict[str, Fired]
    samples: dict[str, Samples]


@dataclass(frozen=True)
class Shown:
    """What one presentation did. `counts` (n,) are the spikes of the answering population while the stimulus was on,
    last try.

    `first_tick` is the engine's clock at the beginning, `length` the steps of one try. Steps below count from the
    beginning.
    """

    counts: NDArray[np.int64]
    tries: list[Try]
    first_tick: int
    length: int

    @property
    def given(self) -> Fired:
        """Spikes of the source, all tries."""
        return _joined([Fired(t.given.times, t.given.units) for t in self.tries], self.length)

    def fired(self, population: str) -> Fired:
        """Spikes of a population, all tries."""
        return _joined([t.fired[population] for t in self.tries], self.length)

    def spikes(self, node: str) -> Fired:
        """Spikes of a population or of the source, all tries."""
        return self.fired(node) if node in self.tries[0].fired else self.given

    @property
    def end(self) -> int:
        """The engine's clock at the end."""
        return self.first_tick + self.length * len(self.tries)

    def samples(self, name: str) -> Samples:
        """A state variable that was watched, all tries."""
        steps = [t.samples[name].step + k * self.length for k, t in enumerate(self.tries)]
        return Samples(np.concatenate(steps), np.concatenate([t.samples[name].value for t in self.tries]))


@dataclass(frozen=True)
class Watch:
    """State variables to look at while a stimulus is shown: names, and every how many steps."""

    names: tuple[str, ...] = ()
    every: int = 1

    def __post_init__(self) -> None:
        if self.every < 1:
            raise InputError(f"state variables are looked at every 1 step or more, got {self.every}")


NOTHING = Watch()


def show(
    engine: Engine,
    stimulus: NDArray[Any],
    showing: Showing,
    answering: str,
    stream: tuple[int, str, int],
    *,
    normalise: tuple[str, float] | None = None,
    watch: Watch = NOTHING,
) -> Shown:
    """Show `stimulus` (n_input,) to the engine's only source and return what happened.

    `stream` names the random numbers: (seed, purpose, index); each try draws its own. `normalise` = (projection,
    total) rescales weights before every try.
    Errors: InputError on negative, NaN or infinite stimuli, and on those shown for less than half a step.
    """
    on, length = showing.steps(engine.network.dt)
    source = engine.network.sources[0].name
    n = engine.network.node(answering).size
    first = engine.clock
    tries: list[Try] = []
    while True:
        rates = np.asarray(stimulus, np.float64) * (showing.hertz + len(tries) * showing.hertz_more)
        spikes = bernoulli(rates, on, engine.network.dt, generator(*stream, len(tries))).padded(length)
        if normalise is not None:
            engine.normalise(*normalise)
        fired, samples = advance_watched(engine, {source: spikes}, length, watch)
        drift(engine)
        tries.append(Try(spikes, fired, samples))
        answer = fired[answering]
        counts = np.bincount(answer.unit[answer.step < on], minlength=n)
        if counts.sum() >= showing.enough or len(tries) == showing.tries or not np.any(stimulus):
            return Shown(counts, tries, first, length)


def advance_watched(
    engine: Engine,
    spikes: Mapping[str, SpikeList],
    length: int,
    watch: Watch,
    drives: Mapping[str, NDArray[Any]] = NO_DRIVES,
) -> tuple[dict[str, Fired], dict[str, Samples]]:
    """Do what `engine.advance` does, and look at state variables on the way; watching changes no bit.

    Errors: as `engine.advance`; InputError where there is no step to look at.
    """
    if not watch.names:
        return engine.advance(spikes, length, drives), {}
    if length < 1:
        raise InputError(f"at least one step is needed to look at {', '.join(watch.names)}, got {length}")
    pieces: list[dict[str, Fired]] = []
    seen: dict[str, list[NDArray[Any]]] = {name: [] for name in watch.names}
    begins = range(0, length, watch.every)
    for begin in begins:
        for name, values in seen.items():
            values.append(engine.arrays[name].copy())
        steps = min(watch.every, length - begin)
        part = {name: s.part(begin, begin + steps) for name, s in spikes.items()}
        driven = {name: v if _stays(v) else v[begin : begin + steps] for name, v in drives.items()}
        pieces.append(engine.advance(part, steps, driven))
    fired = {name: _joined([piece[name] for piece in pieces], watch.every) for name in pieces[0]}
    return fired, {name: Samples(np.array(begins), np.stack(values)) for name, values in seen.items()}


def _stays(values: NDArray[Any]) -> bool:
    """Whether the values of a drive are the same at every step."""
    return values.ndim == 1 or len(values) == 1


def _joined(pieces: list[Fired], length: int) -> Fired:
    """Put spikes of consecutive pieces of `length` steps on one count of steps."""
    if len(pieces) == 1:
        return pieces[0]
    steps = np.concatenate([piece.step + k * length for k, piece in enumerate(pieces)])
    return Fired(steps, np.concatenate([piece.unit for piece in pieces]))
