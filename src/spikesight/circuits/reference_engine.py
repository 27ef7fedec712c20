"""The circuit engine in NumPy: a loop over steps, in the order that `engine` states. Slow and right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.circuits.engine import Fired, checked_spikes, move_origin, trace_powers
from spikesight.circuits.network import Arrays, Network
from spikesight.circuits.plasticity.contract import Rule
from spikesight.circuits.plasticity.normalisation import normalise
from spikesight.circuits.population import Population
from spikesight.circuits.projection import Projection
from spikesight.encoding.spike_list import SpikeList
from spikesight.equations import spike_traces
from spikesight.equations.spike_traces import SpikeTrace
from spikesight.executors.reference import advance_in_place
from spikesight.executors.sequence import typed_constants

Spikes = dict[str, NDArray[Any]]


class ReferenceEngine:
    """Executes a circuit with NumPy. See `engine.Engine`."""

    def __init__(self, network: Network, parameters: Arrays) -> None:
        self.network = network
        self.arrays = network.at_rest(parameters)
        self.clock = self.drifted = self.origin = 0
        self._constants = {
            p.name: typed_constants(p.equation, p.params, network.dt, network.dtype) for p in network.populations
        }
        self._left = trace_powers(network)

    def advance(self, spikes: Mapping[str, SpikeList], steps: int) -> dict[str, Fired]:
        """Run `steps` steps. See `engine.Engine.advance`."""
        given = checked_spikes(self.network, spikes, steps)
        move_origin(self, steps)
        steps_fired: dict[str, list[Spikes]] = {p.name: [] for p in self.network.populations}
        for k in range(steps):
            fired = {name: s.units[s.starts[k] : s.starts[k + 1]] for name, s in given.items()}
            self._step(fired)
            for name, found in steps_fired.items():
                found.append({"step": np.full(len(fired[name]), k), "unit": fired[name]})
            self.clock += 1
        return {name: _joined(found) for name, found in steps_fired.items()}

    def normalise(self, projection: str, total: float) -> None:
        """See `engine.Engine.normalise`."""
        normalise(self.arrays[f"{projection}.w"], total)

    @property
    def _now(self) -> int:
        """The number of this step."""
        return self.clock - self.origin

    def _step(self, fired: Spikes) -> None:
        for projection in self.network.projections:
            if projection.longest_delay:
                self._arrive(projection)
        for population in self.network.populations:
            fired[population.name] = self._advance(population)
        for projection in self.network.projections:
            self._deliver(projection, fired[projection.pre])
        for projection in self.network.projections:
            if projection.rule is not None:
                self._learn(projection, projection.rule, fired[projection.pre], fired[projection.post])

    def _arrive(self, projection: Projection) -> None:
        ring = self.arrays[f"{projection.name}.ring"]
        now = ring[self.clock % len(ring)]
        self.arrays[f"{projection.post}.{projection.into}"] += now
        now[:] = 0

    def _advance(self, population: Population) -> NDArray[Any]:
        state = {field: self.arrays[f"{population.name}.{field}"] for field in population.equation.fields}
        inputs = tuple(self.arrays[f"{population.name}.{name}"] for name in population.equation.inputs)
        spikes = advance_in_place(population.equation, state, inputs, self._now, self._constants[population.name])
        for name in self.network.fed_inputs(population):
            self.arrays[f"{population.name}.{name}"][:] = 0
        return spikes

    def _deliver(self, projection: Projection, spikes: NDArray[Any]) -> None:
        w = self.arrays[f"{projection.name}.w"]
        connection: Any = projection.connection
        if projection.longest_delay:
            ring, delay = self.arrays[f"{projection.name}.ring"], self.arrays[f"{projection.name}.delay"]
            connection.add_late(w, delay, spikes, ring, (self.clock + 1) % len(ring))
        else:
            connection.add(w, spikes, self.arrays[f"{projection.post}.{projection.into}"])

    def _learn(self, projection: Projection, rule: Rule, before: NDArray[Any], behind: NDArray[Any]) -> None:
        w = self.arrays[f"{projection.name}.w"]
        connection: Any = projection.connection
        constants = tuple(self.network.dtype(value) for value in rule.constants)
        post = self._read(projection, "post")
        for i in before:
            row = connection.outgoing(w, i)
            row[:] = rule.at_pre(row, *self._read(projection, "pre", i), *post, np.where, *constants)
        self._renew(projection, "pre", rule.pre_traces, before)
        pre = self._read(projection, "pre")
        for j in behind:
            column = connection.incoming(w, j)
            column[:] = rule.at_post(column, *pre, *self._read(projection, "post", j), np.where, *constants)
        self._renew(projection, "post", rule.post_traces, behind)

    def _read(self, projection: Projection, side: str, units: Any = slice(None)) -> list[NDArray[Any]]:
        """Return the traces of one side as they are now, one array per trace."""
        values, last = (self.arrays[f"{projection.name}.{what}"] for what in (side, f"{side}_at"))
        left = self._left[projection.name, side]
        since = self._now - last[units]
        return [spike_traces.read(value[units], since, row, np.where) for value, row in zip(values, left, strict=True)]

    def _renew(self, projection: Projection, side: str, traces: tuple[SpikeTrace, ...], spikes: NDArray[Any]) -> None:
        values = self._read(projection, side, spikes)
        for place, value, trace in zip(self.arrays[f"{projection.name}.{side}"], values, traces, strict=True):
            place[spikes] = spike_traces.renew(value, *(self.network.dtype(number) for number in trace.line()))
        self.arrays[f"{projection.name}.{side}_at"][spikes] = self._now


def _joined(found: list[Spikes]) -> Fired:
    steps = np.concatenate([spikes["step"] for spikes in found]) if found else np.empty(0)
    units = np.concatenate([spikes["unit"] for spikes in found]) if found else np.empty(0)
    return Fired(steps.astype(np.int64), units.astype(np.int32))
