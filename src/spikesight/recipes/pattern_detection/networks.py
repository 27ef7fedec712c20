"""Trying a claim on many networks: the first one recorded as a run, every one held against what learned nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from spikesight.base.atomic import storage, write_bytes
from spikesight.base.errors import RunError
from spikesight.recipes.contract import Order, Recipe, Result, result_of
from spikesight.recipes.pattern_detection.batch import beside_each_other, scenario, seed_of
from spikesight.recipes.pattern_detection.detector import Controls, Detector, Outcome, controls, judged, learned
from spikesight.recipes.settings import settings_of
from spikesight.recipes.simulation import Simulation, simulation
from spikesight.runs.plain import plain
from spikesight.trace.reader import Trace

Make = Callable[[int], Detector]
"""What makes the network with a seed."""


@contextmanager
def recorded(recipe: Recipe, make: Make, order: Order) -> Iterator[tuple[Simulation, Outcome]]:
    """Train the first network as a run, and judge it by its trace.   Errors: RunError, StorageFull."""
    detector = make(seed_of(order.seed, 0))
    shown = detector.shown.drawn()
    with simulation(scenario(recipe.name, detector, shown, settings_of(recipe), order.quick), order) as under_way:
        under_way.finish(order)
        with Trace.open(under_way.run.folder) as trace:
            times = trace.spikes(detector.neurons.name).t
        w = under_way.engine.arrays["learned.w"][:, 0]
        outcome = judged(detector, shown, times, w, under_way.seconds)
        under_way.run.update(metrics={"hits": min(outcome.hits), "false_alarms": outcome.false_alarms})
        yield under_way, outcome


def try_all(under_way: Simulation, first: Outcome, make: Make, networks: int, order: Order) -> dict[str, Any]:
    """Train the other networks, try the controls of all, write a row for each, and return the figures of the claim."""
    seeds = [seed_of(order.seed, network) for network in range(networks)]
    outcomes = [first, *beside_each_other(lambda seed: learned(make(seed)), seeds[1:], order)]
    tried = beside_each_other(lambda k: controls(make(seeds[k]), outcomes[k].selected), range(networks), order)
    write_rows(under_way.run.folder, [one.row() for one in outcomes], "networks")
    return summary(outcomes, tried)


def result(under_way: Simulation, metrics: dict[str, Any], order: Order) -> Result:
    """Return the median network beside the better of the two controls."""
    control = max(metrics["untrained_clean_hits"], metrics["random_clean_hits"])
    return result_of(under_way.run.folder, order, metrics["median_clean_hits"], control)


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
