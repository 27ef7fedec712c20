"""A made-up run with populations that are pictures: polarities, channels, signed and pruned weights, sick neurons."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from spikesight.runs.folder import Run
from spikesight.trace.schema import Header, Layer, Projection
from spikesight.trace.writer import TraceWriter

TICK_NS = 1_000_000
SHOWN, REST = 60, 20  # ticks
EVERY = SHOWN + REST
CLASSES = ("left", "right", "up", "down")
POLARITIES, SIDE = 2, 12
CHANNELS, MAP = 6, 8
UNITS = 20
PRUNED = 0.2  # weights smaller than this become zero when half of the run is over
DEAD, SATURATED, SILENT, BURSTING = 16, 17, 18, 19
"""Units of `out` with something the matter; the others fire for the class that is their number modulo 4."""


class MadeUpMaps:
    """Writes `stimuli` of them; `truth` holds every spike written, per layer, as rows (t ticks, unit, stim)."""

    def __init__(self, root: Path, stimuli: int = 80, seed: int = 0, labelled: bool = True) -> None:
        self.random = np.random.default_rng(seed)
        self.labelled, self.stimuli, self.labels = labelled, stimuli, self.random.integers(0, 4, stimuli)
        self.run = Run.create(root, "made-up-maps", seed=seed, config={"stimuli": stimuli})
        layers = (Layer("input", (POLARITIES, SIDE, SIDE)), Layer("conv", (CHANNELS, MAP, MAP)), Layer("out", (UNITS,)))
        shape = (layers[1].size, UNITS)
        header = Header(
            run=self.run.folder.name,
            tick_ns=TICK_NS,
            layers=layers,
            projections=(Projection("conv_out", "conv", "out", shape, UNITS),),
            dataset="made up",
            classes=CLASSES if labelled else (),
        )
        self.w = self.random.normal(0.0, 0.35, shape)
        self.truth: dict[str, list[np.ndarray]] = {layer.name: [] for layer in layers}
        self.writer = TraceWriter.create(self.run.trace_folder, header)
        for stim in range(stimuli):
            self._show(stim)
        self.writer.close()
        self.run.update(status="finished", metrics={})

    def spikes(self, layer: str) -> np.ndarray:
        """All spikes of `layer` (N, 3): tick, unit, stimulus."""
        return np.concatenate(self.truth[layer])

    def weights(self, stim: int) -> np.ndarray:
        """The weights after `stim` stimuli: they grow, and the weak ones are cut at half time."""
        w = self.w * (0.6 + 0.4 * stim / self.stimuli)
        return np.where(np.abs(self.w) < PRUNED, 0.0, w) if stim >= self.stimuli // 2 else w

    def _show(self, stim: int) -> None:
        start, label = stim * EVERY, int(self.labels[stim])
        if stim % 10 == 0:
            self.writer.weights("conv_out", start, stim, self.weights(stim))
        if stim == self.stimuli // 2:
            self.writer.mark(start, "pruned", f"weights below {PRUNED}")
        self._write("input", *self._edge(label), start, stim)
        self._write("conv", *self._waves(label), start, stim)
        self._write("out", *self._answers(label, stim), start, stim)
        guess = label if self.random.random() < 0.8 else int(self.random.integers(4))
        known = {"label": label, "prediction": guess, "correct": guess == label} if self.labelled else {}
        self.writer.stimulus(stim=stim, t_start=start, t_end=start + SHOWN, **known)
        t = np.arange(start, start + EVERY, 2)
        for unit in (0, 1):
            self.writer.values("out", "v", t, np.full(len(t), unit), -0.065 + 0.01 * np.sin(t / 7.0 + unit))

    def _write(self, layer: str, t: np.ndarray, unit: np.ndarray, start: int, stim: int) -> None:
        order = np.argsort(t, kind="stable")
        t, unit = (start + t[order]).astype(np.int64), unit[order].astype(np.int32)
        self.writer.spikes(layer, t, unit, stim)
        self.truth[layer].append(np.column_stack([t, unit, np.full(len(t), stim)]))

    def _edge(self, label: int) -> tuple[np.ndarray, np.ndarray]:
        """An edge that walks: what comes up in front of it is ON, what goes behind it OFF."""
        y, x = np.mgrid[0:SIDE, 0:SIDE]
        along = (SIDE - 1 - x, x, SIDE - 1 - y, y)[label].ravel()
        on = along * 4 + self.random.integers(0, 3, along.size)
        off = on + 9
        units = np.arange(SIDE * SIDE)
        return np.concatenate([on, off]) % SHOWN, np.concatenate([units, units + SIDE * SIDE])

    def _waves(self, label: int) -> tuple[np.ndarray, np.ndarray]:
        """Every channel a wave from a place of its own, the sooner the nearer; half the channels answer to a class."""
        y, x = np.mgrid[0:MAP, 0:MAP]
        times, units = [], []
        for channel in range(CHANNELS):
            if channel % 4 != label and channel < 4:
                continue
            far = np.hypot(x - channel - 1, y - (channel * 3) % MAP).ravel()
            there = far < 2.5 + channel * 0.5
            times.append((far[there] * 9 + self.random.integers(0, 3, there.sum())) % SHOWN)
            units.append(channel * MAP * MAP + np.flatnonzero(there))
        return np.concatenate(times).astype(np.int64), np.concatenate(units)

    def _answers(self, label: int, stim: int) -> tuple[np.ndarray, np.ndarray]:
        own = np.arange(UNITS - 4)
        counts = self.random.poisson(np.where(own % 4 == label, 3.0, 0.2))
        times = [self.random.integers(0, SHOWN, counts.sum()), np.arange(SHOWN)]
        units = [np.repeat(own, counts), np.full(SHOWN, SATURATED)]
        if stim < self.stimuli // 4:
            times.append(np.array([5, 35]))
            units.append(np.full(2, SILENT))
        times.append(3 + np.arange(5))
        units.append(np.full(5, BURSTING))
        return np.concatenate(times), np.concatenate(units)
