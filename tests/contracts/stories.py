"""Made-up runs of which it is known what happened in them, and when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from spikesight.trace.schema import Header, Layer, Projection
from spikesight.trace.writer import TraceWriter

TICKS = 100  # a stimulus, at 1 ms
EVERY = 20  # stimuli between snapshots
INPUTS, UNITS, CLASSES = 36, 20, 5


def steady(stim: int) -> float:
    return 1.0


@dataclass(frozen=True)
class Story:
    """What changes over the stimuli: each a function of their number."""

    stimuli: int = 2000
    right: Callable[[int], float] = lambda stim: 0.9 - 0.7 * np.exp(-stim / 100)
    rate: Callable[[int], float] = steady  # of the layer, as a factor
    learning: Callable[[int], float] = steady  # rate of learning, as a factor
    silent: Callable[[int], bool] = lambda stim: False
    pruned: int | None = None  # weights below 0.2 are 0 from this stimulus on
    marks: tuple[tuple[int, str, str], ...] = ()


def write(folder: Path, story: Story, seed: int = 0) -> Path:
    random = np.random.default_rng(seed)
    layers = (Layer("input", (6, 6)), Layer("exc", (UNITS,)))
    synapses = Projection("input_exc", "input", "exc", (INPUTS, UNITS), UNITS)
    header = Header("made-up", 1_000_000, layers, (synapses,), classes=tuple("abcde"))
    goal = random.gamma(0.7, 0.3, (INPUTS, UNITS)).clip(0, 1)
    w = random.random((INPUTS, UNITS)) * 0.5
    with TraceWriter.create(folder, header) as writer:
        for stim in range(story.stimuli):
            start = stim * TICKS
            if stim % EVERY == 0:
                if story.pruned is not None and stim >= story.pruned:
                    w = np.where(w < 0.2, 0.0, w)
                writer.weights("input_exc", start, stim, w)
                speed = 0.05 * story.learning(stim)
                moved = w + speed * (goal - w) + 0.3 * speed * random.normal(size=w.shape)
                w = np.where(w == 0.0, 0.0, moved.clip(1e-3, 1)) if story.pruned is not None else moved.clip(0, 1)
            for layer, mean in (("input", 40.0), ("exc", 25.0 * story.rate(stim))):
                if layer == "exc" and story.silent(stim):
                    continue
                count = int(random.poisson(mean))
                size = header.layer(layer).size
                t = np.sort(random.integers(0, TICKS - 30, count)) + start
                writer.spikes(layer, t, random.integers(0, size, count).astype(np.int32), stim)
            writer.values("exc", "theta", np.array([start]), np.array([0]), np.array([0.02 + random.normal() * 1e-4]))
            label = int(random.integers(CLASSES))
            right = bool(random.random() < story.right(stim))
            prediction = label if right else (label + 1) % CLASSES
            writer.stimulus(
                stim=stim, t_start=start, t_end=start + TICKS, label=label, prediction=prediction, correct=right
            )
        for stim, name, text in story.marks:
            writer.mark(stim * TICKS, name, text)
    return folder
