"""The circuit engine in Numba: one compiled loop over the steps of a call, written for the network at hand.

The loop is generated from the description (`source` returns its text); everything in it that is arithmetic is the
equation's, the connection's or the rule's own function. What it computes is what `reference_engine` computes, bit for
bit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.circuits.engine import Fired, checked_spikes, move_origin, restore, trace_powers
from spikesight.circuits.network import Arrays, Network
from spikesight.circuits.plasticity.contract import Rule
from spikesight.circuits.plasticity.normalisation import normalise_fused
from spikesight.circuits.projection import Projection
from spikesight.encoding.spike_list import SpikeList
from spikesight.equations import spike_traces
from spikesight.executors import generated
from spikesight.executors.fused_cpu import HEADER, population_functions, population_source
from spikesight.executors.sequence import typed_constants

SPIKES_PER_CALL = 16_384
_TRACES = ("pre", "pre_at", "pre_left", "post", "post_at", "post_left")


class FusedEngine:
    """Executes a circuit with Numba, on one core, without the interpreter lock. See `engine.Engine`."""

    def __init__(self, network: Network, parameters: Arrays) -> None:
        self.network = network
        self.arrays = network.at_rest(parameters)
        self.clock = self.drifted = self.origin = 0
        self._loop = generated.load("circuit", source(network), _functions(network)).advance
        self._constants = _constants(network)
        self._rooms = [_Room(population.size) for population in network.populations]

    def __reduce__(self) -> tuple[Any, ...]:
        """Copies (pickle, deepcopy) are made from the description: compiled loops cannot be copied."""
        return _again, (self.network, self.arrays, self.clock, self.drifted, self.origin)

    def advance(self, spikes: Mapping[str, SpikeList], steps: int) -> dict[str, Fired]:
        """Run `steps` steps. See `engine.Engine.advance`."""
        given = checked_spikes(self.network, spikes, steps)
        move_origin(self, steps)
        lists = [array for source in self.network.sources for array in given[source.name]]
        rooms = [array for room in self._rooms for array in room.arrays]
        done = 0
        while done < steps:
            done = self._loop(
                self.clock, self.origin, done, steps, *lists, *self.arrays.values(), *rooms, *self._constants
            )
            for room in self._rooms:
                room.empty()
        self.clock += steps
        return {p.name: room.taken() for p, room in zip(self.network.populations, self._rooms, strict=True)}

    def normalise(self, projection: str, total: float) -> None:
        """See `engine.Engine.normalise`."""
        normalise_fused(self.arrays[f"{projection}.w"], total)


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


def source(network: Network) -> str:
    """Return the text of the loop over steps for `network`."""
    parts = [HEADER, _HELPERS]
    parts += [population_source(population.equation, population.name) for population in network.populations]
    parts += [_rule_source(p, p.rule) for p in network.projections if p.rule is not None]
    return "\n".join([*parts, _loop_source(network)])


_HELPERS = """
@njit(forceinline=True)
def arrive(target, ring, slot):
    for j in range(target.shape[0]):
        target[j] += ring[slot, j]
        ring[slot, j] = 0


@njit(forceinline=True)
def remember_all(units, known):
    for i in range(units.shape[0]):
        known[i] = True
        units[i] = i
    return units.shape[0]


@njit(forceinline=True)
def remember(now, last, values, left, units, known):
    count = 0
    for i in range(units.shape[0]):
        known[i] = values[0, i] > 0 and now - last[i] < left.shape[1]
        if known[i]:
            units[count] = i
            count += 1
    return count


@njit(forceinline=True)
def renew_all(spikes, count, now, values, last, left, lines, units, known, found):
    for q in range(count):
        i = spikes[q]
        for m in range(values.shape[0]):
            values[m, i] = renew(read(values[m, i], now - last[i], left[m], where), lines[m, 0], lines[m, 1])
        last[i] = now
        if not known[i]:
            known[i] = True
            units[found] = i
            found += 1
    return found
"""


def _rule_source(projection: Projection, rule: Rule) -> str:
    name = projection.name
    traces = [
        f"read({side}[{m}, {at}], now - {side}_at[{at}], {side}_left[{m}], where)"
        for side, at, count in (("pre", "i", len(rule.pre_traces)), ("post", "j", len(rule.post_traces)))
        for m in range(count)
    ]
    return "".join(
        f"""
@njit(forceinline=True)
def {name}_rule_{when}(w, i, j, state, now, constants):
    pre, pre_at, pre_left, post, post_at, post_left = state
    return {name}_{when}(w, {", ".join(traces)}, where, *constants)


@njit(forceinline=True)
def {name}_learn_{when}(w, spikes, count, others, state, now, constants):
    {name}_apply_{when}(w, spikes, count, others, {name}_rule_{when}, state, now, constants)
"""
        for when in ("at_pre", "at_post")
    )


def _loop_source(network: Network) -> str:
    lines = [*_arrivals(network), *_advances(network), *_deliveries(network), *_learning(network)]
    body = "\n        ".join(lines)
    before = "".join(f"    {line}\n" for line in _recollection(network))
    full = " or ".join(f"{p.name}__count[0] > {SPIKES_PER_CALL}" for p in network.populations) or "False"
    return f"""
@njit(cache=True, nogil=True)
def advance(clock, origin, first, steps, {", ".join(_parameter_names(network))}):
{before}    for k in range(first, steps):
        if {full}:
            return k
        now = np.int32(clock - origin + k)
        {body}
    return steps
