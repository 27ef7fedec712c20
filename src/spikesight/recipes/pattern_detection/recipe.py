"""One neuron, ten thousand Poisson afferents, and a pattern that comes back: STDP finds it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from spikesight.base.errors import InputError
from spikesight.circuits.plasticity.global_depression import GlobalDepression
from spikesight.circuits.population import Population
from spikesight.encoding.patterns import Repeating
from spikesight.equations import leaky
from spikesight.recipes.contract import Order, Result
from spikesight.recipes.pattern_detection.detector import Detector
from spikesight.recipes.pattern_detection.networks import recorded, result, try_all

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
        with recorded(self, lambda seed: self.detector(seed, order.quick), order) as (under_way, _):
            return under_way.run.folder

    def reproduce(self, order: Order) -> Result:
        """Train all networks and hold each against what learned nothing. See `Recipe.reproduce`."""
        began = time.perf_counter()
        networks = min(QUICK_NETWORKS, self.networks) if order.quick else self.networks

        def make(seed: int) -> Detector:
            return self.detector(seed, order.quick)

        with recorded(self, make, order) as (under_way, first):
            metrics = try_all(under_way, first, make, networks, order)
            under_way.run.update(metrics={**metrics, "seconds": time.perf_counter() - began})
        return result(under_way, metrics, order)


RECIPE = PatternDetectionRecipe()
