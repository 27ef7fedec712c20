"""How fast a balanced network runs: against a plain NumPy loop, and against the bare arithmetic.

The network is the usual comparison of simulators: 4,000 conductance neurons, each joined to 2 % of the others, 1 s of
biological time in steps of 0.1 ms (Vogels & Abbott 2005; Brette et al. 2007). The floor is the number of additions and
multiplications that the network cannot do without, at the rate at which this machine does them on numbers in its first
cache.
"""

from __future__ import annotations

from statistics import median

import numpy as np

from spikesight.base.errors import SpikesightError
from spikesight.benchmarks.plain_coba import plain_coba
from spikesight.benchmarks.report import Report
from spikesight.benchmarks.timing import seconds_per_flop, timed
from spikesight.circuits.engine import Engine, Fired, start
from spikesight.executors.executor import Executor
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.executors.reference import Reference
from spikesight.runs.machine import machine
from spikesight.zoo.balanced import NAMES, Balanced, begin, coba

N = 4000
DT = 0.1e-3
STEPS = 10_000
STEPS_OF_NUMPY = 1000
ROUNDS = 9

FLOPS_PER_UPDATE = 12
"""Conductance neuron: 3 differences, 2 products, 2 sums, scaled and added, 2 decays, 1 comparison."""


def measure() -> Report:
    """Measure and return the report.   Errors: SpikesightError where the ways to compute it disagree."""
    made = coba(N, DT, seed=0)
    first_use = timed(lambda: begun(made, FusedCpu()).advance({}, 1))
    fused, numpy, flops = [], [], []
    fired: dict[str, Fired] = {}
    for _ in range(ROUNDS):  # in turn, so that a slow moment of the machine hits all of them
        engine = begun(made, FusedCpu())
        fused.append(timed(lambda: fired.update(engine.advance({}, STEPS))))  # noqa: B023 (called at once)
        numpy.append(timed(lambda: plain_coba(made, STEPS_OF_NUMPY)) * STEPS / STEPS_OF_NUMPY)
        flops.append(seconds_per_flop())
    reference = timed(lambda: _check(made, fired)) * STEPS / STEPS_OF_NUMPY
    spikes = sum(len(fired[name].step) for name in NAMES)
    events = _events(made, fired)
    seconds = median(fused)
    floor = (STEPS * N * FLOPS_PER_UPDATE + events) * median(flops)
    return Report(
        name="coba",
        figures={
            "seconds_per_biological_second": seconds,
            "seconds_per_biological_second_numpy": median(numpy),
            "seconds_per_biological_second_reference": reference,
            "seconds_per_biological_second_floor": floor,
            "rate_hz": spikes / N / (STEPS * DT),
            "synaptic_events_per_second": events / seconds,
            "first_use_seconds": first_use,
        },
        ratios={
            "vs_numpy": median(n / f for n, f in zip(numpy, fused, strict=True)),
            "vs_reference": reference / seconds,
            "over_floor": seconds / floor,
            "times_real_time": STEPS * DT / seconds,
        },
        machine=machine(),
    )


def begun(made: Balanced, executor: Executor) -> Engine:
    """Return an engine in the state with which the network begins."""
    engine = start(made.network, made.parameters, executor)
    begin(engine, made)
    return engine


def _check(made: Balanced, fired: dict[str, Fired]) -> None:
    """Run the reference for a while: it must fire the same spikes, and plain NumPy nearly as many."""
    expected = begun(made, Reference()).advance({}, STEPS_OF_NUMPY)
    for name, events in expected.items():
        count = len(events.step)
        if not (
            np.array_equal(fired[name].step[:count], events.step)
            and np.array_equal(fired[name].unit[:count], events.unit)
        ):
            raise SpikesightError("the fused executor did not fire the spikes of the reference: please report this")
    count = sum(len(events.step) for events in expected.values())
    plain = plain_coba(made, STEPS_OF_NUMPY)
    if abs(plain - count) > 0.1 * count:  # chaotic: rounding alone makes other spikes, but not another rate
        raise SpikesightError(f"plain NumPy fired {plain} spikes where the engine fired {count}: please report this")


def _events(made: Balanced, fired: dict[str, Fired]) -> int:
    """Return how many synapses the spikes went through."""
    total = 0
    for p in made.network.projections:
        structure = p.connection.structure(made.network.node(p.pre).size, made.network.node(p.post).size, False)
        total += int(np.diff(structure[0])[fired[p.pre].unit].sum())
    return total
