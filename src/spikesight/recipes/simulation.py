"""A free-running circuit that is written down: a run folder, a trace, checkpoints from which it goes on as if nothing
had happened.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from numpy.typing import NDArray

from spikesight import __version__
from spikesight.base.errors import InputError
from spikesight.base.progress import progress
from spikesight.circuits.engine import Engine, Fired, drift, restore, start
from spikesight.circuits.network import Arrays, Network
from spikesight.circuits.presentation import Samples, advance_watched
from spikesight.circuits.recording import Recorder, header
from spikesight.encoding.spike_list import SpikeList
from spikesight.equations.time_constants import steps
from spikesight.executors.executor import Executor
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.recipes.contract import Order
from spikesight.recipes.going_on import SECONDS_BETWEEN_CHECKPOINTS, alone, check_same
from spikesight.runs.folder import Run
from spikesight.runs.plain import plain
from spikesight.runs.running import running
from spikesight.trace.probe import Probe
from spikesight.trace.writer import TraceWriter


class Given(NamedTuple):
    """What a circuit is given in a piece of time: spikes of its sources, and values handed to its populations."""

    spikes: Mapping[str, SpikeList]
    drives: Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class Piece:
    """What happened in piece `number` (from 0) of a simulation; steps count from `first_tick`, the engine's clock."""

    number: int
    first_tick: int
    length: int
    given: Given
    fired: Mapping[str, Fired]
    watched: Mapping[str, Samples]

    @property
    def end(self) -> int:
        """The engine's clock at the end."""
        return self.first_tick + self.length

    def spikes(self, node: str) -> Fired:
        """Spikes of a source or of a population."""
        if node in self.fired:
            return self.fired[node]
        return Fired(self.given.spikes[node].times, self.given.spikes[node].units)

    def samples(self, name: str) -> Samples:
        """A state variable that was watched."""
        return self.watched[name]


Inputs = Callable[[int, int], tuple[Mapping[str, SpikeList], Mapping[str, NDArray[Any]]]]
"""`inputs(first_step, steps)` gives the spikes and the drives of these steps. It depends on nothing else, so that a
resumed run is given the same."""

After = Callable[[Engine, Piece], Mapping[str, float]]
"""`after(engine, piece)` may act on the engine between two pieces (normalise, say); what it returns is recorded as
curves. Like `Inputs`, it keeps nothing from piece to piece."""


def no_inputs(first_step: int, steps: int) -> Given:
    """Give nothing: for circuits without sources."""
    return Given({}, {})


def nothing_more(engine: Engine, piece: Piece) -> Mapping[str, float]:
    """Leave the engine alone, and tell nothing."""
    return {}


