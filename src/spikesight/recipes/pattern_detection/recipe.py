"""One neuron, ten thousand Poisson afferents, and a pattern that comes back: STDP finds it."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from spikesight.base.atomic import storage, write_bytes
from spikesight.base.errors import InputError, RunError
from spikesight.circuits.plasticity.global_depression import GlobalDepression
from spikesight.circuits.population import Population
from spikesight.encoding.patterns import Repeating
from spikesight.equations import leaky
from spikesight.recipes.contract import Order, Result, claim
from spikesight.recipes.pattern_detection.batch import beside_each_other, scenario, seed_of
from spikesight.recipes.pattern_detection.detector import Controls, Detector, Outcome, controls, judged, learned
from spikesight.recipes.settings import settings_of
from spikesight.recipes.simulation import Simulation, simulation
from spikesight.runs.plain import plain
from spikesight.trace.reader import Trace

SCORED = 100
"""The last showings are scored."""

QUICK_NETWORKS, QUICK_PERIODS = 2, 400


@dataclass(frozen=True)
class PatternDetectionRecipe:
    """See the README beside this file. Volts in weights, times in seconds; `potentiation` and `depression` are weight
    per output spike.
    """

    networks: int = 20
    periods: int = 600
    threshold: float = 252.6
    tau: float = 18e-3
    jitter: float = 3.2e-3
    potentiation: float = 1e-2
    depression: float = 1.62e-3

    name = "pattern-detection"

    def __post_init__(self) -> None:
        if self.networks < 1 or self.periods < SCORED:
            raise InputError(f"at least one network and {SCORED} periods, which are scored, are needed: {self}")

    def detector(self, seed: int, quick: bool = False) -> Detector:
        """Return the network with this seed."""
        return Detector(
            Repeating(jitter=self.jitter, seed=seed),
            Population(
                "detector",
                (1,),
                leaky.EQUATION,
                leaky.Params(tau=self.tau, threshold=self.threshold, drive=leaky.Charge()),
            ),
            GlobalDepression(plus=self.potentiation, minus=self.depression),
            sigmas=-2.0,
            periods=min(QUICK_PERIODS, self.periods) if quick else self.periods,
            scored=SCORED,
        )

    def train(self, order: Order) -> Path:
        """Train the first network, recorded.   Errors: RunError, StorageFull."""
        with simulation(self._scenario(order), order) as under_way:
            self._first(under_way, order)
        return under_way.run.folder

    def reproduce(self, order: Order) -> Result:
        """Train all networks and hold each against what learned nothing. See `Recipe.reproduce`."""
        began = time.perf_counter()
        networks = min(QUICK_NETWORKS, self.networks) if order.quick else self.networks
        with simulation(self._scenario(order), order) as under_way:
            first = self._first(under_way, order)
            seeds = [seed_of(order.seed, network) for network in range(networks)]
            others = beside_each_other(lambda seed: learned(self.detector(seed, order.quick)), seeds[1:], order)
            outcomes = [first, *others]
            tried = beside_each_other(
                lambda k: controls(self.detector(seeds[k], order.quick), outcomes[k].selected), range(networks), order
            )
            metrics = {**summary(outcomes, tried), "seconds": time.perf_counter() - began}
            under_way.run.update(metrics=metrics)
            write_rows(under_way.run.folder, [one.row() for one in outcomes], "networks")
        return Result(
            name=self.name,
            metric=claim(self.name).metric,
            value=metrics["median_clean_hits"],
            published=claim(self.name).published,
            control=max(metrics["untrained_clean_hits"], metrics["random_clean_hits"]),
            seconds=metrics["seconds"],
            images_per_second=None,
            seed=order.seed,
            run=str(under_way.run.folder),
        )

    def _scenario(self, order: Order) -> Any:
        detector = self.detector(seed_of(order.seed, 0), order.quick)
        return scenario(self.name, detector, detector.shown.drawn(), settings_of(self), {}, order.quick)

    def _first(self, under_way: Simulation, order: Order) -> Outcome:
        under_way.finish(order)
        detector = self.detector(seed_of(order.seed, 0), order.quick)
        with Trace.open(under_way.run.folder) as trace:
            times = trace.spikes("detector").t
        w = under_way.engine.arrays["learned.w"][:, 0]
        outcome = judged(detector, detector.shown.drawn(), times, w, under_way.seconds)
        under_way.run.update(metrics={"hits": min(outcome.hits), "false_alarms": outcome.false_alarms})
        return outcome


def summary(outcomes: list[Outcome], tried: list[Controls]) -> dict[str, Any]:
    """Return the figures of the claim: means and a median over networks, and how many converged."""
    return {
        "networks": len(outcomes),
        "converged": sum(one.converged for one in outcomes),
        "hits": float(np.mean([one.hits for one in outcomes])),
        "clean_hits": float(np.mean([one.clean for one in outcomes])),
        "median_clean_hits": float(np.median([one.clean for one in outcomes])),
        "false_alarms": sum(one.false_alarms for one in outcomes),
        "selected_median": float(np.median([one.selected for one in outcomes])),
        "snr_share_median": float(np.median([one.snr_share for one in outcomes])),
        "untrained_hits": float(np.mean([one.untrained_hits for one in tried])),
        "untrained_clean_hits": float(np.mean([one.untrained for one in tried])),
        "random_hits": float(np.mean([one.random_hits for one in tried])),
        "random_clean_hits": float(np.mean([one.random for one in tried])),
    }


def write_rows(folder: Path, rows: list[dict[str, Any]], name: str) -> None:
    """Write a row per network to `<name>.json`."""
    with storage(folder, RunError):
        write_bytes(folder / f"{name}.json", json.dumps(plain(name, rows), indent=1).encode())


RECIPE = PatternDetectionRecipe()
