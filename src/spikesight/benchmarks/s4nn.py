"""How fast S4NN learns: 784-400-10 neurons, 256 steps, an image at a time, against plain NumPy with a time
axis, both on one core.

Both learn the same images from the same weights by the rule of the authors' code, in turn, and must end with the same
weights, up to rounding. The floor is what the images cannot do without: for each input that fires before the answer a
row of 400 weights is added, and where the answer is wrong the row is changed, which is reading and writing it. That is
counted at the rate at which this machine adds the rows of the hidden weights to a row of potentials one after the
other, which is that of its caches, or at its rate of arithmetic, whichever is slower. Weights have seen 20,000 images.
"""

from __future__ import annotations

from statistics import median
from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from spikesight.base.errors import MissingData, SpikesightError
from spikesight.base.randomness import generator
from spikesight.benchmarks.plain_s4nn import plain_s4nn
from spikesight.benchmarks.report import Report
from spikesight.benchmarks.timing import cpu_timed, seconds_per_flop, timed
from spikesight.datasets.images import ImageSet, mnist
from spikesight.encoding.latencies import Latencies
from spikesight.encoding.latency import GreySteps
from spikesight.estimators.s4nn import S4NN
from spikesight.first_spike.dense import Dense, fire
from spikesight.first_spike.fused_dense import add_row
from spikesight.first_spike.learning.fused_moment import learn as learn_at_moment
from spikesight.first_spike.learning.fused_s4nn import learn
from spikesight.first_spike.learning.moment import MomentRule
from spikesight.first_spike.learning.s4nn import S4NNRule, Weights
from spikesight.recipes.diehl_cook_mnist.recipe import enlarged_digits
from spikesight.runs.machine import machine

HIDDEN, STEPS, THRESHOLDS = 400, 256, (100.0, 100.0)
WARM_UP, IMAGES, PLAIN_IMAGES, TURNS = 20_000, 3000, 30, 7
RULE, MOMENT = S4NNRule(), MomentRule()
CLOSE = 1e-3
"""Largest difference of weights up to 100 after 30 images in single precision."""


class Lessons(NamedTuple):
    """Images to learn from, encoded."""

    latencies: Latencies
    labels: NDArray[np.int64]


def measure() -> Report:
    """Measure and return the report.   Errors: SpikesightError where the ways to compute it disagree."""
    images = images_to_learn()
    lessons = Lessons(GreySteps(STEPS, int(images.train.max()))(images.train), images.train_labels)
    first_use = timed(lambda: _learned(_untrained(lessons), lessons, 0, 2))
    w = _learned(_untrained(lessons), lessons, 0, WARM_UP)
    _check(w, lessons)
    times: dict[str, list[float]] = {"fused": [], "moment": [], "numpy": [], "floor": []}
    for turn in range(TURNS):
        first = WARM_UP + turn * IMAGES
        part = _part(lessons, first, first + IMAGES)
        few = _part(lessons, first, first + PLAIN_IMAGES)
        times["fused"].append(cpu_timed(lambda: learn(RULE, w, *part, THRESHOLDS)) / len(part.labels))  # noqa: B023
        times["moment"].append(cpu_timed(lambda: learn_at_moment(MOMENT, w, *part, THRESHOLDS)) / len(part.labels))  # noqa: B023
        times["numpy"].append(cpu_timed(lambda: _plain(w, few)) / len(few.labels))  # noqa: B023 (called at once)
        times["floor"].append(_floor(w, part))
    seconds = {name: median(found) for name, found in times.items()}
    estimator = _estimator_seconds(images)
    pairs = zip(times["numpy"], times["fused"], times["floor"], times["moment"], strict=True)
    of = [(plain / fused, fused / floor, plain / moment) for plain, fused, floor, moment in pairs]
    vs_numpy, over_floor, moment_vs_numpy = (median(ratios) for ratios in zip(*of, strict=True))
    return Report(
        name="s4nn",
        figures={
            "images_per_second": 1.0 / seconds["fused"],
            "images_per_second_moment": 1.0 / seconds["moment"],
            "images_per_second_estimator": 1.0 / estimator,
            "images_per_second_numpy": 1.0 / seconds["numpy"],
            "images_per_second_floor": 1.0 / seconds["floor"],
            "input_spikes_per_image": float(lessons.latencies.fired[:IMAGES].sum(axis=1).mean()),
            "first_use_seconds": first_use,
        },
        ratios={"vs_numpy": vs_numpy, "over_floor": over_floor, "moment_vs_numpy": moment_vs_numpy},
        machine=machine(),
    )


