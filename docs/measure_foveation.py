"""Measure whether digits are told better from foveated events than from as many others, for how-to/foveate-events.md.

    python docs/measure_foveation.py

Digits of N-MNIST in the middle of a sensor of 64 x 64 pixels full of noise; a linear classifier on counts of events in
cells of 2 x 2, ten folds. Needs N-MNIST, or the part of it that the data folder holds. Ten minutes.
"""

from __future__ import annotations

import sys
from itertools import product

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import RidgeClassifierCV
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from spikesight.base.randomness import generator
from spikesight.datasets.n_mnist import n_mnist
from spikesight.encoding.event_steps import by_step
from spikesight.events.cleaning import EventCount, Funnelling
from spikesight.events.cleaning.drop import kept
from spikesight.events.foveation import Foveated, Foveation, foveate
from spikesight.events.regions_of_interest import RegionsOfInterest
from spikesight.events.stream import EventStream
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.recipes.dvs_attention.digits import Canvas, Pasted, counted
from spikesight.zoo.gaze import regions_of_interest
from spikesight.zoo.salient_regions import SalientRegions, salient

SIDE, MILLISECONDS, SEEDS = 64, 320, 3
MIDDLE = 15
"""Where the 34 x 34 pixels of a recording begin."""
BLOCKS = {2: 5, 4: 3}
"""Cells along a region, for large pixels of 2 x 2 and 4 x 4."""
NOISES = (5.0, 20.0, 60.0)
"""Events per millisecond; a digit makes 13."""
LATENCY = 20_000
LARGEST = 810


def main() -> None:
    """Print a row per size of pixels, noise and seed: events kept, and accuracies."""
    data = n_mnist()
    many = min(LARGEST, len(data.train) + len(data.test))
    recordings = [(data.train[k], data.train_labels[k]) for k in range(min(many, len(data.train)))]
    recordings += [(data.test[k], data.test_labels[k]) for k in range(many - len(recordings))]
    labels = np.array([label for _, label in recordings])
    for seed, factor, noise in product(range(SEEDS), BLOCKS, NOISES):
        features: dict[str, list[NDArray[np.float64]]] = {}
        budgets = []
        for k, (digit, _) in enumerate(recordings):
            number = seed * LARGEST + k
            seen = streams(placed(digit, noise, number), factor, number)
            budgets.append(len(seen["foveated"]) / len(seen["all"]))
            for name, stream in seen.items():
                whole = stream.spread(number) if isinstance(stream, Foveated) else stream
                features.setdefault(name, []).append(counted(whole, (0, 0), SIDE))
        told = [f"{name} {accuracy(np.stack(rows), labels, seed):.1%}" for name, rows in features.items()]
        begin = f"pixels of {factor} x {factor}, noise {noise:g}/ms, seed {seed}, {np.mean(budgets):.1%} of the events"
        sys.stdout.write("; ".join([begin, *told]) + "\n")
        sys.stdout.flush()


def placed(digit: EventStream, noise: float, number: int) -> EventStream:
    """Return a digit in the middle of the sensor among noise: without its own place, which a linear map cannot undo."""
    pasted: Pasted = Canvas(SIDE, noise, MILLISECONDS).pasted(digit, generator(0, "canvas", number))
    events = pasted.events
    left, top = pasted.place
    x, y = (events.x.astype(np.int64) - left + MIDDLE) % SIDE, (events.y.astype(np.int64) - top + MIDDLE) % SIDE
    return EventStream(events.t, x, y, events.p, SIDE, SIDE)  # type: ignore[arg-type]


def streams(events: EventStream, factor: int, number: int) -> dict[str, EventStream | Foveated]:
    """Return all events, foveated ones, as many at random and of large pixels, and each part of the foveated ones."""
    reducer = EventCount(factor)
    coarse = reducer(events)
    network = SalientRegions(coarse.width, coarse.height, BLOCKS[factor])
    spikes = by_step(coarse, network.dt, round(MILLISECONDS * 1e-3 / network.dt))
    regions = regions_of_interest(network.grid, salient(network, spikes, FusedCpu()), LATENCY, factor)
    foveated = Foveation(reducer)(events, regions)
    budget = len(foveated)
    funnelled = kept(Funnelling(factor)(events), budget, number)
    return {
        "all": events,
        "foveated": foveated,
        "at random": kept(events, budget, number),
        "large pixels": foveate(events.of(slice(0, 0)), funnelled, factor, RegionsOfInterest.none()),
        "in regions alone": foveated.inside,
        "coarse alone": foveate(events.of(slice(0, 0)), coarse, factor, RegionsOfInterest.none()),
    }


def accuracy(features: NDArray[np.float64], labels: NDArray[np.int64], seed: int) -> float:
    """Return the share of digits that is told, over ten folds."""
    model = make_pipeline(StandardScaler(), RidgeClassifierCV(np.logspace(0, 5, 6)))
    return float(
        cross_val_score(model, features, labels, cv=StratifiedKFold(10, shuffle=True, random_state=seed)).mean()
    )


if __name__ == "__main__":
    main()
