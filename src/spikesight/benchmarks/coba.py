"""How fast a balanced network runs: against a plain NumPy loop, and against the bare arithmetic.

The network is the usual comparison of simulators: 4,000 conductance neurons, each joined to 2 % of the others, 1 s of
biological time in steps of 0.1 ms (Vogels & Abbott 2005; Brette et al. 2007). Nine networks run, drawn from nine seeds;
figures are medians over them in seconds of processor, the rate is their mean. NumPy runs the same second in its usual
double precision and, as the engine does, in single. The floor is the number of additions and
multiplications that the network cannot do without, at the rate at which this machine does them on numbers in its first
cache.
"""

from __future__ import annotations

from statistics import mean, median
from typing import NamedTuple

import numpy as np

from spikesight.base.errors import SpikesightError
from spikesight.benchmarks.plain_coba import outgoing_of, plain_coba
from spikesight.benchmarks.report import Report
from spikesight.benchmarks.timing import cpu_timed, seconds_per_flop, timed
from spikesight.circuits.engine import Engine, Fired, start
from spikesight.executors.executor import Executor
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.executors.reference import Reference
from spikesight.runs.machine import machine
from spikesight.zoo.balanced import NAMES, Balanced, begin, coba

N = 4000
DT = 0.1e-3
STEPS = 10_000
STEPS_OF_REFERENCE = 1000
ROUNDS = 9

FLOPS_PER_UPDATE = 12
"""Conductance neuron: 3 differences, 2 products, 2 sums, scaled and added, 2 decays, 1 comparison."""


def measure() -> Report:
    """Measure and return the report.   Errors: SpikesightError where the ways to compute it disagree."""
    made = coba(N, DT, seed=0)
    first_use = timed(lambda: begun(made, FusedCpu()).advance({}, 1))
    rounds = [_round(seed) for seed in range(ROUNDS)]
    reference = cpu_timed(lambda: _check(made)) * STEPS / STEPS_OF_REFERENCE
    seconds, numpy, single, floor = (median(getattr(one, name) for one in rounds) for name in _Round._fields[:4])
    return Report(
        name="coba",
        figures={
            "seconds_per_biological_second": seconds,
            "seconds_per_biological_second_numpy": numpy,
            "seconds_per_biological_second_numpy_single": single,
            "seconds_per_biological_second_reference": reference,
            "seconds_per_biological_second_floor": floor,
            "rate_hz": mean(one.spikes for one in rounds) / N,
            "synaptic_events_per_second": median(one.events for one in rounds) / seconds,
            "first_use_seconds": first_use,
        },
        ratios={
            "vs_numpy": median(one.numpy / one.fused for one in rounds),
            "vs_numpy_single": median(one.numpy_single / one.fused for one in rounds),
            "vs_reference": reference / seconds,
            "over_floor": median(one.fused / one.floor for one in rounds),
            "times_real_time": 1.0 / seconds,
        },
        machine=machine(),
    )


class _Round(NamedTuple):
    """Seconds that each way takes for a biological second of one network, one after the other; what happened in it."""

    fused: float
    numpy: float
    numpy_single: float
    floor: float
    spikes: float
    events: float


def _round(seed: int) -> _Round:
    made = coba(N, DT, seed)
    engine = begun(made, FusedCpu())
    fired: dict[str, Fired] = {}
    fused = cpu_timed(lambda: fired.update(engine.advance({}, STEPS)))
    plain = []
    for number in (np.float64, np.float32):
        outgoing = outgoing_of(made, number)
        plain.append(cpu_timed(lambda: plain_coba(made, outgoing, STEPS, number)))  # noqa: B023 (called at once)
    events = _events(made, fired)
    floor = (STEPS * N * FLOPS_PER_UPDATE + events) * seconds_per_flop()
    life = STEPS * DT
    spikes = sum(len(fired[name].step) for name in NAMES)
    return _Round(*(one / life for one in (fused, *plain, floor, spikes, events)))


def begun(made: Balanced, executor: Executor) -> Engine:
    """Return an engine in the state with which the network begins."""
    engine = start(made.network, made.parameters, executor)
    begin(engine, made)
    return engine


def _check(made: Balanced) -> None:
    """Run the reference for a while: the engine must fire the same spikes, and plain NumPy nearly as many."""
    expected = begun(made, Reference()).advance({}, STEPS_OF_REFERENCE)
    fired = begun(made, FusedCpu()).advance({}, STEPS_OF_REFERENCE)
    for name, events in expected.items():
        again = fired[name]
        if not (np.array_equal(again.step, events.step) and np.array_equal(again.unit, events.unit)):
            raise SpikesightError("the fused executor did not fire the spikes of the reference: please report this")
    count = sum(len(events.step) for events in expected.values())
    plain = plain_coba(made, outgoing_of(made, np.float32), STEPS_OF_REFERENCE, np.float32)
    if abs(plain - count) > 0.1 * count:  # chaotic: rounding alone makes other spikes, but not another rate
        raise SpikesightError(f"plain NumPy fired {plain} spikes where the engine fired {count}: please report this")


def _events(made: Balanced, fired: dict[str, Fired]) -> int:
    """Return how many synapses the spikes went through."""
    total = 0
    for p in made.network.projections:
        structure = p.connection.structure(made.network.node(p.pre).size, made.network.node(p.post).size, False)
        total += int(np.diff(structure[0])[fired[p.pre].unit].sum())
    return total
