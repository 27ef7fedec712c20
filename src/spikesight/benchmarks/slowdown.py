"""What recording costs a simulation: the same work with and without a trace, block by block in turn."""

from __future__ import annotations

import importlib
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import islice
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
from spikesight.trace.probe import Probe
from spikesight.trace.writer import TraceWriter

WARM_UP: Final = 25
BLOCKS: Final = 36
"""So many that sealing what is left at the end weighs no more than in a run of some thousand images."""
DEEP_BLOCKS: Final = 8
IMAGES: Final = 100
EVERYTHING: Final = (Probe("input.spikes"), Probe("exc.spikes"), Probe("inh.spikes"), Probe("input_exc.w", every=250))
"""Spikes of all layers, and weights."""

BATCH, SIDE, CLASSES = 32, 28, 10
LOOKED_AT: Final = 10
"""Every tenth call of a deep network: its layers are so large, and an untrained one fires so often, that each step has
a million spikes, which take as long to pack as the step itself.
"""


class Slowdown(NamedTuple):
    """How many times more the same work takes while it is recorded: of time, and of processor time of all threads.

    The second is what recording takes from whoever else computes on the machine, and what it costs with a single core.
    """

    time: float
    processor: float


def ratios() -> dict[str, float]:
    """Return how many times longer the same work takes while it is recorded; `_deep` only where torch is installed.

    `recording_slowdown_deep` is of every tenth call; `_every_call` of each.
    """
    circuit = diehl_cook()
    found = {"recording_slowdown": circuit.time, "recording_processor_time": circuit.processor}
    if find_spec("torch"):
        found["recording_slowdown_deep"] = deep()
        found["recording_slowdown_deep_every_call"] = deep(every=1, blocks=DEEP_BLOCKS // 2)
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


def deep(every: int = LOOKED_AT, blocks: int = DEEP_BLOCKS) -> float:
    """Return the slowdown of training a convolutional spiking network by recording every `every`-th call of it.

    The spikes of all layers, and the input; three convolutions of 16, 32 and 64 channels, 4 steps, batches of 32 random
    images, by the trainer. A block is as many steps as lie between two looks, `LOOKED_AT` at least.
    """
    # Without torch the rest of this file works: what needs it is imported here.
    from spikesight.deep.recording import record as recording

    plain, watched = (_trainer() for _ in range(2))
    steps = max(every, LOOKED_AT)
    with (
        tempfile.TemporaryDirectory(prefix="spikesight-slowdown-") as folder,
        recording(watched.net, Path(folder) / "run", every=every) as under_way,
    ):
        for trainer in (plain, watched):
            _timed_steps(trainer, steps)
        pairs = [(_timed_steps(plain, steps), _timed_steps(watched, steps)) for _ in range(blocks)]
        started = time.perf_counter()
        under_way.seal()
        rest = (time.perf_counter() - started) / blocks
    return median((slow + rest) / fast for fast, slow in pairs)


def _trainer() -> Any:
    torch: Any = importlib.import_module("torch")
    from spikesight.deep.losses import CrossEntropy
    from spikesight.deep.training.trainer import Trainer
    from spikesight.zoo.fashion_csnn import FashionCsnn

    torch.manual_seed(0)
    return Trainer(FashionCsnn((16, 32, 64)).build((1, SIDE, SIDE), CLASSES), CrossEntropy(), 10**6)


def _timed_steps(trainer: Any, steps: int) -> float:
    torch: Any = importlib.import_module("torch")
    random = generator(trainer.done, "batches of the deep benchmark")
    started = time.perf_counter()
    for _ in range(steps):
        images = torch.from_numpy(random.random((BATCH, 1, SIDE, SIDE), np.float32))
        trainer.step(images, torch.from_numpy(random.integers(0, CLASSES, BATCH)))
    return time.perf_counter() - started
