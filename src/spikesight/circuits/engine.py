"""The event-driven engine: what it is to run a circuit, whoever executes it.

Order within step k:
1. what was on its way arrives, drives are added;  2. populations advance and fire;  3. spikes are delivered: they act
in step k + 1, or wait for their delay;  4. plasticity: pre spikes act, then post spikes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError, UnknownName
from spikesight.circuits.connections.contract import Structure
from spikesight.circuits.layout import per_weight
from spikesight.circuits.memory import check_memory
from spikesight.circuits.network import Arrays, Network
from spikesight.circuits.plasticity.contract import decaying
from spikesight.circuits.plasticity.projections import found
from spikesight.encoding.spike_list import SpikeList
from spikesight.equations import spike_traces
from spikesight.equations.spike_traces import Summed
from spikesight.executors.executor import Executor
from spikesight.executors.generated import compiled
from spikesight.executors.reference import Reference


class Fired(NamedTuple):
    """Spikes of a population: steps since the call began, and neurons; both (number of spikes,), in order of time."""

    step: NDArray[np.int64]
    unit: NDArray[np.int32]


NO_DRIVES: Mapping[str, NDArray[Any]] = {}


class Engine(Protocol):
    """A circuit that is running: owns copies of what it was given, and goes on from call to call.

    `arrays` are live; copy what you keep. `clock` counts steps since the engine was made; step numbers in `arrays`
    count from step `origin`, which moves up before they outgrow 32 bits.
    """

    network: Network
    arrays: Arrays
    clock: int
    drifted: int
    origin: int

    def advance(
        self, spikes: Mapping[str, SpikeList], steps: int, drives: Mapping[str, NDArray[Any]] = NO_DRIVES
    ) -> dict[str, Fired]:
        """Run `steps` steps with the spikes of the sources, and return those of the populations.

        Drives are arrays (steps, n), or (n,) for values that stay. Slow variables wait for
        `drift`. One call of 1000 steps does what ten of 100 do.
        Errors: InputError where a source's spikes are missing, of another length, or of neurons it does not have, or
        where values of drives do not fit.
        """

    def normalise(self, projection: str, total: float) -> None:
        """Rescale what reaches each neuron through `projection` to a sum of `total`."""


def start(network: Network, parameters: Arrays, executor: Executor) -> Engine:
    """Return an engine at rest with a copy of `parameters`.

    Errors: InputError where they do not fit the network, NotEnoughMemory where the network does not fit this computer.
    """
    check_memory(network)
    if isinstance(executor, Reference):
        from spikesight.circuits.reference_engine import ReferenceEngine

        return ReferenceEngine(network, parameters)
    from spikesight.circuits.fused_engine import FusedEngine

    return FusedEngine(network, parameters)


def restore(engine: Engine, arrays: Arrays, clock: int, origin: int = 0) -> None:
    """Put an engine back to where another of the same network was: its arrays, clock and origin.

    Errors: InputError where an array is missing or has another shape.
    """
    for name, place in engine.arrays.items():
        if name not in arrays or arrays[name].shape != place.shape:
            got = arrays[name].shape if name in arrays else "nothing"
            raise InputError(f"to go on, '{name}' must have shape {place.shape}, got {got}")
        place[...] = arrays[name]
    engine.clock = engine.drifted = clock
    engine.origin = origin


def resting(network: Network, parameters: Arrays) -> Arrays:
    """Return the arrays of the network at rest that do not outlive a stimulus, whatever state is in `parameters`."""
    arrays = network.at_rest(network.learned(parameters))
    learned = network.learned(arrays)
    return {name: values for name, values in arrays.items() if name not in learned}


def rest(engine: Engine, state: Arrays) -> None:
    """Put the engine's clock to 0 and its state to `state` (see `resting`), leaving what was learned as it is."""
    for name, values in state.items():
        engine.arrays[name][...] = values
    engine.clock = engine.drifted = engine.origin = 0