@dataclass(frozen=True)
class Scenario:
    """Which circuit runs, for how long, and on what: everything that decides the result, and what is recorded of it.

    `seconds` and `piece` are of biological time; the circuit advances by pieces, which are what `every` of a probe of
    spikes or weights counts. `facts` is what else makes this run differ from others, kept in run.json.
    Errors: InputError where a piece is shorter than a step, or state variables are not sampled at the same steps of
    every piece.
    """

    recipe: str
    network: Network
    parameters: Arrays
    seconds: float
    inputs: Inputs = no_inputs
    after: After = nothing_more
    probes: tuple[Probe, ...] = ()
    piece: float = 0.1
    executor: Executor = field(default_factory=FusedCpu)
    quick: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.steps < 1 or self.length < 1:
            raise InputError(
                f"a simulation and its pieces last a step ({self.network.dt} s) or more, "
                f"got {self.seconds} s in pieces of {self.piece} s"
            )
        for probe in self.probes:
            if probe.what not in ("spikes", "w") and self.length % probe.every:
                raise InputError(
                    f"probe '{probe.target}' looks every {probe.every} steps, which does not divide the {self.length} "
                    f"steps of a piece ({self.piece} s): choose another piece, or another every"
                )

    @property
    def steps(self) -> int:
        """Steps of the whole simulation."""
        return steps(self.seconds, self.network.dt)

    @property
    def length(self) -> int:
        """Steps of a piece; the last one may be shorter."""
        return steps(self.piece, self.network.dt)

    @property
    def pieces(self) -> int:
        """Number of pieces."""
        return -(-self.steps // self.length)

    def config(self) -> dict[str, Any]:
        """Return what run.json keeps: times, the parts of the network in words, the probes, `facts`."""
        parts = {node.name: f"source {node.shape}" for node in self.network.sources}
        for q in self.network.populations:
            parts[q.name] = f"{q.equation.name} {q.shape} {q.params!r}, competition {q.competition!r}"
        for p in self.network.projections:
            parts[p.name] = f"{p.pre} to {p.post}.{p.into}, {p.connection.name}, delay {p.delay!r}, rule {p.rule!r}"
        parts |= {drive.name: f"drive into {drive.post}.{drive.into}" for drive in self.network.drives}
        return {
            "quick": self.quick,
            "settings": dict(self.settings),
            "seconds": self.seconds,
            "piece": self.piece,
            "dt": self.network.dt,
            "parameters": parts,
            "probes": [repr(probe) for probe in self.probes],
            **self.facts,
        }


class Reached(NamedTuple):
    """How far a simulation has come: steps done, origin of step numbers, place in the trace, seconds it took, spikes
    of each population.
    """

    steps: int = 0
    origin: int = 0
    position: int = 0
    seconds: float = 0.0
    spikes: tuple[int, ...] = ()


class Simulation:
    """A simulation under way: `finish` the rest of it. `engine` is live."""

    def __init__(self, scenario: Scenario, run: Run, writer: TraceWriter, engine: Engine, reached: Reached) -> None:
        """Use `simulation`."""
        self.scenario, self.run, self.writer, self.engine = scenario, run, writer, engine
        self.recorder = Recorder(writer, scenario.network, scenario.probes)
        self.seconds = reached.seconds
        names = [population.name for population in scenario.network.populations]
        self._spikes = dict(zip(names, reached.spikes or [0] * len(names), strict=True))
        self._checked = time.monotonic()
        self._fresh = reached == Reached()

    @property
    def done(self) -> int:
        """Pieces done."""
        return -(-self.engine.clock // self.scenario.length)

    def finish(self, order: Order) -> None:
        """Simulate what is left, recording and checkpointing.   Errors: StorageFull; KeyboardInterrupt passes."""
        scenario = self.scenario
        if self._fresh:
            self.recorder.weights(self.engine.arrays, 0, -1)
            self.checkpoint()
        if self.done == scenario.pieces:
            return
        with progress("simulating", scenario.pieces, order.stream) as bar:
            bar.advance(self.done)
            while self.done < scenario.pieces:
                started = time.perf_counter()
                rates = self._advance(min(scenario.length, scenario.steps - self.engine.clock))
                self.seconds += time.perf_counter() - started
                bar.advance(1, **rates)
                if time.monotonic() - self._checked > SECONDS_BETWEEN_CHECKPOINTS and self.done < scenario.pieces:
                    self.checkpoint()
        self.recorder.weights(self.engine.arrays, self.engine.clock, scenario.pieces - 1)
        self.checkpoint()

    def _advance(self, length: int) -> dict[str, float]:
        """Simulate and record a piece, and return the mean rate of each population in it, in hertz."""
        engine, first, number = self.engine, self.engine.clock, self.done
        given = Given(*self.scenario.inputs(first, length))
        fired, watched = advance_watched(engine, given.spikes, length, self.recorder.watch, given.drives)
        drift(engine)
        piece = Piece(number, first, length, given, fired, watched)
        told = self.scenario.after(engine, piece)
        self.recorder.record(piece, engine.arrays, number)
        rates = {}
        for name, spikes in fired.items():
            self._spikes[name] += len(spikes.unit)
            rates[name] = len(spikes.unit) / self._neuron_seconds(name, length)
            self.writer.scalar(piece.end, f"{name}.rate", rates[name])
        for name, value in told.items():
            self.writer.scalar(piece.end, name, value)
        return rates

    @property
    def rates(self) -> dict[str, float]:
        """Mean rate of each population so far, in hertz."""
        clock = max(self.engine.clock, 1)
        return {name: spikes / self._neuron_seconds(name, clock) for name, spikes in self._spikes.items()}

    def _neuron_seconds(self, population: str, length: int) -> float:
        network = self.scenario.network
        return network.node(population).size * length * network.dt

    def checkpoint(self) -> None:
        """Write everything needed to go on from here. The weights name the place in the trace that belongs to them."""
        engine = self.engine
        spikes = tuple(self._spikes.values())
        reached = Reached(engine.clock, engine.origin, self.writer.seal(), self.seconds, spikes)
        self.run.save_weights(engine.arrays, reached=json.dumps(reached))
        biological = engine.clock * self.scenario.network.dt
        self.run.update(
            progress={"done": self.done, "total": self.scenario.pieces},
            metrics={
                "biological_seconds": biological,
                "simulation_seconds": self.seconds,
                "real_time_factor": biological / self.seconds if self.seconds else None,
                **{f"{name}.rate": rate for name, rate in self.rates.items()},
            },
        )
        self._checked = time.monotonic()


def simulate(scenario: Scenario, order: Order) -> Path:
    """Simulate, and return the folder of the run."""
    with simulation(scenario, order) as under_way:
        under_way.finish(order)
    return under_way.run.folder


@contextmanager
def simulation(scenario: Scenario, order: Order) -> Iterator[Simulation]:
    """Open a simulation: a new run, or the one that `order.resume` names, from its last checkpoint.

    Errors: RunError where that run is of another recipe or configuration, is still being written by another process,
    or cannot be read (its run.json stays as it is); InputError where parameters, probes and network do not fit;
    StorageFull.
    """
    with _gone_on(scenario, order, order.resume) if order.resume else _begun(scenario, order) as under_way:
        yield under_way


@contextmanager
def _begun(scenario: Scenario, order: Order) -> Iterator[Simulation]:
    engine = start(scenario.network, scenario.parameters, scenario.executor)
    run = Run.create(order.runs, scenario.recipe, seed=order.seed, config=scenario.config())
    order.started(run.folder)
    with running(run):
        facts = header(scenario.network, run.facts["name"], scenario.recipe, order.seed, __version__, scenario.probes)
        with TraceWriter.create(run.trace_folder, facts) as writer:
            yield Simulation(scenario, run, writer, engine, Reached())


@contextmanager
def _gone_on(scenario: Scenario, order: Order, folder: Path) -> Iterator[Simulation]:
    run = Run.open(folder)
    check_same(run, scenario.recipe, plain("config", scenario.config()))
    with alone(run) as lock:
        run = Run.open(folder)  # again: until the lock was ours, another process may have gone on with it
        arrays, facts = run.load_weights()
        reached = Reached(*json.loads(facts["reached"]))
        engine = start(scenario.network, scenario.parameters, scenario.executor)
        restore(engine, arrays, reached.steps, reached.origin)
        order.started(run.folder)
        with running(run), TraceWriter.go_on(run.trace_folder, reached.position, lock) as writer:
            yield Simulation(scenario, run, writer, engine, reached)
