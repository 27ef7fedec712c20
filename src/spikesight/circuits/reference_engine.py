"""The circuit engine in NumPy: a loop over steps, in the order that `engine` states. Slow and right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.circuits.competition import compete
from spikesight.circuits.connections.contract import Synapses
from spikesight.circuits.delays import Axonal, Branched, Interpolated, PerSynapse
from spikesight.circuits.drive import checked_drives
from spikesight.circuits.engine import (
    NO_DRIVES,
    Fired,
    checked_spikes,
    drive_sizes,
    move_origin,
    structures,
    trace_powers,
)
from spikesight.circuits.network import Arrays, Network
from spikesight.circuits.plasticity.contract import Rule, decaying
from spikesight.circuits.plasticity.normalisation import normalise, scale_weights
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
        self._structures = structures(network)
        self._left = trace_powers(network)

    def advance(
        self, spikes: Mapping[str, SpikeList], steps: int, drives: Mapping[str, NDArray[Any]] = NO_DRIVES
    ) -> dict[str, Fired]:
        """Run `steps` steps. See `engine.Engine.advance`."""
        given = checked_spikes(self.network, spikes, steps)
        driven = checked_drives(drive_sizes(self.network), drives, steps, self.network.dtype)
        move_origin(self, steps)
        steps_fired: dict[str, list[Spikes]] = {p.name: [] for p in self.network.populations}
        for k in range(steps):
            fired = {name: s.units[s.starts[k] : s.starts[k + 1]] for name, s in given.items()}
            self._step(fired, {name: values[k % len(values)] for name, values in driven.items()})
            for name, found in steps_fired.items():
                found.append({"step": np.full(len(fired[name]), k), "unit": fired[name]})
            self.clock += 1
        return {name: _joined(found) for name, found in steps_fired.items()}

    def normalise(self, projection: str, total: float) -> None:
        """See `engine.Engine.normalise`."""
        scale_weights(self.network, self.arrays, projection, total, normalise)

    @property
    def _now(self) -> int:
        """The number of this step."""
        return self.clock - self.origin

    def _step(self, fired: Spikes, driven: Arrays) -> None:
        for projection in self.network.projections:
            if isinstance(projection.delay, PerSynapse | Interpolated):
                self._arrive(projection)
        for drive in self.network.drives:
            self.arrays[f"{drive.post}.{drive.into}"] += driven[drive.name]
        for population in self.network.populations:
            fired[population.name] = self._advance(population)
        arrived = {projection.name: self._travel(projection, fired) for projection in self.network.projections}
        for projection in self.network.projections:
            self._deliver(projection, arrived[projection.name])
        for projection in self.network.projections:
            if projection.rule is not None:
                self._learn(projection, projection.rule, arrived[projection.name], fired[projection.post])

    def _arrive(self, projection: Projection) -> None:
        ring = self.arrays[f"{projection.name}.ring"]
        now = ring[self.clock % len(ring)]
        self.arrays[f"{projection.post}.{projection.into}"] += now
        now[:] = 0

    def _advance(self, population: Population) -> NDArray[Any]:
        state = {field: self.arrays[f"{population.name}.{field}"] for field in population.equation.fields}
        inputs = tuple(self.arrays[f"{population.name}.{name}"] for name in population.equation.inputs)
        equation, constants = population.equation, self._constants[population.name]
        if population.competition is None:
            spikes = advance_in_place(equation, state, inputs, self._now, constants)
        else:
            dt = self.network.dt
            spikes = compete(equation, population.competition, dt, state, inputs, self._now, constants)
        for name in self.network.fed_inputs(population):
            self.arrays[f"{population.name}.{name}"][:] = 0
        return spikes

    def _travel(self, projection: Projection, fired: Spikes) -> NDArray[Any]:
        """Return the rows in which a spike arrives at the synapses, after noting who fired."""
        spikes = fired[projection.pre]
        if not isinstance(projection.delay, Axonal | Branched):
            return spikes
        sent, count = (self.arrays[f"{projection.name}.{what}"] for what in ("sent", "sent_count"))
        lengths = len(sent)
        slot = self.clock % lengths
        count[slot] = len(spikes)
        sent[slot, : len(spikes)] = spikes
        if isinstance(projection.delay, Axonal):
            oldest = (self.clock + 1) % lengths
            return sent[oldest, : count[oldest]].copy()
        slots = [(self.clock - late) % lengths for late in range(lengths)]
        return np.concatenate(
            [sent[slot, : count[slot]].astype(np.int64) * lengths + late for late, slot in enumerate(slots)]
        )

    def _deliver(self, projection: Projection, rows: NDArray[Any]) -> None:
        connection: Any = projection.connection
        w = self.arrays[f"{projection.name}.w"].reshape(-1)
        structure = self._structures[projection.name]
        target = self.arrays[f"{projection.post}.{projection.into}"]
        if isinstance(projection.delay, PerSynapse | Interpolated):
            for i in rows:
                self._put(projection, w, connection.outgoing(structure, i))
        elif hasattr(connection, "deliver"):
            connection.deliver(w, structure, rows, len(rows), target)
        else:
            for i in rows:
                s, others = connection.outgoing(structure, i)
                _add(target, others, w[s], connection.simple)

    def _put(self, projection: Projection, w: NDArray[Any], synapses: Synapses) -> None:
        ring = self.arrays[f"{projection.name}.ring"]
        delay = self.arrays[f"{projection.name}.delay"].reshape(-1)[synapses.s]
        others = synapses.others
        others = np.arange(ring.shape[1]) if isinstance(others, slice) and others == slice(None) else others
        others = np.arange(others.start, others.stop) if isinstance(others, slice) else others
        whole = np.floor(delay)
        at = (self.clock + 1 + whole.astype(np.int64)) % len(ring)
        weights = np.broadcast_to(w[synapses.s], delay.shape)
        simple = projection.connection.simple
        if isinstance(projection.delay, PerSynapse):
            _add(ring, (at, others), weights, simple)
            return
        late = (delay - whole) * weights
        # Both shares of a synapse before those of the next one, so that sums round as in the compiled loop.
        both = np.stack([at, (at + 1) % len(ring)], axis=1), np.stack([others, others], axis=1)
        _add(ring, both, np.stack([weights - late, late], axis=1), simple)

    def _learn(self, projection: Projection, rule: Rule, rows: NDArray[Any], behind: NDArray[Any]) -> None:
        connection: Any = projection.connection
        structure = self._structures[projection.name]
        for i in rows if rule.at_pre is not None else ():
            s, others = connection.outgoing(structure, i)
            traces = (*self._read(projection, "pre", i), *self._read(projection, "post", others))
            self._change(projection, rule, rule.at_pre, s, traces)
        self._renew(projection, "pre", rule.pre_traces, rows)
        for j in behind if rule.at_post is not None else ():
            s, others = connection.incoming(structure, j)
            traces = (*self._read(projection, "pre", others), *self._read(projection, "post", j))
            self._change(projection, rule, rule.at_post, s, traces)
        self._renew(projection, "post", rule.post_traces, behind)

    def _change(self, projection: Projection, rule: Rule, function: Any, s: Any, traces: tuple[Any, ...]) -> None:
        """Let a rule change the weights `s`, unless they are masked."""
        flat = {name: self._flat(projection, name)[s] for name in rule.changes}
        values = dict(flat)
        if decaying(rule):
            touched = self._flat(projection, "touched")
            since, left = self._now - touched[s], self._left[projection.name, "own"]
            for row, variable in zip(left, decaying(rule), strict=True):
                values[variable.name] = spike_traces.read(flat[variable.name], since, row, np.where)
        functions = (getattr(np, name) for name in rule.functions)
        constants = (self.network.dtype(value) for value in rule.constants)
        changed = function(*values.values(), *traces, np.where, *functions, *constants)
        there = self._flat(projection, "mask")[s] if projection.masked else np.True_
        for name, value in zip(rule.changes, (changed,) if len(rule.changes) == 1 else changed, strict=True):
            self._flat(projection, name)[s] = np.where(there, value, flat[name])
        if decaying(rule):
            touched[s] = np.where(there, self._now, touched[s])

    def _flat(self, projection: Projection, name: str) -> NDArray[Any]:
        return self.arrays[f"{projection.name}.{name}"].reshape(-1)

    def _read(self, projection: Projection, side: str, units: Any) -> list[NDArray[Any]]:
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


def _add(target: NDArray[Any], index: Any, values: NDArray[Any], simple: bool) -> None:
    """Add where several values may meet in one place; where none do, NumPy is faster with a plain sum."""
    if simple:
        target[index] += values
    else:
        np.add.at(target, index, values)


def _joined(found: list[Spikes]) -> Fired:
    steps = np.concatenate([spikes["step"] for spikes in found]) if found else np.empty(0)
    units = np.concatenate([spikes["unit"] for spikes in found]) if found else np.empty(0)
    return Fired(steps.astype(np.int64), units.astype(np.int32))
