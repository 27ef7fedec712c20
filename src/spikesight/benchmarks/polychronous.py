"""How fast the network of Polychronization learns: against the clock on the wall, and against a plain NumPy loop.

Both start as published and are kicked by the same random numbers. In float64 they must fire the same spikes; timed are
the network as the recipe runs it (float32), and the loop, in turn. Seconds are those that the process had a core, for
neither uses a second one: what else a machine does then counts for neither. `first_use_seconds` are of the clock.
"""

from __future__ import annotations

import time
from statistics import median

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import SpikesightError
from spikesight.benchmarks.plain_polychronous import PlainPolychronous
from spikesight.benchmarks.report import Report
from spikesight.circuits.engine import Engine, start
from spikesight.circuits.plasticity.polychronous import PolychronousStdp, consolidate
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.runs.machine import machine
from spikesight.zoo.polychronous import DT, PLASTIC, kicks, polychronous, wires

SEED = 0
SECOND = round(1 / DT)
SECONDS = 10
"""Of the engine between two measurements of the loop."""
BLOCKS = 5
PLAIN_STEPS = 500
CHECKED = 1500
"""Steps through which spikes must be equal: beyond the first change of weights."""


def measure() -> Report:
    """Measure and return the report.   Errors: SpikesightError where engine and loop disagree."""
    network, parameters = polychronous(SEED, PolychronousStdp())
    loop = PlainPolychronous(wires(network, parameters))
    engine = start(network, parameters, FusedCpu())
    started = time.perf_counter()
    live(engine, 0)
    first_use = time.perf_counter() - started
    _check()
    fast, slow, spikes, second = [], [], 0, 1
    for block in range(BLOCKS):
        for _ in range(SECONDS):
            started = time.process_time()
            spikes += live(engine, second)
            fast.append(time.process_time() - started)
            second += 1
        kicked = _kicked(block * PLAIN_STEPS, PLAIN_STEPS)
        started = time.process_time()
        loop.advance(kicked)
        slow.append((time.process_time() - started) / (PLAIN_STEPS * DT))
    seconds, plain = median(fast), median(slow)
    fan_out = len(wires(network, parameters).w) / sum(population.size for population in network.populations)
    return Report(
        name="polychronous",
        figures={
            "real_time_factor": 1.0 / seconds,
            "seconds_per_biological_second": seconds,
            "seconds_per_biological_second_numpy": plain,
            "synaptic_events_per_second": spikes * fan_out / (len(fast) * seconds),
            "rate_hz": spikes / (len(fast) * sum(population.size for population in network.populations)),
            "first_use_seconds": first_use,
        },
        ratios={"vs_numpy": plain / seconds},
        machine=machine(),
    )


def live(engine: Engine, second: int) -> int:
    """Live through a second, kicks and consolidation included; return the number of spikes."""
    fired = engine.advance(kicks(engine.network, SEED, second * SECOND, SECOND), SECOND)
    for name in PLASTIC:
        consolidate(engine.arrays[f"{name}.w"], engine.arrays[f"{name}.drift"])
    return sum(len(one.unit) for one in fired.values())


def _kicked(first_step: int, steps: int) -> NDArray[np.int64]:
    """Who is kicked in each step, excitatory neurons numbered first."""
    network, _ = polychronous(SEED, None)
    given = kicks(network, SEED, first_step, steps)
    units = np.empty(steps, np.int64)
    for name, first in (("outside_exc", 0), ("outside_inh", network.node("exc").size)):
        units[given[name].times] = first + given[name].units
    return units


def _check() -> None:
    """Let engine and loop live the same time and compare every spike."""
    network, parameters = polychronous(SEED, PolychronousStdp(), dtype=np.float64)
    engine, loop = start(network, parameters, FusedCpu()), PlainPolychronous(wires(network, parameters))
    exc = network.node("exc").size
    for first in range(0, CHECKED, SECOND):
        steps = min(SECOND, CHECKED - first)
        fired = engine.advance(kicks(network, SEED, first, steps), steps)
        rows = np.concatenate(
            [
                np.stack([first + fired[name].step, at + fired[name].unit], axis=1)
                for name, at in (("exc", 0), ("inh", exc))
            ]
        )
        same = rows[np.lexsort((rows[:, 1], rows[:, 0]))]
        if not np.array_equal(same, loop.advance(_kicked(first, steps))):
            raise SpikesightError("the engine did not fire the spikes of a plain NumPy loop: please report this")
        loop.consolidate()
        for name in PLASTIC:
            consolidate(engine.arrays[f"{name}.w"], engine.arrays[f"{name}.drift"])
