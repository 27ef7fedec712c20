"""Maps that learn delays tell directions apart wherever the motion is; held against the same maps before learning."""

from __future__ import annotations

import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from spikesight.base.atomic import storage, write_bytes
from spikesight.base.errors import InputError, MissingExtra, RunError
from spikesight.base.progress import progress
from spikesight.circuits.engine import Engine
from spikesight.datasets.moving_shapes import Motion
from spikesight.recipes.contract import Order, Result, result_of
from spikesight.recipes.experiment import experiment
from spikesight.recipes.motion_delays.maps import Maps
from spikesight.recipes.motion_direction.figure import fields
from spikesight.recipes.motion_direction.scene import shape_called
from spikesight.recipes.motion_direction.trial import summary, trials
from spikesight.runs.folder import Run
from spikesight.trace.probe import Probe

PROBES = (Probe("input.spikes"), Probe("out.spikes"))
QUICK = 2
"""Networks in the quick version."""


@dataclass(frozen=True)
class MotionDelaysRecipe:
    """See the README beside this file. `shift` is how far a delay moves at most, `spread` how far delays lie apart at
    first, `jitter` how late events are, in seconds; with `shift` 0 nothing is learned but thresholds.

    Errors: UnknownName for a shape, InputError for a count that makes no sense.
    """

    shape: str = "pixel"
    patterns: int = 600
    outputs: int = 8
    networks: int = 8
    shift: float = 0.3e-3
    spread: float = 0.2e-3
    jitter: float = 0.2e-3

    name = "motion-delays"

    def __post_init__(self) -> None:
        shape_called(self.shape)
        if self.patterns < 0 or min(self.outputs, self.networks) < 1 or min(self.shift, self.spread) < 0:
            raise InputError(
                f"at least one network with one output and no fewer than 0 patterns are needed, got {self}"
            )

    @property
    def model(self) -> Maps:
        """The network and what it is shown: five steps of a millisecond in 13 x 13 pixels."""
        motion = Motion(shape_called(self.shape), side=13, step=1e-3, steps=5, jitter=self.jitter)
        return Maps(motion, self.outputs, shift=self.shift, spread=self.spread)

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
            run.save_weights({name: engines[0].arrays[name] for name in ("kernels.w", "kernels.delay", "out.theta")})
            run.update(metrics={**summary(tried), "seconds": time.perf_counter() - started})
            self._draw(run, engines[0], order)
        return run

    def _draw(self, run: Run, engine: Engine, order: Order) -> None:
        """Draw the delays of the first network's kernels."""
        milliseconds = engine.arrays["kernels.delay"][:, 0] * self.model.dt * 1e3
        try:
            picture = fields({"delay, ms": milliseconds}, "viridis")
        except MissingExtra as error:
            print(f"No delays.svg: {error}", file=order.stream or sys.stderr)
            return
        with storage(run.folder, RunError):
            write_bytes(run.folder / "delays.svg", picture)


RECIPE = MotionDelaysRecipe()