def checked_spikes(network: Network, spikes: Mapping[str, SpikeList], steps: int) -> dict[str, SpikeList]:
    """Return the spikes of every source after checking them.   Errors: see `Engine.advance`."""
    if steps < 0:
        raise InputError(f"a call covers 0 steps or more, got {steps}")
    expected = {source.name: source.size for source in network.sources}
    if set(spikes) != set(expected):
        raise InputError(f"this network needs spikes of {sorted(expected)}, got those of {sorted(spikes)}")
    for name, given in spikes.items():
        if given.steps != steps:
            raise InputError(
                f"spikes of '{name}' cover {given.steps} steps, the call {steps}; pad with .padded({steps})"
            )
        wrong = compiled(first_wrong)(given.starts, given.units, expected[name])
        if wrong >= 0:
            raise InputError(
                f"spikes of '{name}' in step {wrong} are not in order: its neurons are 0 to {expected[name] - 1}, "
                "each at most once in a step, in ascending order"
            )
    return dict(spikes)


def first_wrong(starts, units, size):  # type: ignore[no-untyped-def]
    """Return the first step whose neurons are not ascending numbers below `size`, -1 where there is none."""
    if starts[0] != 0 or starts[-1] != units.shape[0]:
        return 0
    for k in range(starts.shape[0] - 1):
        if starts[k + 1] < starts[k] or starts[k + 1] > units.shape[0]:
            return k
        before = -1
        for q in range(starts[k], starts[k + 1]):
            if units[q] <= before or units[q] >= size:
                return k
            before = units[q]
    return -1


LARGEST_STEP_NUMBER = 2**30


def move_origin(engine: Engine, steps: int) -> None:
    """Count step numbers from now on, if the next `steps` steps would make them too large (6 days at 0.5 ms)."""
    passed = engine.clock - engine.origin
    if passed + steps <= LARGEST_STEP_NUMBER:
        return
    if steps > LARGEST_STEP_NUMBER:
        raise InputError(f"a call may cover {LARGEST_STEP_NUMBER} steps, got {steps}: make several calls")
    for name in engine.network.step_numbers:
        numbers = engine.arrays[name].astype(np.int64) - passed
        engine.arrays[name][...] = np.maximum(numbers, -LARGEST_STEP_NUMBER)
    engine.origin = engine.clock


def drift(engine: Engine) -> None:
    """Move what is too slow for steps, in closed form, by the steps since the last call."""
    seconds = (engine.clock - engine.drifted) * engine.network.dt
    engine.drifted = engine.clock
    for population in engine.network.populations:
        if population.equation.drift is not None:
            names = [f"{population.name}.{field}" for field in population.equation.fields]
            state = population.equation.state(*(engine.arrays[name] for name in names))
            moved = population.equation.drift(state, population.params, seconds)
            for name, values in zip(names, moved, strict=True):
                if values is not engine.arrays[name]:
                    engine.arrays[name][...] = values


Powers = dict[tuple[str, str], NDArray[Any]]


def trace_powers(network: Network) -> Powers:
    """Return, per plastic projection and side ("pre", "post"), what is left of its traces after 0, 1, 2, ... steps.

    The side "own" are the decaying variables of the synapses themselves.
    """
    return {
        (p.name, side): spike_traces.powers(traces, network.dt).astype(network.dtype)
        for p in network.projections
        if p.rule is not None
        for side, traces in (
            ("pre", p.rule.pre_traces),
            ("post", p.rule.post_traces),
            ("own", tuple(Summed(variable.tau) for variable in decaying(p.rule))),
        )
    }


def drive_sizes(network: Network) -> dict[str, int]:
    """Return the drives of a network, and how many neurons each reaches."""
    return {drive.name: network.node(drive.post).size for drive in network.drives}


def structures(network: Network) -> dict[str, Structure]:
    """Return what the loops must know about the wiring of each projection."""
    return {
        p.name: p.connection.structure(p.rows(network.node(p.pre).size), network.node(p.post).size, p.rule is not None)
        for p in network.projections
    }


def synaptic(engine: Engine, projection: str, variable: str) -> NDArray[Any]:
    """Return a copy of a variable of the synapses as it is now: of those that decay, the stored values are older.

    Shape: that of the weights.   Errors: UnknownName.
    """
    described = found(engine.network, projection)
    name = f"{projection}.{variable}"
    if variable not in per_weight(described):
        raise UnknownName(f"variable of the synapses of '{projection}'", variable, per_weight(described))
    taus = {known.name: known.tau for known in decaying(described.rule)} if described.rule is not None else {}
    values = engine.arrays[name].copy()
    if variable in taus:
        since = (engine.clock - engine.origin - engine.arrays[f"{projection}.touched"]) * engine.network.dt
        values *= np.exp(-since / taus[variable]).astype(values.dtype)
    return values
