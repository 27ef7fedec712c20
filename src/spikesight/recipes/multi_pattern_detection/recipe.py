"""Five patterns among ten thousand Poisson afferents: found by one neuron, and by one neuron each."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from spikesight.base.errors import InputError
from spikesight.circuits.competition import Winners
from spikesight.circuits.plasticity.global_depression import GlobalDepression, SoftGlobalDepression
from spikesight.circuits.population import Population
from spikesight.encoding.patterns import Repeating
from spikesight.equations import adaptive, leaky
from spikesight.recipes.contract import Order, Result
from spikesight.recipes.multi_pattern_detection.localist import Answers, answers, untrained
from spikesight.recipes.pattern_detection.batch import beside_each_other, seed_of
from spikesight.recipes.pattern_detection.detector import Detector
from spikesight.recipes.pattern_detection.networks import recorded, result, try_all, write_rows
from spikesight.recipes.simulation import Simulation

SHOWN = 100
"""So many showings of each pattern are scored."""

QUICK_PERIODS, QUICK_LOCALIST_PERIODS = 5000, 1500

ADAPTATION = 1.8
"""Of the threshold, per spike; it decays with `TAU_ADAPTATION`."""

TAU_ADAPTATION = 80e-3

FIRST_SEED_OF_LOCALIST = 500
"""Networks of the two kinds hear different patterns."""


@dataclass(frozen=True)
class MultiPatternDetectionRecipe:
    """See the README beside this file. Volts in weights, times in seconds; `potentiation` and `depression` are weight
    per output spike. What begins with `localist` is of the neurons that take a pattern each.
    """

    patterns: int = 5
    networks: int = 6
    periods: int = 12_000
    threshold: float = 178.0
    tau: float = 8.9e-3
    potentiation: float = 0.1
    depression: float = 6.2e-3
    localist_networks: int = 6
    localist_neurons: int = 16
    localist_periods: int = 4000
    localist_threshold: float = 229.6
    localist_blocked: float = 0.1

    name = "multi-pattern-detection"

    def __post_init__(self) -> None:
        least = SHOWN * self.patterns
        if min(self.networks, self.localist_networks, self.patterns) < 1 or self.localist_neurons < self.patterns:
            raise InputError(f"at least one network of each kind, and a neuron for every pattern, are needed: {self}")
        if self.periods < least or self.localist_periods < 2 * least:
            raise InputError(
                f"{SHOWN} showings of each of {self.patterns} patterns are scored: periods must be {least} or more, "
                f"localist_periods {2 * least} or more, got {self.periods} and {self.localist_periods}"
            )

    def distributed(self, seed: int, quick: bool = False) -> Detector:
        """Return one neuron that is to detect all patterns."""
        params = adaptive.Params(
            tau=self.tau,
            threshold=self.threshold,
            drive=leaky.Charge(),
            tau_theta=TAU_ADAPTATION,
            jump=ADAPTATION * self.threshold,
        )
        return Detector(
            Repeating(patterns=self.patterns, seed=seed),
            Population("detector", (1,), adaptive.EQUATION, params),
            SoftGlobalDepression(plus=self.potentiation, minus=self.depression),
            sigmas=-1.0,
            periods=min(QUICK_PERIODS, self.periods) if quick else self.periods,
            scored=SHOWN * self.patterns,
        )

    def localist(self, seed: int, quick: bool = False) -> Detector:
        """Return neurons that are to detect a pattern each; whoever fires hushes the others."""
        params = leaky.Params(tau=18e-3, threshold=self.localist_threshold, drive=leaky.Charge())
        return Detector(
            Repeating(patterns=self.patterns, seed=seed),
            Population(
                "detectors", (self.localist_neurons,), leaky.EQUATION, params, Winners(1, self.localist_blocked)
            ),
            GlobalDepression(),
            sigmas=-2.0,
            periods=min(QUICK_LOCALIST_PERIODS, self.localist_periods) if quick else self.localist_periods,
            scored=SHOWN * self.patterns,
            spread=0.02,
        )

    def train(self, order: Order) -> Path:
        """Train the first neuron, recorded.   Errors: RunError, StorageFull."""
        with recorded(self, lambda seed: self.distributed(seed, order.quick), order) as (under_way, _):
            return under_way.run.folder

    def reproduce(self, order: Order) -> Result:
        """Train all networks of both kinds and hold them against what learned nothing. See `Recipe.reproduce`."""
        began = time.perf_counter()
        networks = 1 if order.quick else self.networks

        def make(seed: int) -> Detector:
            return self.distributed(seed, order.quick)

        with recorded(self, make, order) as (under_way, first):
            metrics = try_all(under_way, first, make, networks, order) | self._one_each(under_way, order)
            under_way.run.update(metrics={**metrics, "seconds": time.perf_counter() - began})
        return result(under_way, metrics, order)

    def _one_each(self, under_way: Simulation, order: Order) -> dict[str, Any]:
        count = 1 if order.quick else self.localist_networks
        seeds = [seed_of(order.seed, FIRST_SEED_OF_LOCALIST + network) for network in range(count)]
        found = beside_each_other(lambda seed: answers(self.localist(seed, order.quick)), seeds, order)
        tried = beside_each_other(lambda seed: untrained(self.localist(seed, order.quick)), seeds, order)
        write_rows(under_way.run.folder, [one.row() for one in found], "localist")
        return localist_summary(found, tried)


def localist_summary(found: list[Answers], tried: list[Answers]) -> dict[str, Any]:
    """Return the figures of the neurons that take a pattern each: means over networks, and how many converged."""
    return {
        "localist_networks": len(found),
        "localist_converged": sum(one.converged for one in found),
        "localist_distinct": sum(one.distinct for one in found),
        "localist_hits": float(np.mean([one.hits for one in found])),
        "localist_clean_hits": float(np.mean([one.clean for one in found])),
        "localist_false_alarms": sum(one.false_alarms for one in found),
        "localist_confused": sum(one.confused for one in found),
        "localist_untrained_hits": float(np.mean([one.hits for one in tried])),
        "localist_untrained_clean_hits": float(np.mean([one.clean for one in tried])),
    }


RECIPE = MultiPatternDetectionRecipe()
