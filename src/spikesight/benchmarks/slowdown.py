"""What recording costs a simulation: the same work with and without a trace, block by block in turn."""

from __future__ import annotations

import importlib
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from itertools import islice, pairwise
from pathlib import Path
from statistics import median
from typing import Any, Final, NamedTuple

import numpy as np

from spikesight import __version__
from spikesight.base.randomness import generator
from spikesight.benchmarks.diehl_cook import N, images_to_learn
from spikesight.circuits.recording import Recorder, header
from spikesight.estimators.diehl_cook import DiehlCook, Lesson
from spikesight.recipes.course import LESSONS_AT_ONCE, record
from spikesight.trace.dense import from_steps
from spikesight.trace.probe import Probe
from spikesight.trace.schema import Header, Layer
from spikesight.trace.writer import TraceWriter

WARM_UP: Final = 25
BLOCKS: Final = 36
"""So many that sealing what is left at the end weighs no more than in a run of some thousand images."""
DEEP_BLOCKS: Final = 12
IMAGES: Final = 100
EVERYTHING: Final = (Probe("input.spikes"), Probe("exc.spikes"), Probe("inh.spikes"), Probe("input_exc.w", every=250))
"""Spikes of all layers, and weights."""

STEPS, BATCH = 25, 64
SIZES: Final = (784, 512, 256, 10)
BATCHES: Final = 6


class Slowdown(NamedTuple):
    """How many times more the same work takes while it is recorded: of time, and of processor time of all threads.

    The second is what recording takes from whoever else computes on the machine, and what it costs with a single core.
    """

    time: float
    processor: float


def ratios() -> dict[str, float]:
    """Return how many times longer the same work takes while it is recorded; `_deep` only where torch is installed."""
    circuit = diehl_cook()
    found = {"recording_slowdown": circuit.time, "recording_processor_time": circuit.processor}
    if find_spec("torch"):
        found["recording_slowdown_deep"] = deep()
    return found


def diehl_cook() -> Slowdown:
    """Return the slowdown of a Diehl & Cook network by recording the spikes of all its layers, and its weights.

    Sealing goes on in another thread; what it could not finish meanwhile is waited for and counted. So `time` is that
    of a machine with a core to spare.
    """
    given = images_to_learn()
    models = [DiehlCook(N, max_delay=0.0), DiehlCook(N, max_delay=0.0)]
    with tempfile.TemporaryDirectory(prefix="spikesight-slowdown-") as folder:
        plain, watched = (_lessons(model, given) for model in models)
        facts = header(models[1].network_, "benchmark", given.name, 0, __version__)
        writer = TraceWriter.create(Path(folder) / "trace", facts)
        recorder = Recorder(writer, models[1].network_, EVERYTHING)
        recorded = _recorded(watched, models[1], recorder, IMAGES * (BLOCKS + 1))
        with writer:
            for lessons in (plain, recorded):
                _take(lessons, WARM_UP)
            began, alone, pairs = time.process_time(), 0.0, []
            for _ in range(BLOCKS):
                here = time.thread_time()
                fast = _take(plain, IMAGES)
                alone += time.thread_time() - here
                pairs.append((fast, _take(recorded, IMAGES)))
            started = time.perf_counter()
            writer.seal()
            rest = (time.perf_counter() - started) / BLOCKS
            both = time.process_time() - began
    return Slowdown(median((slow + rest) / fast for fast, slow in pairs), (both - alone) / alone)


def _lessons(model: DiehlCook, given: Any) -> Iterator[Lesson]:
    # Again from the first image where there are fewer.
    shown = np.arange(WARM_UP + IMAGES * (BLOCKS + 1)) % len(given.train)
    model.begin(given.train[shown], given.train_labels)
    return model.lessons(given.train[shown], given.train_labels[shown])


def _recorded(lessons: Iterator[Lesson], model: DiehlCook, recorder: Recorder, passes: int) -> Iterator[Lesson]:
    while waiting := list(islice(lessons, LESSONS_AT_ONCE)):
        record(waiting, recorder, model, passes)
        yield from waiting


def _take(lessons: Iterator[Lesson], count: int) -> float:
    started = time.perf_counter()
    for _ in range(count):
        next(lessons)
    return time.perf_counter() - started


def deep() -> float:
    """Return the slowdown of training a spiking network with surrogate gradients in torch by recording all spikes.

    Leaky integrate-and-fire layers of 784-512-256-10 neurons, 25 steps, batches of 64, Adam; random images.
    """
    with tempfile.TemporaryDirectory(prefix="spikesight-slowdown-") as folder:
        layers = tuple(Layer(f"layer{place}", (size,)) for place, size in enumerate(SIZES))
        with TraceWriter.create(Path(folder) / "trace", Header("deep", 1_000_000, layers, time="virtual")) as writer:
            plain, recorded = _training(lambda *_: None), _training(_recording(writer))
            for train in (plain, recorded):
                train()
            pairs = [(_timed_batches(plain), _timed_batches(recorded)) for _ in range(DEEP_BLOCKS)]
            started = time.perf_counter()
            writer.seal()
            rest = (time.perf_counter() - started) / DEEP_BLOCKS
    return median((slow + rest) / fast for fast, slow in pairs)


def _timed_batches(train: Callable[[], None]) -> float:
    started = time.perf_counter()
    for _ in range(BATCHES):
        train()
    return time.perf_counter() - started


def _recording(writer: TraceWriter) -> Callable[[list[Any]], None]:
    batch = 0

    def record_batch(spikes: list[Any]) -> None:
        nonlocal batch
        first, stim = batch * BATCH * STEPS, batch * BATCH
        for place, layer in enumerate(spikes):
            events = from_steps(layer, first, stim)
            writer.spikes(f"layer{place}", events.t, events.unit, events.stim)
        for item in range(BATCH):
            t = first + item * STEPS
            writer.stimulus(stim=stim + item, t_start=t, t_end=t + STEPS)
        batch += 1

    return record_batch


def _training(keep: Callable[[list[Any]], None]) -> Callable[[], None]:
    """Return a function that trains on one batch and hands the spikes of every layer, (T, B, units), to `keep`."""
    torch: Any = importlib.import_module("torch")
    torch.manual_seed(0)
    random = generator(0, "batches of the deep benchmark")

    class Spike(torch.autograd.Function):  # type: ignore[misc]
        @staticmethod
        def forward(context: Any, v: Any) -> Any:
            context.save_for_backward(v)
            return (v >= 0).to(v.dtype)

        @staticmethod
        def backward(context: Any, gradient: Any) -> Any:
            (v,) = context.saved_tensors
            return gradient / (1 + (2.0 * v) ** 2)

    layers = [torch.nn.Linear(before, after) for before, after in pairwise(SIZES)]
    optimiser = torch.optim.Adam([weight for layer in layers for weight in layer.parameters()], 1e-3)

    def train() -> None:
        image = torch.from_numpy(random.random((BATCH, SIZES[0]), np.float32))
        target = torch.from_numpy(random.integers(0, SIZES[-1], BATCH))
        spikes = [(torch.rand((STEPS, *image.shape)) < 0.3 * image).float()]
        for layer in layers:
            current, v, fired = layer(spikes[-1]), torch.zeros(BATCH, layer.out_features), []
            for step in range(STEPS):
                v = 0.9 * v + current[step]
                fired.append(Spike.apply(v - 1.0))
                v = v - fired[-1].detach()
            spikes.append(torch.stack(fired))
        loss = torch.nn.functional.cross_entropy(spikes[-1].sum(0), target)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        keep(spikes)

    return train
