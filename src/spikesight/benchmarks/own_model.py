"""How fast a model of one's own runs: one function and one dataclass, against the built-in model of the same equation.

Izhikevich's neuron, written as a user writes it, and the built-in one take the same steps under the same currents, in
turn, as the only population of a circuit. They must fire the same spikes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from statistics import median

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import SpikesightError
from spikesight.benchmarks.report import Report
from spikesight.benchmarks.timing import timed
from spikesight.circuits.drive import Drive
from spikesight.circuits.engine import Engine, Fired, start
from spikesight.circuits.network import Network
from spikesight.circuits.population import Population
from spikesight.equations import izhikevich
from spikesight.equations.own import equation
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.executors.reference import Reference
from spikesight.runs.machine import machine

NEURONS, STEPS, TURNS = 4096, 4000, 15
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
    currents = np.random.default_rng(0).uniform(0.0, 20.0, NEURONS)
    models = {
        "own": Population("cells", (NEURONS,), own, Params()),
        "built_in": Population("cells", (NEURONS,), izhikevich.EQUATION, izhikevich.Params(initial_v=-70.0)),
    }
    network = {name: _circuit(model) for name, model in models.items()}
    engines = {name: start(described, {}, FusedCpu()) for name, described in network.items()}
    spikes = {name: _advance(engine, currents, STEPS) for name, engine in engines.items()}  # compiles them too
    own_spikes, built_in = spikes["own"], spikes["built_in"]
    if not (np.array_equal(own_spikes.step, built_in.step) and np.array_equal(own_spikes.unit, built_in.unit)):
        raise SpikesightError("the model of one's own fired other spikes than the built-in one: please report this")
    times: dict[str, list[float]] = {name: [] for name in models}
    for _ in range(TURNS):
        for name, engine in engines.items():
            times[name].append(timed(partial(_advance, engine, currents, STEPS)))
    steps = STEPS // 10
    reference = start(network["own"], {}, Reference())
    slow = timed(lambda: _advance(reference, currents, steps)) * STEPS / steps
    ns = {name: median(found) / (NEURONS * STEPS) * 1e9 for name, found in times.items()}
    return Report(
        name="own-model",
        figures={
            "ns_per_update": ns["own"],
            "ns_per_update_built_in": ns["built_in"],
            "spikes": float(len(spikes["own"].unit)),
        },
        ratios={"vs_built_in": ns["own"] / ns["built_in"], "vs_numpy": slow / median(times["own"])},
        machine=machine(),
    )


def _circuit(model: Population) -> Network:
    return Network(DT, (model,), (), drives=(Drive("current", model.name, "current"),))


def _advance(engine: Engine, currents: NDArray[np.float64], steps: int) -> Fired:
    return engine.advance({}, steps, {"current": currents})["cells"]
