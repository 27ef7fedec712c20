"""How fast networks of first spikes are, against the same with time as an axis, in torch.

The network of SpykeTorch's MNIST example, on digits of 32 x 32 pixels as six maps of ON and OFF contrasts in 15 steps:
30 maps of 5 x 5, pooled, 250 of 3 x 3, pooled, 200 of 5 x 5. Its first layer learns; then all of it answers, with maps
that inhibit each other at a place and without. Both must find the same winners, weights and potentials. Ratios are of
the processor's time on one core each: learning is one image after the other, and cores that others use fool a wall
clock.
"""

from __future__ import annotations

import os
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from statistics import median
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.ndimage import zoom

from spikesight.base.cores import LIMIT
from spikesight.base.errors import SpikesightError
from spikesight.base.randomness import generator
from spikesight.benchmarks.report import Curve, Report
from spikesight.benchmarks.timing import cpu_timed
from spikesight.encoding.contrast import Bank, difference_of_gaussians, on_off
from spikesight.encoding.latencies import Latencies
from spikesight.encoding.local_normalisation import by_local_mean
from spikesight.encoding.rank import EqualCount
from spikesight.first_spike.convolution import Convolution, fire
from spikesight.first_spike.fused_convolution import mirrored_taps
from spikesight.first_spike.inhibition import k_winners
from spikesight.first_spike.learning.stdp import Stdp
from spikesight.first_spike.pooling import Pooling
from spikesight.first_spike.runs_of_taps import plan
from spikesight.first_spike.stage import Stage
from spikesight.first_spike.stdp_training import train
from spikesight.runs.machine import machine

IMAGES, DENSE_IMAGES, PASSES, TURNS, STEPS = 300, 20, 8, 7, 15
DENSITIES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.4)
RULE = Stdp(doubling=500)
FIRST = Stage("conv1", Convolution(30, (5, 5), 15.0), Pooling((2, 2)), RULE, winners=5, radius=3)
SECOND = Stage("conv2", Convolution(250, (3, 3), 10.0, padding=(1, 1)), Pooling((3, 3)), RULE, winners=8, radius=1)
LAST = Convolution(200, (5, 5), np.inf, padding=(2, 2))
LAYERS = FIRST.convolution, Pooling((2, 2)), SECOND.convolution, Pooling((3, 3)), LAST

Weights = Sequence[NDArray[Any]]


class Prepared(NamedTuple):
    """What is shown, the weights at the start of learning, and the weights of the network that answers."""

    shown: Latencies
    fresh: NDArray[Any]
    weights: Weights


def measure() -> Report:
    """Measure and return the report.

    Errors: MissingExtra without torch; SpikesightError where the two find different winners, weights or potentials.
    """
    from spikesight.benchmarks import plain_sdnn

    with _on_one_core():
        made = prepare()
        waves = [plain_sdnn.torch.from_numpy(wave) for wave in _waves(made.shown[:DENSE_IMAGES])]
        weights = [plain_sdnn.torch.from_numpy(w) for w in made.weights]
        _check_learning(plain_sdnn, made, waves)
        peak = max(_check_answers(plain_sdnn, made, waves, weights, inhibited) for inhibited in (False, True))

        def learn() -> None:
            plain_sdnn.train(FIRST, plain_sdnn.torch.from_numpy(made.fresh.copy()), waves)

        def follow(inhibited: bool) -> None:
            for wave in waves:
                plain_sdnn.forward(LAYERS, weights, wave, inhibited)

        few = made.shown[:DENSE_IMAGES]
        seconds = _in_turns(
            {
                "train": (partial(train, FIRST, made.fresh, made.shown), len(made.shown)),
                "train_dense": (learn, len(few)),
                "infer": (partial(answer, made.weights, made.shown, inhibited=False), len(made.shown)),
                "infer_dense": (partial(follow, False), len(few)),
                "inhibited": (partial(answer, made.weights, made.shown, inhibited=True), len(made.shown)),
                "inhibited_dense": (partial(follow, True), len(few)),
            }
        )
        fit = fit_spikes(made.weights[0])
        added = adds(FIRST.convolution, made.shown)
        first = median(cpu_timed(partial(fire, FIRST.convolution, made.weights[0], made.shown)) for _ in range(TURNS))
        each_add = seconds_per_add()
        until_won = adds(FIRST.convolution, until_last_winner(made)) / len(made.shown)
    us = {name: found * 1e6 for name, found in seconds.items()}
    memory = most_bytes(made.weights, few)
    return Report(
        name="sdnn",
        figures={
            **{f"{name}_us_per_image": value for name, value in us.items()},
            "spikes_per_image": float(made.shown.fired.sum() / len(made.shown)),
            "adds_of_first_layer": added / len(made.shown),
            "adds_of_learning": until_won,
            "ns_per_spike": fit.slope * 1e9,
            "ns_fixed": fit.fixed * 1e9,
            "fit_r2": fit.r2,
            "memory_kb": memory / 1e3,
            "memory_dense_kb": peak / 1e3,
        },
        ratios={
            "train_vs_dense": us["train_dense"] / us["train"],
            "infer_vs_dense": us["infer_dense"] / us["infer"],
            "infer_inhibited_vs_dense": us["inhibited_dense"] / us["inhibited"],
            "memory_vs_dense": memory / peak,
            "first_layer_over_floor": first / (added * each_add),
            "train_over_floor": seconds["train"] / (until_won * each_add),
        },
        machine=machine(),
        curves={"one layer": fit.curve},
    )


