"""What pooling over the whole image is worth: digits that vary in place, size and angle, for three sets of features."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from spikesight.analysis.variation.designs import one, together
from spikesight.analysis.variation.evaluate import Images, Table, evaluate, looks
from spikesight.analysis.variation.kinds import Kind, Position, Rotation, Scale, Scene
from spikesight.analysis.variation.pose import padded
from spikesight.analysis.variation.summary import Summary, summarise
from spikesight.base.progress import progress
from spikesight.datasets.images import ImageSet, mnist
from spikesight.encoding.on_off import OnOff
from spikesight.estimators.answering import answering
from spikesight.estimators.sdnn import SDNN
from spikesight.first_spike.convolution import Convolution
from spikesight.first_spike.features import FinalPotentials
from spikesight.first_spike.learning.stdp import Stdp
from spikesight.first_spike.pooling import Pooling
from spikesight.first_spike.stage import Stage
from spikesight.recipes.contract import Order, Result, result_of
from spikesight.recipes.diehl_cook_mnist.recipe import enlarged_digits
from spikesight.recipes.experiment import experiment
from spikesight.recipes.linear_readout import LinearReadout
from spikesight.recipes.settings import settings_of
from spikesight.runs.folder import Run

CANVAS = (40, 40)
"""Large enough that nothing leaves it."""

KINDS: tuple[Kind, ...] = (Position(), Scale(), Rotation())

CLAIMED = "position", 2
"""Up to 4 pixels right or left and up or down."""

QUICK_THRESHOLD = 30.0
"""As in `sdnn-mnist`: contrasts of the enlarged digits are weaker."""

READOUT = LinearReadout(C=0.1)

RULE = Stdp(0.004, -0.003, doubling=500)
"""As in `zoo.kheradpisheh`."""

PIXELS, UNTRAINED, TRAINED = "pixels", "untrained", "trained"


class Pixels:
    """The image itself, from 0 to 1."""

    def transform(self, X: Any) -> Any:
        """Return features (B, pixels)."""
        return X.astype(np.float32) / 255.0


class Measured(NamedTuple):
    """The answers of all models, and their summary."""

    table: Table
    summary: Summary

    def accuracy(self, model: str, variation: str, level: int) -> float:
        """Return how many images a model answers rightly."""
        return float(self.table.where(model=model, variation=variation, level=level).right.mean())

    def kept(self, model: str) -> float:
        """Return the accuracy at `CLAIMED`, over that of unvaried images."""
        variation, level = CLAIMED
        return self.accuracy(model, variation, level) / self.accuracy(model, variation, 0)


@dataclass(frozen=True)
class ControlledVariation:
    """See the README beside this file. `second` maps of the deep network's last stage, `learning` training images of
    the readouts, `images` test images.
    """

    name = "controlled-variation"
    second: int = 300
    learning: int = 10_000
    images: int = 1000

    def train(self, order: Order) -> Path:
        """Train the network and the readouts, and measure.   Errors: MissingData, RunError, StorageFull."""
        return self._tried(order).folder

    def reproduce(self, order: Order) -> Result:
        """See `Recipe.reproduce`. The control is the same readout on pixels."""
        run = self._tried(order)
        metrics = run.facts["metrics"]
        return result_of(run.folder, order, metrics["kept"][TRAINED], metrics["kept"][PIXELS])

    def _tried(self, order: Order) -> Run:
        started = time.perf_counter()
        with experiment(self.name, order, {"settings": settings_of(self)}) as run:
            found = self.measure(order)
            found.table.write(run.folder / "answers.csv")
            kept = {model: found.kept(model) for model in (PIXELS, UNTRAINED, TRAINED)}
            run.update(metrics={"kept": kept, "variation": found.summary.as_json()})
            run.update(metrics={"seconds": time.perf_counter() - started})
        return run

    def measure(self, order: Order) -> Measured:
        """Return what pixels, the untrained and the trained network say to the same images."""
        known = enlarged_digits() if order.quick else mnist(order.data)
        known = known.first(min(self.learning, len(known.train)), min(self.images, len(known.test)))
        train, test = (padded(part, known.shape, CANVAS) for part in (known.train, known.test))
        large = known._replace(train=train, test=test, shape=CANVAS)
        network = self._network(order)
        fresh = self._network(order).begin(train)
        with progress("learning", network.begin(train).rounds_, order.stream) as bar:
            network.fit(train, report=bar)
        models = {PIXELS: Pixels(), UNTRAINED: fresh, TRAINED: network}
        conditions = [*one(KINDS), *together(KINDS)]
        with progress("measuring", len(models) * looks(conditions), order.stream) as bar:
            tables = [_asked(name, model, large, conditions, bar) for name, model in models.items()]
        table = reduce(add, tables)
        return Measured(table, summarise(table, 10))

    def _network(self, order: Order) -> SDNN:
        """Return two stages, of which the second sees 22 x 22 pixels, nearly a whole digit, and is pooled globally."""
        maps, images = (100, (2000, 4000)) if order.quick else (self.second, (3000, 6000))
        encoder = OnOff(threshold=QUICK_THRESHOLD) if order.quick else OnOff()
        first = Convolution(32, (5, 5), 10.0, padding=(2, 2))
        second = Convolution(maps, (9, 9), 25.0, padding=(4, 4))
        stages = (
            Stage("conv1", first, Pooling((2, 2)), RULE, winners=4, radius=2, images=images[0]),
            Stage("conv2", second, Pooling((2, 2)), RULE, winners=4, radius=3, images=images[1]),
        )
        return SDNN(stages, encoder=encoder, features=FinalPotentials(1), image_shape=CANVAS, seed=order.seed)


def _asked(name: str, model: Any, known: ImageSet, conditions: Any, bar: Any) -> Table:
    readout = READOUT.classifier().fit(model.transform(known.train), known.train_labels)
    given = Images(known.test, known.test_labels, CANVAS, 10, Scene(0.0, float(known.train.max())))
    return evaluate(answering(model, readout), given, conditions, name=name, report=bar)


RECIPE = ControlledVariation()
