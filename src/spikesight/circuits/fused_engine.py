"""The circuit engine in Numba: one compiled loop over the steps of a call, written for the network at hand.

The loop is generated from the description (see `loop_source`). What it computes is what `reference_engine` computes,
bit for bit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.circuits import delays
from spikesight.circuits.competition import choose
from spikesight.circuits.delays import Branched, Interpolated, PerSynapse
from spikesight.circuits.drive import add_drive, checked_drives
from spikesight.circuits.engine import (
    NO_DRIVES,
    Fired,
    checked_spikes,
    drive_sizes,
    move_origin,
    restore,
    structures,
    trace_powers,
)
from spikesight.circuits.layout import per_weight
from spikesight.circuits.loop_source import SIDES, SPIKES_PER_CALL, source
from spikesight.circuits.network import Arrays, Network
from spikesight.circuits.plasticity.normalisation import normalise_fused, scale_weights
from spikesight.encoding.spike_list import SpikeList
from spikesight.equations import spike_traces
from spikesight.executors import elementary, generated
from spikesight.executors.fused_cpu import population_functions
from spikesight.executors.sequence import typed_constants


class FusedEngine:
    """Executes a circuit with Numba, on one core, without the interpreter lock. See `engine.Engine`."""

    def __init__(self, network: Network, parameters: Arrays) -> None:
        self.network = network
        self.arrays = network.at_rest(parameters)
        self.clock = self.drifted = self.origin = 0
        flat = {f"{p.name}.{what}" for p in network.projections for what in per_weight(p)}
        self._loop = generated.load("circuit", source(network), _functions(network)).advance
        self._flat = [values.reshape(-1) if name in flat else values for name, values in self.arrays.items()]
        self._constants = _constants(network)
        self._rooms = [_Room(population.size) for population in network.populations]

    def __reduce__(self) -> tuple[Any, ...]:
        """Copies (pickle, deepcopy) are made from the description: compiled loops cannot be copied."""
        return _again, (self.network, self.arrays, self.clock, self.drifted, self.origin)

    def advance(
        self, spikes: Mapping[str, SpikeList], steps: int, drives: Mapping[str, NDArray[Any]] = NO_DRIVES
    ) -> dict[str, Fired]:
        """Run `steps` steps. See `engine.Engine.advance`."""
        given = checked_spikes(self.network, spikes, steps)
        driven = checked_drives(drive_sizes(self.network), drives, steps, self.network.dtype)
        move_origin(self, steps)
        lists = [array for source in self.network.sources for array in given[source.name]] + list(driven.values())
        rooms = [array for room in self._rooms for array in room.arrays]
        done = 0
        while done < steps:
            done = self._loop(self.clock, self.origin, done, steps, *lists, *self._flat, *rooms, *self._constants)
            for room in self._rooms:
                room.empty()
        self.clock += steps
        return {p.name: room.taken() for p, room in zip(self.network.populations, self._rooms, strict=True)}

    def normalise(self, projection: str, total: float) -> None:
        """See `engine.Engine.normalise`."""
        scale_weights(self.network, self.arrays, projection, total, normalise_fused)


def _again(network: Network, arrays: Arrays, clock: int, drifted: int, origin: int) -> FusedEngine:
    engine = FusedEngine(network, arrays)
    restore(engine, arrays, clock, origin)
    engine.drifted = drifted
    return engine


class _Room:
    """Where the loop writes the spikes of one population; when it is nearly full the loop returns and goes on later."""

    def __init__(self, size: int) -> None:
        room = SPIKES_PER_CALL + size
        self._out = np.empty((2, room), np.int32)
        self._count = np.zeros(1, np.int64)
        self.arrays = (self._out, self._count, np.empty(size, np.int64), np.empty(size, np.bool_))
        self._full: list[NDArray[np.int32]] = []

    def empty(self) -> None:
        self._full.append(self._out[:, : self._count[0]].copy())
        self._count[0] = 0

    def taken(self) -> Fired:
        found = self._full[0] if len(self._full) == 1 else np.concatenate([self._out[:, :0], *self._full], axis=1)
        self._full = []
        return Fired(found[0].astype(np.int64), found[1])


def _constants(network: Network) -> list[Any]:
    """What the loop takes after its arrays, in the order of `parameter_names`."""
    dtype = network.dtype
    values: list[Any] = []
    for population in network.populations:
        if population.competition is not None:
            hold = np.int32(population.competition.hold(network.dt))
            values += [np.empty(population.size, dtype), population.competition.k, hold]
        values.append(typed_constants(population.equation, population.params, network.dt, dtype))
    wiring, left = structures(network), trace_powers(network)
    for p in network.projections:
        rows = p.rows(network.node(p.pre).size)
        values.append(wiring[p.name])
        values += [np.empty(rows, np.int64)] if isinstance(p.delay, Branched) else []
        if p.rule is not None:
            values += [tuple(dtype(value) for value in p.rule.constants), left[p.name, "own"]]
            sizes = rows, network.node(p.post).size
            for side, size, traces in zip(SIDES, sizes, (p.rule.pre_traces, p.rule.post_traces), strict=True):
                lines = np.array([trace.line() for trace in traces], dtype).reshape(-1, 2)
                values += [left[p.name, side], lines, np.empty(size, np.int64), np.empty(size, np.bool_)]
    return values


def _functions(network: Network) -> dict[str, Callable[..., Any]]:
    functions: dict[str, Callable[..., Any]] = {
        "read": spike_traces.read,
        "renew": spike_traces.renew,
        "add_drive": add_drive,
        "choose": choose,
        "send": delays.send,
        "branches": delays.branches,
    }
    for population in network.populations:
        functions |= population_functions(population.equation, population.name)
        if population.competition is not None and population.equation.silence is not None:
            functions[f"{population.name}_silence"] = population.equation.silence
    for p in network.projections:
        connection: Any = p.connection
        functions[f"{p.name}_each"] = connection.each
        if hasattr(connection, "deliver"):
            functions[f"{p.name}_deliver"] = connection.deliver
        if isinstance(p.delay, PerSynapse | Interpolated):
            functions[f"{p.name}_put"] = p.delay.put
        if p.rule is not None:
            functions |= {name: elementary.FUNCTIONS[name] for name in p.rule.functions}
            functions |= {f"{p.name}_at_{side}": getattr(p.rule, f"at_{side}") for side in SIDES}
            functions |= {f"{p.name}_at_{side}_loop": getattr(connection, f"at_{side}") for side in SIDES}
    return {name: function for name, function in functions.items() if function is not None}