def prepare() -> Prepared:
    """Return digits as latencies, and weights that two stages have learned from them; the third's are random.

    Weights of the network that answers are whole multiples of 1 / 256: sums of them are exact in any order, so that
    what two programs find can be compared bit for bit.
    """
    from sklearn.datasets import load_digits

    images = np.stack([zoom(image, 4, order=1) for image in load_digits().images[:IMAGES]]) * 16.0
    kernels = on_off([difference_of_gaussians(n, n / 9, 2 * n / 9) for n in (3, 7, 13)])
    shown = EqualCount(STEPS)(by_local_mean(Bank(kernels, 50.0)(images), 8))
    fresh, given, weights = FIRST.fresh(shown.shape, 0, 1), shown, []
    for number, stage in enumerate((FIRST, SECOND), start=1):
        w = stage.fresh(given.shape, 0, number)
        for done in range(PASSES):
            w = train(stage, w, given, done * len(given)).w
        weights.append(_in_256ths(w))
        given = stage.pooled(stage.fire(weights[-1], given).latencies)
    last = generator(0, "last layer").normal(0.5, 0.2, LAST.weight_shape(given.shape)).clip(0.0, 1.0)
    return Prepared(shown, fresh, [*weights, _in_256ths(last)])


def answer(weights: Weights, latencies: Latencies, *, inhibited: bool) -> NDArray[Any]:
    """Return the potentials of the last layer, (B, maps, rows, columns)."""
    left = list(weights)
    for layer in LAYERS[:-1]:
        if isinstance(layer, Pooling):
            latencies = layer.earliest(latencies)
        else:
            latencies = fire(layer, left.pop(0), latencies, one_map_per_place=inhibited).latencies
    return fire(LAST, left.pop(0), latencies).potentials


class Fit(NamedTuple):
    """Seconds for an image as ``fixed + slope * spikes``, how much of their variance that tells, and the points."""

    slope: float
    fixed: float
    r2: float
    curve: Curve


def fit_spikes(w: NDArray[Any]) -> Fit:
    """Measure the first layer on made-up spikes of more and more inputs."""
    spikes, seconds = [], []
    for number, density in enumerate(DENSITIES):
        random = generator(0, "spikes", number)
        fires = random.random((16, w.shape[1], 32, 32)) < density
        given = Latencies(np.where(fires, random.integers(0, STEPS, fires.shape), STEPS), STEPS)
        work = partial(fire, FIRST.convolution, w, given)
        work()
        spikes.append(float(fires.sum() / len(fires)))
        seconds.append(min(cpu_timed(work) for _ in range(2 * TURNS)) / len(fires))
    slope, fixed = np.polyfit(spikes, seconds, 1)
    r2 = float(np.corrcoef(spikes, seconds)[0, 1] ** 2)
    return Fit(float(slope), float(fixed), r2, Curve("spikes per image", "seconds", spikes, {"30 maps": seconds}))


def adds(layer: Convolution, latencies: Latencies) -> int:
    """Return how many additions the spikes of latencies (B, C, H, W) ask for."""
    runs = plan(layer, latencies.shape)
    across = np.add.reduceat(np.append(runs.col_n, 0), runs.col_first[:-1])
    return int((latencies.fired.sum(axis=(0, 1)) * np.outer(runs.row_n, across)).sum()) * layer.maps


