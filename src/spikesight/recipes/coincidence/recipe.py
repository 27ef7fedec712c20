"""Inputs that come together count for more than the same inputs apart: numbers, and a figure to play with."""

from __future__ import annotations

import math
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from spikesight.analysis.coincidence import widest_separation
from spikesight.base.atomic import storage, write_bytes
from spikesight.base.errors import RunError
from spikesight.base.progress import progress
from spikesight.equations import leaky
from spikesight.equations.leaky import Charge, Params
from spikesight.executors import FusedCpu
from spikesight.recipes.coincidence.measure import Grid, One, single, surface
from spikesight.recipes.coincidence.page import page
from spikesight.recipes.coincidence.volleys import SPREAD, Added, Scene, added, detector, draw
from spikesight.recipes.contract import Order, Result, result_of
from spikesight.recipes.experiment import experiment
from spikesight.recipes.settings import settings_of
from spikesight.runs.folder import Run

VOLLEY = 10
BATCHES = 5
JITTERS = tuple(1e-3 * k for k in range(17))
QUICK_GRID = Grid(taus=(5e-3, 10e-3, 20e-3), above=(5.0, 6.0, 8.0), jitters=(0.0, 2e-3, 5e-3, SPREAD))


@dataclass(frozen=True)
class Coincidence:
    """See the README beside this file: `tau` in seconds, `above` in inputs over the mean noise, `trials` per number."""

    tau: float = 10e-3
    above: float = 6.0
    trials: int = 20_000

    name = "coincidence"

    def train(self, order: Order) -> Path:
        """Measure and draw; nothing is trained.   Errors: RunError, StorageFull."""
        return self._tried(order).folder

    def reproduce(self, order: Order) -> Result:
        """See `Recipe.reproduce`."""
        run = self._tried(order)
        metrics = run.facts["metrics"]
        return result_of(run.folder, order, metrics["times_linear"], metrics["times_linear_spread"])

    def _tried(self, order: Order) -> Run:
        started, scene = time.perf_counter(), Scene()
        config = {"settings": settings_of(self), "scene": asdict(scene)}
        with experiment(self.name, order, config) as run:
            run.update(metrics=self.figures(scene, order))
            grid = QUICK_GRID if order.quick else Grid()
            singles = draw(scene, self._trials(order), order.seed, "singles")
            trials = draw(scene, max(self._trials(order) // 10, 1), order.seed, "surface")
            total = len(grid.taus) * len(grid.above) * len(grid.jitters)
            with progress("measuring", total, order.stream) as bar:
                found = surface(scene, grid, trials, singles, bar)
            figure = run.folder / "coincidence.html"
            with storage(run.folder, RunError):
                write_bytes(figure, page(scene, grid, trials, found).encode())
            print(f"Figure: {figure}", file=order.stream or sys.stderr)
            run.update(metrics={"seconds": time.perf_counter() - started})
        return run

    def figures(self, scene: Scene, order: Order) -> dict[str, float | None]:
        """Return the numbers of the claim: a volley together and spread, over that many times one input."""
        neuron = detector(scene, self.tau, self.above)
        batches = (draw(scene, self._trials(order), order.seed, "single", k) for k in range(BATCHES))
        one = single(scene, neuron, batches)
        trials = draw(scene, self._trials(order), order.seed, "volleys")
        by_jitter = {jitter: added(scene, neuron, trials, jitter, [VOLLEY]) for jitter in (*JITTERS, SPREAD)}
        together, spread = by_jitter[0.0], by_jitter[SPREAD]
        times, error = times_linear(together, one)
        times_spread, error_spread = times_linear(spread, one)
        return {
            "times_linear": times,
            "times_linear_error": error,
            "times_linear_spread": times_spread,
            "times_linear_spread_error": error_spread,
            "chance_together": float(together.chance[0]),
            "chance_spread": float(spread.chance[0]),
            "spikes_added_together": float(together.spikes[0]),
            "spikes_added_by_one": one.spikes,
            "spikes_of_noise": one.alone,
            "jitter_that_halves": halving([float(by_jitter[jitter].spikes[0]) for jitter in JITTERS]),
            "two_inputs_within": two_inputs_within(0.6, 1.0, 10e-3),
            "two_inputs_within_theory": widest_separation(0.6, 1.0, 10e-3),
        }

    def _trials(self, order: Order) -> int:
        return max(self.trials // 10, 1) if order.quick else self.trials


def times_linear(volley: Added, one: One) -> tuple[float | None, float | None]:
    """Return by what factor a volley of `VOLLEY` adds more than as many single inputs, and the standard error.

    None where a single input was not seen to add anything.
    """
    if one.spikes <= 0.0:
        return None, None
    value = float(volley.spikes[0]) / (VOLLEY * one.spikes)
    parts = float(volley.error[0]) / (VOLLEY * one.spikes), value * one.error / one.spikes
    return value, math.hypot(*parts)


def halving(spikes: list[float]) -> float | None:
    """Return the jitter (seconds) at which the spikes added at `JITTERS` have fallen to half of the first; None if
    they do not.
    """
    below = np.flatnonzero(np.array(spikes) <= spikes[0] / 2.0)
    if not below.size or below[0] == 0:
        return None
    k = int(below[0])
    fallen = (spikes[k - 1] - spikes[0] / 2.0) / (spikes[k - 1] - spikes[k])
    return JITTERS[k - 1] + fallen * (JITTERS[k] - JITTERS[k - 1])


def two_inputs_within(weight: float, threshold: float, tau: float, dt: float = 0.01e-3) -> float:
    """Return the largest separation (seconds, in steps of `dt`, up to tau) at which two inputs make a neuron fire."""
    steps = round(tau / dt)
    drive = np.zeros((steps, steps))
    drive[0] = weight
    drive[np.arange(steps), np.arange(steps)] += weight
    neuron = Params(tau=tau, threshold=threshold, drive=Charge())
    spikes, _ = FusedCpu().run(leaky.EQUATION, neuron, {"current": drive}, dt, dtype=np.float64)
    return dt * int(np.flatnonzero(spikes.any(axis=0)).max(initial=0))


RECIPE = Coincidence()
