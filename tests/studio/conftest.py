"""A made-up run: digits, and a network that never was, whose fields turn from noise into prototypes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from browser import Browser
from made_up_convolution import MadeUpConvolution
from made_up_maps import MadeUpMaps

from spikesight.runs.folder import Run
from spikesight.studio.open_run import OpenRun
from spikesight.trace.schema import Header, Layer, Projection
from spikesight.trace.writer import TraceWriter

TICK_NS = 500_000
SHOWN, REST = 700, 300  # ticks
SIDE = 8
CLASSES = 10
PROBED = (3, 5)
"""Units of exc whose potential is recorded."""


class MadeUp:
    """Writes stimuli one after the other; `truth` holds every spike written, per layer: (t ticks, unit, stim)."""

    def __init__(
        self, root: Path, *, units: int = 40, seed: int = 0, every_input: int = 4, every_weights: int = 25
    ) -> None:
        from sklearn.datasets import load_digits

        digits = load_digits()
        self.images, self.labels = digits.images / 16.0, digits.target
        self.random = np.random.default_rng(seed)
        self.units, self.every_input, self.every_weights = units, every_input, every_weights
        self.owner = np.arange(units) % CLASSES
        self.prototypes = np.stack([self._prototype(unit) for unit in range(units)], axis=1)
        self.noise = self.random.random((SIDE * SIDE, units)) * 0.3
        self.stims = 0
        self.truth: dict[str, list[np.ndarray]] = {"input": [], "exc": [], "inh": []}
        self.outcomes: list[tuple[int, int, int, int, bool | None]] = []
        self.run = Run.create(root, "diehl-cook-digits", seed=seed, config={"n": units, "dt": 0.0005})
        header = Header(
            run=self.run.folder.name,
            tick_ns=TICK_NS,
            layers=(Layer("input", (SIDE, SIDE)), Layer("exc", (units,)), Layer("inh", (units,))),
            projections=(Projection("input_exc", "input", "exc", (SIDE * SIDE, units), units),),
            dataset="digits",
            simulator="spikesight",
            version="0",
            seed=seed,
        )
        self.writer = TraceWriter.create(self.run.trace_folder, header)

    @property
    def progress(self) -> float:
        return 1.0 - float(np.exp(-self.stims / 120))

    def weights(self) -> np.ndarray:
        return (1 - self.progress) * self.noise + self.progress * self.prototypes

    def show(self, count: int) -> None:
        for _ in range(count):
            self._show_one()
        self.run.update(progress={"done": self.stims, "total": 1000})

    def finish(self, **metrics: float) -> None:
        self.writer.close()
        self.run.save_weights(
            {"input_exc.w": self.weights().astype(np.float32), "assignment": self.owner.astype(np.int32)}
        )
        self.run.update(status="finished", metrics=metrics)

    def spikes(self, layer: str) -> np.ndarray:
        """All spikes of `layer` (N, 3): tick, unit, stimulus."""
        return np.concatenate(self.truth[layer])

    def _prototype(self, unit: int) -> np.ndarray:
        own = self.images[self.labels == self.owner[unit]]
        return own[self.random.integers(len(own), size=4)].mean(axis=0).ravel()

    def _show_one(self) -> None:
        stim, start = self.stims, self.stims * (SHOWN + REST)
        which = int(self.random.integers(len(self.images)))
        image, label = self.images[which].ravel(), int(self.labels[which])
        if stim % self.every_input == 0:
            self._write("input", self.random.poisson(image * 12), start, stim)
        guess = label if self.random.random() < 0.1 + 0.8 * self.progress else int(self.random.integers(CLASSES))
        drive = np.where(self.owner == guess, 6.0 * self.random.random(self.units) ** 2, 0.15)
        counts = self.random.poisson(drive)
        self._write("exc", counts, start, stim)
        self._write("inh", counts, start, stim)
        prediction = guess if stim >= 20 else -1
        correct = None if stim < 20 else prediction == label
        self.writer.stimulus(
            stim=stim,
            t_start=start,
            t_end=start + SHOWN + REST,
            label=label,
            prediction=prediction,
            correct=correct,
            source=which,
        )
        self.outcomes.append((stim, start, label, prediction, correct))
        self.stims += 1
        if stim % self.every_weights == 0:
            self.writer.weights("input_exc", start, stim, self.weights())
        if stim % 100 == 0:
            self.writer.mark(start, "pass", f"pass {stim // 100 + 1}")
        self._potentials(start)
        if stim >= 20 and stim % 10 == 0:
            self.writer.scalar(start + SHOWN + REST, "loss", 2.0 - self.progress)
            recent = [right for *_, right in self.outcomes[-100:] if right is not None]
            self.writer.scalar(start + SHOWN + REST, "accuracy", float(np.mean(recent)))

    def _potentials(self, start: int) -> None:
        """Membranes of two units in volts: one rises through the stimulus, the other rests."""
        t = np.repeat(np.arange(start, start + SHOWN, 50), len(PROBED))
        unit = np.tile(np.array(PROBED, np.int32), SHOWN // 50)
        value = np.where(unit == PROBED[0], -0.065 + 1e-5 * (t - start), -0.065)
        self.writer.values("exc", "v", t, unit, value)

    def _write(self, layer: str, counts: np.ndarray, start: int, stim: int) -> None:
        unit = np.repeat(np.arange(len(counts)), counts).astype(np.int32)
        t = start + np.sort(self.random.integers(0, SHOWN, len(unit))).astype(np.int64)
        self.random.shuffle(unit)
        self.writer.spikes(layer, t, unit, stim)
        self.truth[layer].append(np.column_stack([t, unit, np.full(len(t), stim)]))


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> MadeUp:
    """A run of 300 stimuli that ended; nothing may change it."""
    made = MadeUp(tmp_path_factory.mktemp("runs"))
    made.show(300)
    made.finish(accuracy=0.885, control=0.412, seconds=43.2)
    return made


@pytest.fixture(scope="session")
def other(tmp_path_factory: pytest.TempPathFactory) -> MadeUp:
    """Another run that ended, shorter and with other random numbers, to compare with."""
    made = MadeUp(tmp_path_factory.mktemp("other"), seed=11)
    made.show(200)
    made.finish(accuracy=0.8)
    return made


@pytest.fixture(scope="session")
def opened(finished: MadeUp) -> OpenRun:
    run = OpenRun(finished.run.folder)
    run.refresh()
    return run


@pytest.fixture
def growing(tmp_path: Path) -> Iterator[MadeUp]:
    """A run of 60 stimuli that is still being written."""
    made = MadeUp(tmp_path, seed=3)
    made.show(60)
    yield made
    made.writer.close()


@pytest.fixture(scope="session")
def pictured(tmp_path_factory: pytest.TempPathFactory) -> MadeUpMaps:
    """A run whose populations are pictures, with signed and pruned weights and sick neurons; nothing may change it."""
    return MadeUpMaps(tmp_path_factory.mktemp("pictured"))


@pytest.fixture(scope="session")
def pictures(pictured: MadeUpMaps) -> OpenRun:
    run = OpenRun(pictured.run.folder)
    run.refresh()
    return run


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser for the tests of one file, which skip where there is none."""
    one = Browser(tmp_path_factory.mktemp("browser"))
    yield one
    one.close()


@pytest.fixture(scope="session")
def convolved(tmp_path_factory: pytest.TempPathFactory) -> MadeUpConvolution:
    """A run of first spikes through convolutions and poolings; nothing may change it."""
    return MadeUpConvolution(tmp_path_factory.mktemp("convolved"))


@pytest.fixture(scope="session")
def convolutions(convolved: MadeUpConvolution) -> OpenRun:
    run = OpenRun(convolved.run.folder)
    run.refresh()
    return run
