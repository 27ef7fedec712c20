"""Networks that learn without labels and are examined before and after; the first one is recorded."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from spikesight import __version__
from spikesight.base.errors import InputError
from spikesight.base.progress import Progress
from spikesight.base.randomness import generator
from spikesight.circuits.engine import Engine, Fired
from spikesight.circuits.presentation import Samples
from spikesight.circuits.readout import Running
from spikesight.circuits.recording import Recorder, header
from spikesight.datasets.moving_shapes import DIRECTIONS
from spikesight.recipes.motion_direction.protocol import TABLE_REPETITIONS, TEST_REPETITIONS, Told, told
from spikesight.recipes.motion_direction.scene import Drawn
from spikesight.runs.folder import Run
from spikesight.trace.probe import Probe
from spikesight.trace.writer import TraceWriter

FIRST_FRESH = 1000
"""Networks below this number were for choosing settings."""

LAST = 40
"""Patterns over which the accuracy of a network under way is taken."""


class Model(Protocol):
    """A kind of network and what it is shown."""

    @property
    def outputs(self) -> int:
        """Number of neurons or maps that may win."""

    @property
    def length(self) -> int:
        """Steps of a pattern and the silence after it."""

    def begin(self, random: np.random.Generator) -> Engine:
        """Return a network that has learned nothing."""

    def draw(self, direction: int, random: np.random.Generator) -> Drawn:
        """Return a pattern of a direction."""

    def learn(self, engine: Engine, drawn: Drawn, left: float) -> Fired:
        """Show a pattern to a network that learns; return what fired. `left` falls from 1 to 0 over all patterns."""

    def counts(self, fired: Fired) -> NDArray[np.int64]:
        """Return the spikes of each output, (outputs,)."""

    def frozen(self, engine: Engine) -> Engine:
        """Return a copy of a network, at rest, in which nothing is left to learn."""


class Seen(NamedTuple):
    """One pattern that was shown while learning, for who records it."""

    number: int
    drawn: Drawn
    first_tick: int
    length: int
    fired: Fired
    counts: NDArray[np.int64]

    @property
    def end(self) -> int:
        """The engine's clock at the end."""
        return self.first_tick + self.length

    def spikes(self, node: str) -> Fired:
        """Spikes of the source or of the population."""
        given = self.drawn.spikes
        return Fired(given.times, given.units) if node == "input" else self.fired

    def samples(self, name: str) -> Samples:
        """Nothing else is looked at."""
        raise InputError(f"only spikes and weights are recorded of moving shapes, not '{name}'")


@dataclass(frozen=True)
class Trial:
    """What network `number` told before and after it had learned."""

    number: int
    untrained: Told
    trained: Told


Watcher = Callable[[Seen, Engine], None]


def nobody(seen: Seen, engine: Engine) -> None:
    """Look at nothing."""


def numbers(seed: int, networks: int) -> range:
    """Return the numbers of the fresh networks of a seed."""
    return range(FIRST_FRESH + seed * networks, FIRST_FRESH + (seed + 1) * networks)


def trial(model: Model, number: int, patterns: int, watch: Watcher = nobody) -> tuple[Trial, Engine]:
    """Examine network `number`, teach it `patterns` patterns in random order, examine it again."""
    random = generator(number, "motion")
    engine = model.begin(random)
    before = examine(model, engine, generator(number, "examined before"))
    for index in range(patterns):
        drawn = model.draw(int(random.integers(len(DIRECTIONS))), random)
        tick = engine.clock
        fired = model.learn(engine, drawn, 1.0 - index / patterns)
        watch(Seen(index, drawn, tick, model.length, fired, model.counts(fired)), engine)
    return Trial(number, before, examine(model, engine, generator(number, "examined after"))), engine


def examine(model: Model, engine: Engine, random: np.random.Generator) -> Told:
    """Show each direction to a frozen copy: repetitions for the table, and others to be classified."""
    copy = model.frozen(engine)
    seen = [
        [
            model.counts(copy.advance({"input": model.draw(direction, random).spikes}, model.length)["out"])
            for _ in range(TABLE_REPETITIONS + TEST_REPETITIONS)
        ]
        for direction in range(len(DIRECTIONS))
    ]
    return told(np.array(seen))


class Diary:
    """Writes a network's learning into a trace: spikes, weights, what its own running readout took each pattern for."""

    def __init__(self, writer: TraceWriter, engine: Engine, outputs: int, probes: Sequence[Probe]) -> None:
        self.writer, self.recorder = writer, Recorder(writer, engine.network, probes)
        self._readout = Running(len(DIRECTIONS), outputs, window=20)
        self._right: deque[bool] = deque(maxlen=LAST)
        self.recorder.weights(engine.arrays, 0, -1)

    def __call__(self, seen: Seen, engine: Engine) -> None:
        """Record a pattern. The prediction was made before the label was looked at."""
        label = seen.drawn.direction
        prediction = self._readout.predict(seen.counts)
        self._readout.observe(seen.counts, label)
        self._right.append(prediction == label)
        self.recorder.record(seen, engine.arrays, seen.number)
        self.writer.stimulus(
            stim=seen.number,
            t_start=seen.first_tick,
            t_end=seen.end,
            label=label,
            prediction=prediction,
            correct=prediction == label if prediction >= 0 else None,
        )
        self.writer.scalar(seen.end, "accuracy", sum(self._right) / len(self._right))


def trials(
    model: Model, run: Run, seed: int, networks: int, patterns: int, probes: Sequence[Probe], bar: Progress
) -> tuple[list[Trial], list[Engine]]:
    """Try the fresh networks of a seed; the first one is recorded in the trace of `run`."""
    first, *others = numbers(seed, networks)
    blank = model.begin(generator(first, "motion"))
    facts = header(blank.network, run.facts["name"], "moving shapes", seed, __version__, probes)
    with TraceWriter.create(run.trace_folder, facts) as writer:
        done = [trial(model, first, patterns, Diary(writer, blank, model.outputs, probes))]
    bar.advance(1, accuracy=done[0][0].trained.accuracy)
    for number in others:
        done.append(trial(model, number, patterns))
        bar.advance(1, accuracy=done[-1][0].trained.accuracy)
    return [one for one, _ in done], [engine for _, engine in done]


def summary(tried: Sequence[Trial]) -> Mapping[str, Any]:
    """Return the figures of the claim, and those of each network."""

    def median(of: Callable[[Trial], float]) -> float:
        return float(np.median([of(one) for one in tried]))

    return {
        "accuracy": median(lambda one: one.trained.accuracy),
        "control": median(lambda one: one.untrained.accuracy),
        "information_bits": median(lambda one: one.trained.information),
        "control_information_bits": median(lambda one: one.untrained.information),
        "specialised": median(lambda one: one.trained.specialised),
        "networks": [asdict(one) for one in tried],
    }
