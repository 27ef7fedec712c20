"""A made-up run of a network of first spikes with convolutions and poolings, which learned layer by layer."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from spikesight.runs.folder import Run
from spikesight.trace.schema import VIRTUAL, Header, Layer, Projection
from spikesight.trace.writer import TraceWriter

STEPS = 15
TICK_NS = 1_000_000
CLASSES = ("cup", "dog")
INPUT, CONV1, POOL1, CONV2 = (
    Layer("input", (2, 12, 12)),
    Layer("conv1", (4, 8, 8)),
    Layer("pool1", (4, 4, 4)),
    Layer("conv2", (6, 3, 3)),
)
PROJECTIONS = (
    Projection.convolution("input_conv1", INPUT, CONV1, (5, 5)),
    Projection.pooling("conv1_pool1", CONV1, POOL1, (2, 2), (2, 2)),
    Projection.convolution("pool1_conv2", POOL1, CONV2, (2, 2)),
)
SNAPSHOTS = 4
SILENT = 5
"""The item of which no unit of conv2 fires, and which is not answered."""


class MadeUpConvolution:
    """Writes `items` of them; `times` holds the first spike of every unit (items, *shape) of each layer, -1 for none.

    `w` are the kernels (maps out, maps in, rows, columns) of each projection at the last snapshot.
    """

    def __init__(self, root: Path, items: int = 24, seed: int = 0) -> None:
        self.random = np.random.default_rng(seed)
        self.items, self.labels = items, np.arange(items) % 2
        self.run = Run.create(root, "made-up-convolution", seed=seed, config={"items": items})
        layers = (INPUT, CONV1, POOL1, CONV2)
        header = Header(
            run=self.run.folder.name,
            tick_ns=TICK_NS,
            layers=layers,
            projections=PROJECTIONS,
            dataset="made up",
            classes=CLASSES,
            time=VIRTUAL,
        )
        self.times = {layer.name: self._times(layer) for layer in layers}
        self.w = {
            "input_conv1": self.random.random((4, 2, 5, 5)).astype(np.float32),
            "pool1_conv2": self.random.random((6, 4, 2, 2)).astype(np.float32),
        }
        self.answers, self.latencies = np.full(items, -1), np.full(items, np.nan)
        self.writer = TraceWriter.create(self.run.trace_folder, header)
        for item in range(items):
            if item % (items // SNAPSHOTS) == 0:
                self._learn(item)
            self._show(item)
        self.writer.close()
        self.run.update(status="finished", metrics={})

    def _times(self, layer: Layer) -> np.ndarray:
        times = self.random.integers(0, STEPS, (self.items, *layer.shape))
        times[self.random.random(times.shape) < 0.6] = -1
        if layer is CONV2:
            times[SILENT] = -1
        return times

    def _learn(self, item: int) -> None:
        """Kernels come out of the mean, the second half of the run those of conv2; the curves fall with them."""
        part = item // (self.items // SNAPSHOTS)
        for name, stage, first in (("input_conv1", "conv1", 0), ("pool1_conv2", "conv2", SNAPSHOTS // 2)):
            grown = np.clip((part - first + 1) / (SNAPSHOTS - first), 0.0, 1.0)
            self.writer.weights(name, item * STEPS, item - 1, 0.5 + grown * (self.w[name] - 0.5))
            if first <= part < first + SNAPSHOTS // 2 or part == first:
                self.writer.scalar(item * STEPS, f"convergence of {stage}", 0.25 * 0.1 ** (part - first))
                self.writer.scalar(item * STEPS, "convergence", 0.25 * 0.1 ** (part - first))

    def _show(self, item: int) -> None:
        start = item * STEPS
        for layer, times in self.times.items():
            units = np.flatnonzero(times[item].ravel() >= 0)
            t = times[item].ravel()[units]
            order = np.argsort(t, kind="stable")
            self.writer.spikes(layer, start + t[order], units[order].astype(np.int32), item)
        fired = np.where(self.times["conv2"][item] < 0, STEPS, self.times["conv2"][item])
        answered = fired.min() < STEPS
        if answered:
            self.answers[item] = int(fired.reshape(6, -1).min(axis=1).argmin() % 2)
            self.latencies[item] = fired.min() * TICK_NS / 1e9
        self.writer.stimulus(
            stim=item,
            t_start=start,
            t_end=start + STEPS,
            label=int(self.labels[item]),
            prediction=int(self.answers[item]),
            correct=bool(self.answers[item] == self.labels[item]),
            latency=float(self.latencies[item]) if answered else None,
            split="train",
            source=item,
        )
