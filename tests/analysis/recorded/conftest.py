"""A made-up trace whose every row is also in memory, so that answers can be counted by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from spikesight.trace.reader import Trace
from spikesight.trace.schema import Header, Layer, Projection, Recorded
from spikesight.trace.writer import TraceWriter

TICK_NS = 500_000
TICK = TICK_NS / 1e9
STIMULI, LENGTH = 48, 200  # LENGTH in ticks
N_EXC = 12

LAYERS = (
    Layer("input", (2, 4, 4)),
    Layer("exc", (N_EXC,)),
    Layer("some", (6,), Recorded(units=(1, 4))),
    Layer("seldom", (6,), Recorded(every=3)),
    Layer("unseen", (5,)),
)
PROJECTIONS = (
    Projection("input_exc", "input", "exc", (32, N_EXC), fan_out=N_EXC),
    Projection("exc_some", "exc", "some", (N_EXC, 6), fan_out=2.5),
    Projection("exc_unseen", "exc", "unseen", (N_EXC, 5), fan_out=1.0),
    Projection("some_exc", "some", "exc", (6, N_EXC), fan_out=3.0),
)


@dataclass
class Truth:
    """What was written: spikes by layer (N, 3) of tick, unit, stimulus; stimuli; weights, each (n_pre, n_post)."""

    spikes: dict[str, np.ndarray] = field(default_factory=dict)
    stimuli: list[dict[str, Any]] = field(default_factory=list)
    weights: list[np.ndarray] = field(default_factory=list)
    weights_at: list[int] = field(default_factory=list)

    def within(self, layer: str, first: int, stop: int) -> np.ndarray:
        t = self.spikes[layer][:, 0]
        return self.spikes[layer][(t >= first) & (t < stop)]

    def column(self, name: str) -> np.ndarray:
        return np.array([shown[name] for shown in self.stimuli])


def write(folder: Path) -> Truth:
    """Write the trace, the last third of it left in the logs of a writer that was never closed."""
    truth, random = Truth(), np.random.default_rng(5)
    rows: dict[str, list[np.ndarray]] = {layer.name: [] for layer in LAYERS}
    prefers = np.arange(N_EXC) % 4
    writer = TraceWriter.create(
        folder, Header("made-up", TICK_NS, LAYERS, PROJECTIONS, classes=("a", "b", "c", "d", "e"))
    )
    for stim in range(STIMULI):
        start, label = stim * LENGTH, int(random.integers(4)) if stim % 7 else -1
        later = stim >= STIMULI // 2
        for layer in LAYERS[:4]:
            if stim % layer.recorded.every:
                continue
            units = np.array(layer.recorded.units or range(layer.size))
            drive = np.full(len(units), 2.0)
            if layer.name == "exc":
                drive = np.where((prefers + later) % 4 == label, 6.0, 1.0) * (units != 3)
            unit = np.repeat(units, random.poisson(drive)).astype(np.int64)
            t = start + random.integers(0, LENGTH, len(unit))
            order = np.lexsort((unit, t))
            writer.spikes(layer.name, t[order], unit[order], stim)
            rows[layer.name].append(np.column_stack([t, unit, np.full(len(t), stim)])[order])
        prediction = -1 if stim < 8 else int(random.integers(4))
        correct = None if stim < 8 or label < 0 else prediction == label
        shown = {"stim": stim, "t_start": start, "t_end": start + LENGTH, "label": label, "prediction": prediction}
        writer.stimulus(**shown, correct=correct, split="train" if stim < 40 else "test")
        truth.stimuli.append({**shown, "correct": correct, "split": "train" if stim < 40 else "test"})
        if stim % 12 == 0:
            w = random.random((32, N_EXC)).astype(np.float16).astype(np.float32) * (1 + stim)
            w[random.random(w.shape) < stim / 100] = 0.0
            writer.weights("input_exc", start, stim, w)
            truth.weights.append(w)
            truth.weights_at.append(start)
        if stim in (15, 31):
            writer.seal()
    writer.weights("exc_some", 0, 0, np.full((N_EXC, 6), 0.25))
    truth.spikes = {name: np.concatenate([np.zeros((0, 3), np.int64), *some]) for name, some in rows.items()}
    KEPT.append(writer)
    return truth


KEPT: list[TraceWriter] = []


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Trace, Truth]]:
    """The trace and what was written into it."""
    folder = tmp_path_factory.mktemp("recorded") / "trace"
    truth = write(folder)
    with Trace.open(folder) as trace:
        yield trace, truth
    KEPT.pop().close()


@pytest.fixture
def trace(recorded: tuple[Trace, Truth]) -> Trace:
    return recorded[0]


@pytest.fixture
def truth(recorded: tuple[Trace, Truth]) -> Truth:
    return recorded[1]


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Trace]:
    """A trace into which nothing was written."""
    TraceWriter.create(tmp_path / "empty", Header("empty", TICK_NS, LAYERS, PROJECTIONS)).close()
    with Trace.open(tmp_path / "empty") as trace:
        yield trace
