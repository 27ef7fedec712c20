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

from spikesight.circuits import delays
from spikesight.circuits.competition import choose, competition_source
from spikesight.circuits.delays import Axonal, Branched, Interpolated, PerSynapse
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
from spikesight.circuits.network import Arrays, Network
from spikesight.circuits.plasticity.contract import Rule, decaying
from spikesight.circuits.plasticity.normalisation import normalise_fused
from spikesight.circuits.population import Population
from spikesight.circuits.projection import Projection
from spikesight.encoding.spike_list import SpikeList
from spikesight.equations import spike_traces
from spikesight.executors import elementary, generated
from spikesight.executors.fused_cpu import HEADER, population_functions, population_source
from spikesight.executors.sequence import typed_constants

SPIKES_PER_CALL = 16_384
_TRACES = ("pre", "pre_at", "pre_left", "post", "post_at", "post_left")
_SIDES = ("pre", "post")


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
    parts += [_population_source(population) for population in network.populations]
    parts += [_rule_source(p, p.rule) for p in network.projections if p.rule is not None]
    return "\n".join([*parts, _loop_source(network)])


def _population_source(population: Population) -> str:
    if population.competition is None:
        return population_source(population.equation, population.name)
    return competition_source(population.equation, population.name, population.competition)


_HELPERS = """
@njit(forceinline=True)
def add(s, i, j, arrays, now, constants):
    w, target = arrays
    target[j] += w[s]


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
    return "".join(
        _visit_source(projection, rule, when) for when in ("at_pre", "at_post") if getattr(rule, when) is not None
    )


def _visit_source(projection: Projection, rule: Rule, when: str) -> str:
    """Write what happens at one synapse: gather what the rule may know, apply it, put back what it changes."""
    names = per_weight(projection)
    decay = {variable.name: row for row, variable in enumerate(decaying(rule))}
    changes = [
        f"read({name}[s], now - touched[s], own_left[{decay[name]}], where)" if name in decay else f"{name}[s]"
        for name in rule.changes
    ]
    traces = [
        f"read({side}[{m}, {at}], now - {side}_at[{at}], {side}_left[{m}], where)"
        for side, at, count in (("pre", "i", len(rule.pre_traces)), ("post", "j", len(rule.post_traces)))
        for m in range(count)
    ]
    given = ", ".join([*changes, *traces, "where", *rule.functions, "*constants"])
    work = [f"{', '.join(f'{name}[s]' for name in rule.changes)} = {projection.name}_{when}({given})"]
    work += ["touched[s] = now"] if decay else []
    if projection.masked:
        work = ["if mask[s]:", *(f"    {line}" for line in work)]
    lines = "\n    ".join([f"{', '.join([*names, 'own_left', *_TRACES])} = arrays", *work])
    return f"""
@njit(forceinline=True)
def {projection.name}_visit_{when}(s, i, j, arrays, now, constants):
    {lines}
