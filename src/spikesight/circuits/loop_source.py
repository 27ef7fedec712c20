"""The text of the loop over steps that the fused engine compiles for a network.

It only says what happens in which order; everything in it that is arithmetic is the equation's, the connection's, the
delay's or the rule's own function.
"""

from __future__ import annotations

from spikesight.circuits.competition import competition_source
from spikesight.circuits.delays import Axonal, Branched, Interpolated, PerSynapse
from spikesight.circuits.layout import per_weight
from spikesight.circuits.network import Network
from spikesight.circuits.plasticity.contract import Rule, decaying
from spikesight.circuits.population import Population
from spikesight.circuits.projection import Projection
from spikesight.executors.fused_cpu import HEADER, population_source

SPIKES_PER_CALL = 16_384
SIDES = ("pre", "post")
LARGE, TOGETHER = 512, 64
"""Neurons in a population that is large enough to be advanced by groups, and in such a group."""

_TRACES = ("pre", "pre_at", "pre_left", "post", "post_at", "post_left")


def source(network: Network) -> str:
    """Return the text of the loop over steps for `network`."""
    parts = [HEADER, _HELPERS]
    parts += [_population_source(population) for population in network.populations]
    parts += [_rule_source(p, p.rule) for p in network.projections if p.rule is not None]
    return "\n".join([*parts, _loop_source(network)])


def _population_source(population: Population) -> str:
    if population.competition is None:
        together = TOGETHER if population.size > LARGE else None
        return population_source(population.equation, population.name, together)
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
def advance(clock, origin, first, steps, {", ".join(parameter_names(network))}):
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
        for side in SIDES if p.rule is not None else ():
            mine = f"{p.name}__{side}"
            traces = f"clock - origin + first, {mine}_at, {mine}, {mine}_left, "
            call = f"remember({traces}" if p.rule and p.rule.needs_both else "remember_all("
            lines.append(f"{mine}_found = {call}{mine}_units, {mine}_known)")
    return lines


def parameter_names(network: Network) -> list[str]:
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
        names += [f"{side}_{what}" for side in SIDES for what in ("left", "lines", "units", "known")]
    return names
