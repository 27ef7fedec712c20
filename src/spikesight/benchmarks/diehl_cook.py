"""How fast a Diehl & Cook network learns: against our own NumPy reference, and against the bare arithmetic.

Both executors learn the same images with the same random numbers, in turn, and must end with the same weights. An
image is 350 ms of input and 150 ms of silence at dt 0.5 ms, with encoding and weight normalisation. The floor is the
number of additions and multiplications that the network cannot do without, at the rate at which this machine does
them on numbers in its first cache.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from statistics import median

import numpy as np
from sklearn.base import clone

from spikesight import __version__
from spikesight.base.errors import MissingData, SpikesightError
from spikesight.benchmarks.report import Report
from spikesight.benchmarks.timing import seconds_per_flop, timed
from spikesight.circuits.recording import Recorder, header
from spikesight.datasets.images import ImageSet, mnist
from spikesight.estimators.diehl_cook import SHOWING, DiehlCook, Lesson
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.executors.reference import Reference
from spikesight.recipes.course import LESSONS_AT_ONCE, record
from spikesight.recipes.diehl_cook import probes
from spikesight.recipes.diehl_cook_mnist.recipe import enlarged_digits
from spikesight.recipes.going_on import SECONDS_BETWEEN_CHECKPOINTS
from spikesight.runs.machine import machine
from spikesight.trace.writer import TraceWriter

N = 400
DT = 0.5e-3
WARM_UP = 20
BLOCKS = 15
REFERENCES = ("reference", "delayed reference")
IMAGES_PER_BLOCK = 75

FLOPS_PER_UPDATE = 12
"""Conductance neuron: 3 differences, 2 products, 2 sums, scaled and added, 2 decays, 1 comparison."""
FLOPS_PER_POTENTIATION = 3


def measure() -> Report:
    """Measure and return the report.   Errors: SpikesightError where the executors disagree."""
    images = images_to_learn()
    models = {
        "reference": DiehlCook(N, max_delay=0.0, executor=Reference()),
        "fused": DiehlCook(N, max_delay=0.0, executor=FusedCpu()),
        "recorded": DiehlCook(N, max_delay=0.0, executor=FusedCpu()),
        "delayed": DiehlCook(N, executor=FusedCpu()),
        "delayed reference": DiehlCook(N, executor=Reference()),
    }
    first_use = timed(lambda: next(_lessons(models["fused"], images)))
    with tempfile.TemporaryDirectory() as folder:
        courses = {name: _lessons(model, images) for name, model in models.items()}
        recorder = _recorder(models["recorded"], images, Path(folder) / "trace")
        courses["recorded"] = _recorded(courses["recorded"], models["recorded"], recorder)
        with recorder.writer:
            times, counted = _interleave(courses)
            sealing = timed(recorder.writer.seal)
    for name in REFERENCES:
        _check_equal(images, models[name])
    ms = {name: median(seconds / tries for seconds, tries in values) * 1e3 for name, values in times.items()}
    # What is recorded now and then (weights, input spikes) shows in means, not in medians.
    mean = {name: _mean(times[name]) * 1e3 for name in ("fused", "recorded")}
    mean["recorded"] *= 1.0 + sealing / SECONDS_BETWEEN_CHECKPOINTS
    given, fired = (float(number) for number in np.mean(counted, axis=0))
    floor = _floor_seconds(given, fired, images.train.shape[1]) * 1e3
    return Report(
        name="diehl-cook",
        figures={
            "ms_per_image": ms["fused"],
            "ms_per_image_mean": mean["fused"],
            "ms_per_image_recorded_mean": mean["recorded"],
            "ms_per_image_with_delays": ms["delayed"],
            "ms_per_image_numpy": ms["reference"],
            "ms_per_image_with_delays_numpy": ms["delayed reference"],
            "ms_per_image_floor": floor,
            "synaptic_events_per_second": (given * N + fired * (N + 1)) / ms["fused"] * 1e3,
            "input_spikes_per_image": given,
            "output_spikes_per_image": fired,
            "first_use_seconds": first_use,
        },
        ratios={
            "vs_numpy": ms["reference"] / ms["fused"],
            "over_floor": ms["fused"] / floor,
            "recorded": mean["recorded"] / mean["fused"],
            "with_delays": ms["delayed"] / ms["fused"],
            "with_delays_vs_numpy": ms["delayed reference"] / ms["delayed"],
        },
        machine=machine(),
    )


def images_to_learn() -> ImageSet:
    """Return MNIST, or, where it is not on this machine, digits that are made as large."""
    try:
        return mnist()
    except MissingData:
        return enlarged_digits()


def _lessons(model: DiehlCook, images: ImageSet) -> Iterator[Lesson]:
    model.begin(images.train[:1200], images.train_labels)
    return model.lessons(images.train[:1200], images.train_labels[:1200])


def _check_equal(images: ImageSet, reference: DiehlCook) -> None:
    again = clone(reference).set_params(executor=FusedCpu())
    for _ in islice(_lessons(again, images), reference.lessons_seen_):
        pass
    if not np.array_equal(again.weights_, reference.weights_):
        raise SpikesightError("the fused executor did not end with the weights of the reference: please report this")


def _recorder(model: DiehlCook, images: ImageSet, folder: Path) -> Recorder:
    """Record what the MNIST recipe records."""
    facts = header(model.network_, "benchmark", images.name, 0, __version__)
    return Recorder(TraceWriter.create(folder, facts), model.network_, probes(every=100, weights=1000))


def _recorded(lessons: Iterator[Lesson], model: DiehlCook, recorder: Recorder) -> Iterator[Lesson]:
    """Record lessons as a course does."""
    while waiting := list(islice(lessons, LESSONS_AT_ONCE)):
        record(waiting, recorder, model, len(waiting))
        yield from waiting


Times = dict[str, list[tuple[float, int]]]


def _interleave(courses: dict[str, Iterator[Lesson]]) -> tuple[Times, list[tuple[float, float]]]:
    """Let the models learn in turn, a block of images each, so that a slow moment of the machine hits all of them.

    Returns seconds and tries of every image after the warm-up, and how many spikes it had.
    """
    for lessons in courses.values():
        for _ in range(WARM_UP):
            next(lessons)
    times: Times = {name: [] for name in courses}
    counted: list[tuple[float, float]] = []
    for _ in range(BLOCKS):
        for name, lessons in courses.items():
            for _ in range(1 if name in REFERENCES else IMAGES_PER_BLOCK):
                started = time.perf_counter()
                lesson = next(lessons)
                times[name].append((time.perf_counter() - started, len(lesson.shown.tries)))
                counted += [_count(lesson)] if name == "fused" else []
    return times, counted


def _mean(times: list[tuple[float, int]]) -> float:
    return sum(seconds for seconds, _ in times) / sum(tries for _, tries in times)


def _count(lesson: Lesson) -> tuple[float, float]:
    """Return input spikes and output spikes per try."""
    tries = len(lesson.shown.tries)
    return len(lesson.shown.given.unit) / tries, len(lesson.shown.fired("exc").unit) / tries


def _floor_seconds(given: float, fired: float, inputs: int) -> float:
    steps = SHOWING.steps(DT)[1]
    updates = steps * 2 * N * FLOPS_PER_UPDATE
    synapses = given * N + fired * N + FLOPS_PER_POTENTIATION * fired * inputs + 2 * inputs * N
    return float((updates + synapses) * seconds_per_flop())