"""


def _loop_source(network: Network) -> str:
    lines = [*_arrivals(network), *_advances(network)]
    lines += [*_travels(network), *_deliveries(network), *_learning(network)]
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
        if isinstance(p.delay, PerSynapse | Interpolated)
    ] + [f"add_drive({d.post}__{d.into}, {d.name}__values, k)" for d in network.drives]


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
        scratch = f"{p.name}__spikes, {p.name}__flags, "
        scratch += f"{p.name}__excess, {p.name}__winners, {p.name}__hold, " if p.competition else ""
        scratch += f"{p.name}__constants"
        lines += [
            f"{p.name}__fired = advance_{p.name}(0, {p.name}__flags.shape[0], now, {fields}, {scratch})",
            f"for q in range({p.name}__fired):",
            f"    {p.name}__out[0, {p.name}__count[0]] = k",
            f"    {p.name}__out[1, {p.name}__count[0]] = {p.name}__spikes[q]",
            f"    {p.name}__count[0] += 1",
        ]
        lines += [f"{p.name}__{name}[:] = 0" for name in network.fed_inputs(p)]
    return lines


def _travels(network: Network) -> list[str]:
    """Note who fired, and find the rows in which a spike arrives; without such a delay these are who fired."""
    lines = []
    for p in network.projections:
        fired = f"{p.pre}__spikes, {p.pre}__fired"
        sent = f"{p.name}__sent, {p.name}__sent_count"
        if isinstance(p.delay, Axonal | Branched):
            lines.append(f"send({fired}, {sent}, (clock + k) % {p.name}__sent.shape[0])")
        if isinstance(p.delay, Branched):
            lines.append(f"{p.name}__fired = branches({sent}, clock + k, {p.name}__rows)")
        if isinstance(p.delay, Axonal):
            lines += [
                f"{p.name}__oldest = (clock + k + 1) % {p.name}__sent.shape[0]",
                f"{p.name}__rows = {p.name}__sent[{p.name}__oldest]",
                f"{p.name}__fired = {p.name}__sent_count[{p.name}__oldest]",
            ]
    return lines


def _arrived(p: Projection) -> str:
    """Return the names of the rows in which a spike arrives, and of their number."""
    if isinstance(p.delay, Axonal | Branched):
        return f"{p.name}__rows, {p.name}__fired"
    return f"{p.pre}__spikes, {p.pre}__fired"


def _deliveries(network: Network) -> list[str]:
    lines = []
    for p in network.projections:
        rows = f"{p.name}__structure, {_arrived(p)}, {p.pre}__spikes"
        if isinstance(p.delay, PerSynapse | Interpolated):
            waiting = f"({p.name}__w, {p.name}__delay, {p.name}__ring)"
            slot = f"(clock + k + 1) % {p.name}__ring.shape[0]"
            lines.append(f"{p.name}_each({rows}, {p.name}_put, {waiting}, {slot}, 0)")
        elif hasattr(p.connection, "deliver"):
            lines.append(f"{p.name}_deliver({p.name}__w, {p.name}__structure, {_arrived(p)}, {p.post}__{p.into})")
        else:
            lines.append(f"{p.name}_each({rows}, add, ({p.name}__w, {p.post}__{p.into}), now, 0)")
    return lines


def _learning(network: Network) -> list[str]:
    lines = []
    for p in network.projections:
        if p.rule is not None:
            arrays = [*per_weight(p), "own_left", *_TRACES]
            lines.append(f"{p.name}__state = {', '.join(f'{p.name}__{what}' for what in arrays)}")
            for side, fired, other in (
                ("pre", _arrived(p), "post"),
                ("post", f"{p.post}__spikes, {p.post}__fired", "pre"),
            ):
                mine, when = f"{p.name}__{side}", f"at_{side}"
                others = f"{p.name}__{other}_units[:{p.name}__{other}_found]"
                if getattr(p.rule, when) is not None:
                    lines.append(
                        f"{p.name}_{when}_loop({p.name}__structure, {fired}, {others}, {p.name}_visit_{when}, "
                        f"{p.name}__state, now, {p.name}__constants)"
                    )
                lines.append(
                    f"{mine}_found = renew_all({fired}, now, {mine}, {mine}_at, {mine}_left, {mine}_lines, "
                    f"{mine}_units, {mine}_known, {mine}_found)"
                )
    return lines


def _recollection(network: Network) -> list[str]:
    """Which neurons still have a trace when the loop begins: only their synapses are visited."""
    lines = []
    for p in network.projections:
        for side in _SIDES if p.rule is not None else ():
            mine = f"{p.name}__{side}"
            traces = f"clock - origin + first, {mine}_at, {mine}, {mine}_left, "
            call = f"remember({traces}" if p.rule and p.rule.needs_both else "remember_all("
            lines.append(f"{mine}_found = {call}{mine}_units, {mine}_known)")
    return lines


def _parameter_names(network: Network) -> list[str]:
    """Names of the loop's arrays, in the order in which `FusedEngine.advance` hands them over."""
    names = [f"{s.name}__{what}" for s in network.sources for what in ("starts", "units")]
    names += [f"{d.name}__values" for d in network.drives]
    names += [name.replace(".", "__") for name in network.array_names]
    names += [f"{p.name}__{what}" for p in network.populations for what in ("out", "count", "spikes", "flags")]
    for p in network.populations:
        names += [f"{p.name}__{what}" for what in ("excess", "winners", "hold") if p.competition]
        names.append(f"{p.name}__constants")
    for projection in network.projections:
        names += [f"{projection.name}__{what}" for what in ("structure", *_scratch_names(projection))]
    return names


def _scratch_names(p: Projection) -> list[str]:
    names = ["rows"] if isinstance(p.delay, Branched) else []
    if p.rule is not None:
        names += ["constants", "own_left"]
        names += [f"{side}_{what}" for side in _SIDES for what in ("left", "lines", "units", "known")]
    return names


def _constants(network: Network) -> list[Any]:
    """What the loop takes after its arrays, in the order of `_parameter_names`."""
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
            for side, size, traces in zip(_SIDES, sizes, (p.rule.pre_traces, p.rule.post_traces), strict=True):
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
            functions |= {f"{p.name}_at_{side}": getattr(p.rule, f"at_{side}") for side in _SIDES}
            functions |= {f"{p.name}_at_{side}_loop": getattr(connection, f"at_{side}") for side in _SIDES}
    return {name: function for name, function in functions.items() if function is not None}
