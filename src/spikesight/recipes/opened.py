"""A finished run as a model again: what it was taught with, and what it learned."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any, NamedTuple

from spikesight.base.errors import InputError
from spikesight.datasets.images import ImageSet
from spikesight.recipes import CATALOGUE
from spikesight.recipes.contract import Order
from spikesight.recipes.going_on import as_begun, check_same
from spikesight.runs.folder import Run
from spikesight.runs.plain import plain


class Opened(NamedTuple):
    """The model of a run as it ended, or at its last checkpoint, and the images that it was taught and tested with."""

    run: Run
    model: Any
    images: ImageSet


def opened(folder: Path, data: Path | None = None) -> Opened:
    """Open a run of a recipe that trains on images.

    `data` is the folder with the data sets. A model that comes as it was at a checkpoint says so with a warning.
    Errors: RunError where there is no run, no checkpoint, or the recipe is another by now; InputError where the recipe
    trains no model on images; MissingData; UnknownName where no such recipe is installed.
    """
    run = Run.open(folder)
    recipe, order = as_begun(CATALOGUE[run.facts["recipe"]], Order(resume=folder, data=data))
    if not (hasattr(recipe, "task") or hasattr(recipe, "plan")):
        raise InputError(f"{folder} is a run of {run.facts['recipe']}, which trains no model on images")
    plan = recipe.task(order) if hasattr(recipe, "task") else recipe.plan(order)
    check_same(run, plan.recipe, plain("config", plan.config()))
    snapshot, _ = run.load_weights()
    plan.model.go_on(snapshot, plan.images.train, plan.images.train_labels)
    if run.status() != "finished":
        done = run.facts["progress"]
        told = f"{folder} is {run.status()}: its model is as it was after {done.get('done')} of {done.get('total')}"
        warnings.warn(told, stacklevel=2)
    return Opened(run, plan.model, plan.images)