def images_to_learn() -> ImageSet:
    """Return MNIST, or, where it is not on this machine, digits that are made as large."""
    try:
        return mnist()
    except MissingData:
        return enlarged_digits()


def _untrained(lessons: Lessons) -> Weights:
    random = generator(0, "benchmark")
    inputs, classes = lessons.latencies.times.shape[1], int(lessons.labels.max()) + 1
    return Weights(
        random.uniform(0, 5, (inputs, HIDDEN)).astype(np.float32),
        random.uniform(0, 48, (HIDDEN, classes)).astype(np.float32),
    )


def _part(lessons: Lessons, first: int, last: int) -> Lessons:
    """Return some of the images, from the beginning again after the last."""
    places = np.arange(first, last) % len(lessons.labels)
    return Lessons(lessons.latencies[places], lessons.labels[places])


def _learned(w: Weights, lessons: Lessons, first: int, last: int) -> Weights:
    return learn(RULE, w, *_part(lessons, first, last), THRESHOLDS)[0]


def _plain(w: Weights, part: Lessons) -> Weights:
    """Do it in plain NumPy, on one core too: threads that wait for each other would only add to its time."""
    with threadpool_limits(1):
        return plain_s4nn(RULE, w, part.latencies.times, part.labels, STEPS, THRESHOLDS)


def _check(w: Weights, lessons: Lessons) -> None:
    part = _part(lessons, WARM_UP, WARM_UP + PLAIN_IMAGES)
    for mine, plain in zip(learn(RULE, w, *part, THRESHOLDS)[0], _plain(w, part), strict=True):
        if np.abs(mine - plain).max() > CLOSE:
            raise SpikesightError("S4NN did not end with the weights of plain NumPy: please report this")


def _estimator_seconds(images: ImageSet) -> float:
    """Return seconds per image of a round of the estimator: drawing, encoding and checking of images included."""
    model = S4NN(HIDDEN, per_round=IMAGES, dead_below=0.0).begin(images.train, images.train_labels)
    rounds = range(min(3, model.rounds_))
    return median(cpu_timed(lambda: model.round(images.train, images.train_labels, number)) for number in rounds) / min(  # noqa: B023
        IMAGES, len(images.train)
    )


def _floor(w: Weights, part: Lessons) -> float:
    """Return the seconds per image of what cannot be left out, with weights as they are."""
    hidden = fire(Dense(HIDDEN, THRESHOLDS[0], 1), w.hidden, part.latencies).latencies
    output = fire(Dense(w.output.shape[1], THRESHOLDS[1], 1), w.output, hidden).latencies
    answered = output.times.min(axis=1)
    needed = (part.latencies.times < answered[:, None] - 1).sum(axis=1).mean()
    wrong = (output.times.argmin(axis=1) != part.labels).mean()
    rows = needed * (1.0 + 2.0 * wrong)
    return float(rows * max(seconds_per_row(w.hidden), HIDDEN * seconds_per_flop()))


def seconds_per_row(w: NDArray[np.float32]) -> float:
    """Return the time of adding a row of weights to potentials, all rows in turn: the best of seven."""
    v = np.zeros(w.shape[1], np.float32)
    _add_all(v, w, 1)
    return min(cpu_timed(lambda: _add_all(v, w, 5)) for _ in range(7)) / (5 * len(w))


@numba.njit
def _add_all(v, w, repeats):  # type: ignore[no-untyped-def]
    for _ in range(repeats):
        for i in range(len(w)):
            add_row(v, w, i)
