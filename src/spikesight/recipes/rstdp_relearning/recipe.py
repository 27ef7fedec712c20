"""Labels change in the middle of the training: reward-modulated STDP learns the new ones (after Mozafari et al.)."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from spikesight.base.atomic import storage, write_bytes
from spikesight.base.errors import MissingExtra, RunError
from spikesight.datasets.images import ImageSet, mnist
from spikesight.recipes.contract import Order, Result
from spikesight.recipes.diehl_cook_mnist.recipe import enlarged_digits
from spikesight.recipes.going_on import as_begun
from spikesight.recipes.rstdp_mnist.network import coarse, for_digits
from spikesight.recipes.rstdp_relearning.figure import recovery
from spikesight.recipes.rstdp_relearning.relabelled import Relabelled
from spikesight.recipes.settings import settings_of
from spikesight.recipes.training import Task, reproduce, train
from spikesight.runs.folder import Run
from spikesight.trace.reader import Trace


@dataclass(frozen=True)
class RstdpRelearning:
    """See the README beside this file. `passes` over the training images with the old labels, then as many with new
    ones.
    """

    name = "rstdp-relearning"
    passes: int = 8

    def task(self, order: Order) -> Task:
        """Return what is taught to whom. `quick` takes scikit-learn's digits, enlarged, and fewer maps."""
        images = enlarged_digits() if order.quick else mnist(order.data)
        passes = 2 * self.passes if order.quick else self.passes
        make = for_digits if order.quick else coarse
        model = make(2 * passes, 1.0, order.seed)
        return Task(self.name, Relabelled(model, passes, order.seed), images, order.quick, settings_of(self))

    def train(self, order: Order) -> Path:
        """See `Recipe.train`."""
        recipe, order = as_begun(self, order)
        return train(recipe.task(order), order)

    def reproduce(self, order: Order) -> Result:
        """Train, and score by the new labels; the control is the network as it was when they changed.

        Errors: see `Recipe.reproduce`.
        """
        recipe, order = as_begun(self, order)
        result = reproduce(recipe.task(order), order, None, not_retaught, others={"before": before})
        _draw(Run.open(Path(result.run)), order)
        return result


def not_retaught(model: Relabelled, images: ImageSet) -> float:
    """Return the test accuracy by the new labels of what had only seen the old ones."""
    return model.score_at_change(images.test, images.test_labels, new_names=True)


def before(model: Relabelled, images: ImageSet) -> float:
    """Return the test accuracy by the old labels of what had only seen them."""
    return model.score_at_change(images.test, images.test_labels, new_names=False)


def _draw(run: Run, order: Order) -> None:
    """Draw recovery.svg into the run, or say what is missing."""
    with Trace.open(run.folder) as trace:
        accuracy, new_names = trace.scalars("accuracy")[1], trace.scalars("new names")[1]
    figure = run.folder / "recovery.svg"
    try:
        drawn = recovery(accuracy.tolist(), len(accuracy) - int(new_names.sum()))
    except MissingExtra as error:
        print(f"No recovery.svg, the curve is in the trace: {error}", file=order.stream or sys.stderr)
        return
    with storage(run.folder, RunError):
        write_bytes(figure, drawn)
    print(f"Figure: {figure}", file=order.stream or sys.stderr)


RECIPE = RstdpRelearning()
