"""One layer that learns to tell four directions of motion apart, held against the same layer untrained."""

from __future__ import annotations

import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from spikesight.base.atomic import storage, write_bytes
from spikesight.base.errors import InputError, MissingExtra, RunError, UnknownName
from spikesight.base.progress import progress
from spikesight.circuits.engine import Engine
from spikesight.datasets.moving_shapes import Motion
from spikesight.recipes.contract import Order, Result, result_of
from spikesight.recipes.experiment import experiment
from spikesight.recipes.motion_direction.figure import fields
from spikesight.recipes.motion_direction.layer import Layer
from spikesight.recipes.motion_direction.scene import POLARITIES, STARTS, shape_called
from spikesight.recipes.motion_direction.trial import summary, trials
from spikesight.runs.folder import Run
from spikesight.trace.probe import Probe

PROBES = (Probe("input.spikes"), Probe("out.spikes"), Probe("input_out.w", every=10))
QUICK = 2
"""Networks in the quick version."""


@dataclass(frozen=True)
class MotionDirectionRecipe:
    """See the README beside this file. `shape`, `polarity` (both, none) and `starts` (fixed, random) are words.

    Errors: UnknownName for a word, InputError for a count that makes no sense.
    """

    shape: str = "diagonal"
    polarity: str = "both"
    starts: str = "fixed"
    patterns: int = 120
    outputs: int = 4
    networks: int = 8

    name = "motion-direction"

    def __post_init__(self) -> None:
        shape_called(self.shape)
        for kind, word, known in (("polarity", self.polarity, POLARITIES), ("start", self.starts, STARTS)):
            if word not in known:
                raise UnknownName(kind, word, known)
        if self.patterns < 0 or min(self.outputs, self.networks) < 1:
            raise InputError(
                f"at least one network with one output and no fewer than 0 patterns are needed, got {self}"
            )

    @property
    def model(self) -> Layer:
        """The network and what it is shown."""
        return Layer(Motion(shape_called(self.shape)), self.polarity, self.starts, self.outputs)

    def train(self, order: Order) -> Path:
        """Teach and examine.   Errors: RunError, StorageFull."""
        return self._tried(order).folder

    def reproduce(self, order: Order) -> Result:
        """See `Recipe.reproduce`."""
        run = self._tried(order)
        metrics = run.facts["metrics"]
        return result_of(run.folder, order, metrics["accuracy"], metrics["control"])

    def _tried(self, order: Order) -> Run:
        started = time.perf_counter()
        networks = min(QUICK, self.networks) if order.quick else self.networks
        settings = {name: str(value) for name, value in asdict(self).items()}
        with experiment(self.name, order, {"settings": settings}) as run:
            with progress("networks", networks, order.stream) as bar:
                tried, engines = trials(self.model, run, order.seed, networks, self.patterns, PROBES, bar)
            run.save_weights({"input_out.w": engines[0].arrays["input_out.w"]})
            run.update(metrics={**summary(tried), "seconds": time.perf_counter() - started})
            self._draw(run, engines[0], order)
        return run

    def _draw(self, run: Run, engine: Engine, order: Order) -> None:
        """Draw the receptive fields of the first network."""
        side = self.model.motion.side
        w = engine.arrays["input_out.w"].T.reshape(self.outputs, -1, side, side)
        names = ("ON", "OFF") if w.shape[1] == 2 else ("events",)
        try:
            picture = fields(dict(zip(names, np.moveaxis(w, 1, 0), strict=True)), "viridis")
        except MissingExtra as error:
            print(f"No fields.svg: {error}", file=order.stream or sys.stderr)
            return
        with storage(run.folder, RunError):
            write_bytes(run.folder / "fields.svg", picture)


RECIPE = MotionDirectionRecipe()