def until_last_winner(made: Prepared) -> Latencies:
    """Return the spikes of each image up to the step of its last winner, by the weights at the start of learning."""
    fired = fire(FIRST.convolution, made.fresh, made.shown, one_map_per_place=True)
    winners = k_winners(fired, FIRST.winners, FIRST.radius)
    last = np.array([item[-1].time if len(item) == FIRST.winners else STEPS for item in winners])
    times = made.shown.times
    return Latencies(np.where(times <= last[:, None, None, None], times, STEPS), STEPS)


def seconds_per_add() -> float:
    """Return the time of one addition of a weight to a potential, both in the first cache, in runs as in layer one."""
    v, w = np.zeros(150, np.float32), np.ones(150, np.float32)
    _add_runs(v, w, 1)
    return min(cpu_timed(partial(_add_runs, v, w, 100_000)) for _ in range(TURNS)) / (100_000 * v.size)


@njit
def _add_runs(v, w, repeats):  # type: ignore[no-untyped-def]
    for _ in range(repeats):
        for i in range(v.size):
            v[i] += w[i]


def most_bytes(weights: Weights, latencies: Latencies) -> int:
    """Return the most bytes that one image takes on its way, inputs and working memory included, weights not."""
    left, most = list(weights), 0
    for layer in LAYERS:
        given = latencies[:1]
        if isinstance(layer, Pooling):
            latencies, used = _traced(partial(layer.earliest, given))
        else:
            w = left.pop(0)
            fired, used = _traced(partial(fire, layer, w, given))
            latencies = fired.latencies
            used -= mirrored_taps(w, bound=np.isfinite(layer.threshold)).nbytes  # laid out anew, once for a batch
        most = max(most, used + given.times.nbytes)
    return most


def _traced(work: Callable[[], Any]) -> tuple[Any, int]:
    tracemalloc.start()
    try:
        found = work()
        return found, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def _in_256ths(w: NDArray[Any]) -> NDArray[Any]:
    return (np.round(w * 256) / 256).astype(np.float32)


def _waves(latencies: Latencies) -> Iterator[NDArray[np.float32]]:
    for item in range(len(latencies)):
        yield latencies[item : item + 1].wave()[:, 0].astype(np.float32)


def _check_learning(plain: Any, made: Prepared, waves: Sequence[Any]) -> None:
    w = plain.torch.from_numpy(made.fresh.astype(np.float64))
    won = plain.train(FIRST, w, [wave.double() for wave in waves])
    ours = train(FIRST, made.fresh.astype(np.float64), made.shown[: len(waves)])
    if won != ours.wins.sum() or not np.allclose(ours.w, w.numpy(), rtol=0.0, atol=1e-9):
        raise SpikesightError("torch learned other weights than the compiled loop: please report this")


def _check_answers(plain: Any, made: Prepared, waves: Sequence[Any], weights: Sequence[Any], inhibited: bool) -> int:
    """Return the most bytes that torch's tensors of one image take at once."""
    ours = answer(made.weights, made.shown[: len(waves)], inhibited=inhibited)
    theirs = [plain.forward(LAYERS, weights, wave, inhibited) for wave in waves]
    if not all(np.array_equal(mine, other.potentials.numpy()) for mine, other in zip(ours, theirs, strict=True)):
        raise SpikesightError("torch found other potentials than the compiled loop: please report this")
    return max(int(other.peak) for other in theirs)


def _in_turns(work: dict[str, tuple[Callable[[], Any], int]]) -> dict[str, float]:
    """Return the median seconds per image of each."""
    times: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(TURNS):
        for name, (run, images) in work.items():
            times[name].append(cpu_timed(run) / images)
    return {name: median(found) for name, found in times.items()}


@contextmanager
def _on_one_core() -> Iterator[None]:
    from threadpoolctl import threadpool_limits

    from spikesight.benchmarks.plain_sdnn import torch

    kept, threads = os.environ.get(LIMIT), torch.get_num_threads()
    os.environ[LIMIT] = "1"
    torch.set_num_threads(1)
    try:
        with threadpool_limits(1):
            yield
    finally:
        torch.set_num_threads(threads)
        os.environ.pop(LIMIT)
        if kept is not None:
            os.environ[LIMIT] = kept