"""


def _arrivals(network: Network) -> list[str]:
    return [
        f"arrive({p.post}__{p.into}, {p.name}__ring, (clock + k) % {p.name}__ring.shape[0])"
        for p in network.projections
        if p.longest_delay
    ]


def _advances(network: Network) -> list[str]:
    lines = []
    for source_ in network.sources:
        name = source_.name
        lines += [
            f"{name}__spikes = {name}__units[{name}__starts[k]:{name}__starts[k + 1]]",
            f"{name}__fired = {name}__spikes.shape[0]",
        ]
    for p in network.populations:
        fields = ", ".join(f"{p.name}__{field}" for field in (*p.equation.fields, *p.equation.inputs))
        scratch = f"{p.name}__spikes, {p.name}__flags, {p.name}__constants"
        lines += [
            f"{p.name}__fired = advance_{p.name}(0, {p.name}__flags.shape[0], now, {fields}, {scratch})",
            f"for q in range({p.name}__fired):",
            f"    {p.name}__out[0, {p.name}__count[0]] = k",
            f"    {p.name}__out[1, {p.name}__count[0]] = {p.name}__spikes[q]",
            f"    {p.name}__count[0] += 1",
        ]
        lines += [f"{p.name}__{name}[:] = 0" for name in network.fed_inputs(p)]
    return lines


def _deliveries(network: Network) -> list[str]:
    lines = []
    for p in network.projections:
        fired = f"{p.pre}__spikes, {p.pre}__fired"
        if p.longest_delay:
            slot = f"(clock + k + 1) % {p.name}__ring.shape[0]"
            lines.append(f"{p.name}_deliver_late({p.name}__w, {p.name}__delay, {fired}, {p.name}__ring, {slot})")
        else:
            lines.append(f"{p.name}_deliver({p.name}__w, {fired}, {p.post}__{p.into})")
    return lines


def _learning(network: Network) -> list[str]:
    lines = []
    for p in network.projections:
        if p.rule is not None:
            lines.append(f"{p.name}__state = {', '.join(f'{p.name}__{what}' for what in _TRACES)}")
            for side, node, other in (("pre", p.pre, "post"), ("post", p.post, "pre")):
                fired, mine = f"{node}__spikes, {node}__fired", f"{p.name}__{side}"
                others = f"{p.name}__{other}_units[:{p.name}__{other}_found]"
                lines += [
                    f"{p.name}_learn_at_{side}({p.name}__w, {fired}, {others}, "
                    f"{p.name}__state, now, {p.name}__constants)",
                    f"{mine}_found = renew_all({fired}, now, {mine}, {mine}_at, {mine}_left, {mine}_lines, "
                    f"{mine}_units, {mine}_known, {mine}_found)",
                ]
    return lines


def _recollection(network: Network) -> list[str]:
    """Which neurons still have a trace when the loop begins: only their synapses are visited."""
    lines = []
    for p in network.projections:
        for side in ("pre", "post") if p.rule is not None else ():
            mine = f"{p.name}__{side}"
            traces = f"clock - origin + first, {mine}_at, {mine}, {mine}_left, "
            call = f"remember({traces}" if p.rule and p.rule.needs_both else "remember_all("
            lines.append(f"{mine}_found = {call}{mine}_units, {mine}_known)")
    return lines


def _parameter_names(network: Network) -> list[str]:
    """Names of the loop's arrays, in the order in which `FusedEngine.advance` hands them over."""
    names = [f"{s.name}__{what}" for s in network.sources for what in ("starts", "units")]
    names += [name.replace(".", "__") for name in network.array_names]
    names += [f"{p.name}__{what}" for p in network.populations for what in ("out", "count", "spikes", "flags")]
    names += [f"{p.name}__constants" for p in network.populations]
    for p in network.projections:
        if p.rule is not None:
            names.append(f"{p.name}__constants")
            names += [
                f"{p.name}__{side}_{what}" for side in ("pre", "post") for what in ("left", "lines", "units", "known")
            ]
    return names


def _constants(network: Network) -> list[Any]:
    dtype = network.dtype
    values: list[Any] = [typed_constants(p.equation, p.params, network.dt, dtype) for p in network.populations]
    left = trace_powers(network)
    for p in network.projections:
        if p.rule is not None:
            values.append(tuple(dtype(value) for value in p.rule.constants))
            for side, node, traces in (("pre", p.pre, p.rule.pre_traces), ("post", p.post, p.rule.post_traces)):
                size = network.node(node).size
                lines = np.array([trace.line() for trace in traces], dtype).reshape(-1, 2)
                values += [left[p.name, side], lines, np.empty(size, np.int64), np.empty(size, np.bool_)]
    return values


def _functions(network: Network) -> dict[str, Callable[..., Any]]:
    functions: dict[str, Callable[..., Any]] = {"read": spike_traces.read, "renew": spike_traces.renew}
    for population in network.populations:
        functions |= population_functions(population.equation, population.name)
    for p in network.projections:
        connection: Any = p.connection
        if p.longest_delay:
            functions[f"{p.name}_deliver_late"] = connection.deliver_late
        else:
            functions[f"{p.name}_deliver"] = connection.deliver
        if p.rule is not None:
            functions[f"{p.name}_at_pre"], functions[f"{p.name}_at_post"] = p.rule.at_pre, p.rule.at_post
            functions[f"{p.name}_apply_at_pre"] = connection.at_pre
            functions[f"{p.name}_apply_at_post"] = connection.at_post
    return functions
