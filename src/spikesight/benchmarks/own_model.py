"""How fast a model of one's own runs: one function and one dataclass, against the built-in model of the same equation.

Izhikevich's neuron, written as a user writes it, and the built-in one take the same steps on the same input, in turn,
in compiled loops of 1024 neurons. They must fire the same spikes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Any

import numpy as np

from spikesight.base.errors import SpikesightError
from spikesight.benchmarks.report import Report
from spikesight.benchmarks.timing import timed
from spikesight.equations import izhikevich
from spikesight.equations.own import equation
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.executors.reference import Reference
from spikesight.runs.machine import machine

NEURONS, STEPS, TURNS = 1024, 2000, 15
DT = 0.25e-3


@dataclass(frozen=True)
class Params:
    """Millivolts and milliseconds, regular spiking."""

    a: float = 0.02
    b: float = 0.2
    c: float = -65.0
    d: float = 8.0
    square: float = 0.04
    linear: float = 5.0
    constant: float = 140.0
    peak: float = 30.0
    initial_v: float = -70.0
    initial_u: float = -14.0

    def derived(self, dt: float) -> dict[str, float]:
        """Return milliseconds per step, and how far u moves in one."""
        return {"ms": dt * 1e3, "recovery": dt * 1e3 * self.a}


def quadratic(v, u, current, p, where):  # type: ignore[no-untyped-def]
    """One step of Izhikevich's neuron.   Source: Izhikevich 2003, eq. 1-3."""
    v = v + p.ms * (p.square * v * v + p.linear * v + p.constant - u + current)
    u = u + p.recovery * (p.b * v - u)
    fired = v >= p.peak
    return where(fired, p.c, v), where(fired, u + p.d, u), fired


def measure() -> Report:
    """Measure and return the report.   Errors: SpikesightError where the two fire different spikes."""
    own = equation(quadratic, Params, usual_dt=DT)
    drive = np.random.default_rng(0).uniform(0.0, 20.0, (STEPS, NEURONS)).astype(np.float32)
    built_in = (izhikevich.EQUATION, izhikevich.Params(initial_v=-70.0))
    models: dict[str, tuple[Any, Any]] = {"own": (own, Params()), "built_in": built_in}
    spikes = {name: _run(FusedCpu(), *model, drive) for name, model in models.items()}  # compiles them too
    if not np.array_equal(spikes["own"], spikes["built_in"]):
        raise SpikesightError("the model of one's own fired other spikes than the built-in one: please report this")
    times: dict[str, list[float]] = {name: [] for name in models}
    for _ in range(TURNS):
        for name, model in models.items():
            times[name].append(timed(partial(_run, FusedCpu(), *model, drive)))
    steps = STEPS // 10
    slow = timed(lambda: _run(Reference(), *models["own"], drive[:steps])) * STEPS / steps
    ns = {name: median(found) / drive.size * 1e9 for name, found in times.items()}
    return Report(
        name="own-model",
        figures={
            "ns_per_update": ns["own"],
            "ns_per_update_built_in": ns["built_in"],
            "spikes": float(spikes["own"].sum()),
        },
        ratios={"vs_built_in": ns["own"] / ns["built_in"], "vs_numpy": slow / median(times["own"])},
        machine=machine(),
    )


def _run(executor: FusedCpu | Reference, model: Any, params: Any, drive: Any) -> Any:
    return executor.run(model, params, {"current": drive}, DT)[0]
