"""What a circuit's time and memory grow with: spikes, and not neurons x steps x synapses.

    Poisson sources --sparse--> leaky neurons that stay silent

Each point is run with its spikes and without any. What remains without is the work of the neurons; the rest is the
work of the synapses. Over rate, size and fan-out a straight line is fitted to that rest on logarithmic axes: its slope
would be 0 over the rate if synapses cost while nobody fires, and 2 over the size if pairs of neurons cost. Over the
size it is more than 1 in any case: small lists of synapses fit into a cache, large ones do not. Times are those of the
processor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from spikesight.base.errors import SpikesightError
from spikesight.base.randomness import generator
from spikesight.benchmarks.report import Curve, Report
from spikesight.benchmarks.timing import cpu_timed
from spikesight.circuits.engine import Engine, start
from spikesight.circuits.network import Network
from spikesight.circuits.plasticity.contract import Rule
from spikesight.circuits.plasticity.pair import PairStdp
from spikesight.circuits.population import Population, Source
from spikesight.circuits.projection import Projection
from spikesight.circuits.wiring import fan_out
from spikesight.encoding.rate import bernoulli
from spikesight.encoding.spike_list import silence
from spikesight.equations import leaky
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.runs.machine import machine

DT = 1e-3
STEPS = 1000
PIECE = 100
ROUNDS = 5
NEURON = leaky.Params(tau=20e-3, threshold=1e6, drive=leaky.Charge())
"""So far from its threshold that what is counted are the spikes of the sources."""

TOO_BUSY = "this machine is too busy to measure, or its clock too coarse; close what else is running and try again"


@dataclass(frozen=True)
class Load:
    """`size` sources that fire at `rate` (hertz), each joined to `fan_out` of as many neurons."""

    rate: float = 20.0
    size: int = 10_000
    fan_out: int = 100

    @property
    def events(self) -> float:
        """Synapses that spikes go through, per step."""
        return self.rate * DT * self.size * self.fan_out


MIDDLE = Load()
RATES = (2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
SIZES = (2_500, 5_000, 10_000, 20_000, 40_000)
FAN_OUTS = (25, 50, 100, 200, 400, 800)


@dataclass(frozen=True)
class Point:
    """Seconds per step of a load: with its spikes, and without any."""

    load: Load
    seconds: float
    silent: float

    @property
    def synapses(self) -> float:
        """Seconds per step that the spikes take."""
        return self.seconds - self.silent


def measure() -> Report:
    """Measure and return the report."""
    swept = {
        "rate": [replace(MIDDLE, rate=rate) for rate in RATES],
        "size": [replace(MIDDLE, size=size) for size in SIZES],
        "fan_out": [replace(MIDDLE, fan_out=fan_out) for fan_out in FAN_OUTS],
    }
    measured = {load: point(load) for loads in swept.values() for load in loads}
    points = list(measured.values())
    each_neuron, each_event, misfit = costs(points)
    slopes = {over: [measured[load] for load in loads] for over, loads in swept.items()}
    return Report(
        name="scaling",
        figures={
            "ns_per_neuron_update": 1e9 * each_neuron,
            "ns_per_synaptic_event": 1e9 * each_event,
            "synaptic_events_per_second": 1.0 / each_event,
            "bytes_per_synapse": bytes_per_synapse(None),
            "bytes_per_plastic_synapse": bytes_per_synapse(PairStdp()),
        },
        ratios={
            **{f"exponent_over_{over}": exponent(over, here) for over, here in slopes.items()},
            "largest_misfit": misfit,
        },
        machine=machine(),
        curves={over: _curve(over, here, each_neuron, each_event) for over, here in slopes.items()},
    )


def engine_of(load: Load, rule: Rule | None = None) -> Engine:
    """Return the circuit, at rest."""
    wiring = fan_out(load.size, load.size, load.fan_out, generator(0, "scaling"))
    nodes = (Source("input", (load.size,)), Population("out", (load.size,), leaky.EQUATION, NEURON))
    network = Network(DT, nodes, (Projection("synapses", "input", "out", "current", wiring, rule),))
    return start(network, {"synapses.w": np.full(len(wiring.targets), 0.1)}, FusedCpu())


def point(load: Load) -> Point:
    """Measure a load, with spikes and without in turn.

    Time goes by pieces, and of each piece the best round counts, so that what else the machine does falls out as far
    as it can: caches and memory are shared.
    """
    engine = engine_of(load)
    spikes = bernoulli(np.full(load.size, load.rate), STEPS, DT, generator(0, "scaling spikes"))
    pieces = [spikes.part(first, first + PIECE) for first in range(0, STEPS, PIECE)]
    driven, silent = np.full((2, len(pieces)), np.inf)
    for _ in range(1 + ROUNDS):
        for k, piece in enumerate(pieces):
            driven[k] = min(driven[k], cpu_timed(lambda: engine.advance({"input": piece}, PIECE)))  # noqa: B023 (at once)
            silent[k] = min(silent[k], cpu_timed(lambda: engine.advance({"input": silence(PIECE)}, PIECE)))
    return Point(load, float(driven.sum()) / STEPS, float(silent.sum()) / STEPS)


def exponent(over: str, points: Sequence[Point]) -> float:
    """Return by which power of `over` the time of the synapses grows: least squares on logarithmic axes.

    Errors: SpikesightError where a time is none.
    """
    _check_clear(points)
    x = np.log([getattr(one.load, over) for one in points])
    y = np.log([one.synapses for one in points])
    return float(np.polyfit(x, y, 1)[0])


def costs(points: Sequence[Point]) -> tuple[float, float, float]:
    """Return the seconds of an update of a neuron and of a synaptic event that explain all points best, by their
    relative errors, and the largest of these.

    Errors: SpikesightError where a time is none.
    """
    _check_clear(points)
    work = np.array([[one.load.size, one.load.events] for one in points])
    seconds = np.array([one.seconds for one in points])
    found, _ = nnls(work / seconds[:, None], np.ones(len(points)))
    if not found[1] > 0.0:
        raise SpikesightError(f"synapses seem to take no time at all: {TOO_BUSY}")
    misfit: NDArray[np.float64] = np.abs(work @ found / seconds - 1.0)
    return float(found[0]), float(found[1]), float(misfit.max())


def bytes_per_synapse(rule: Rule | None) -> float:
    """Return what a sparse synapse takes: weights, wiring, and what learning needs, of arrays that exist."""
    engine = engine_of(MIDDLE, rule)
    (projection,) = engine.network.projections
    wiring = projection.connection.structure(MIDDLE.size, MIDDLE.size, rule is not None)
    held = [array.nbytes for name, array in engine.arrays.items() if name.startswith("synapses.")]
    return float(sum(held) + sum(array.nbytes for array in wiring)) / (MIDDLE.size * MIDDLE.fan_out)


def _check_clear(points: Sequence[Point]) -> None:
    """Refuse points that noise has spoiled: leaving them out would bend the lines that are fitted to the rest."""
    for one in points:
        if not min(one.seconds, one.silent, one.synapses) > 0.0:
            raise SpikesightError(
                f"{one.load} took {one.seconds:.3g} s a step with spikes and {one.silent:.3g} s without: {TOO_BUSY}"
            )


def _curve(over: str, points: Sequence[Point], each_neuron: float, each_event: float) -> Curve:
    return Curve(
        over={"rate": "rate (Hz)", "size": "neurons", "fan_out": "synapses of a neuron"}[over],
        unit="seconds per step",
        x=[float(getattr(one.load, over)) for one in points],
        y={
            "all": [one.seconds for one in points],
            "without spikes": [one.silent for one in points],
            "spikes": [one.synapses for one in points],
            "fit": [each_neuron * one.load.size + each_event * one.load.events for one in points],
        },
    )
