"""A finished run as a model again: what it was taught with, and what it learned."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from spikesight.base.errors import InputError
from spikesight.datasets.images import ImageSet
from spikesight.recipes import CATALOGUE
from spikesight.recipes.contract import Order
from spikesight.recipes.going_on import as_begun
from spikesight.runs.folder import Run
from spikesight.runs.plain import plain


class Opened(NamedTuple):
    """The model of a run as it ended, or at its last checkpoint, and the images that it was taught and tested with."""

    run: Run
    model: Any
    images: ImageSet


def opened(folder: Path, data: Path | None = None) -> Opened:
    """Open a run of a recipe that trains on images.

    `data` is the folder with the data sets. A warning says where the model comes as it was at a checkpoint, and where
    the recipe has changed since the run was made: then what it has learned is put into the model as it is made now.
    Errors: RunError where there is no run, or no checkpoint; InputError where the recipe trains no model on images, or
    what was learned does not fit its model any more; MissingData; UnknownName where no such recipe is installed.
    """
    run = Run.open(folder)
    recipe, order = as_begun(CATALOGUE[run.facts["recipe"]], Order(resume=folder, data=data))
    if not (hasattr(recipe, "task") or hasattr(recipe, "plan")):
        raise InputError(f"{folder} is a run of {run.facts['recipe']}, which trains no model on images")
    plan = recipe.task(order) if hasattr(recipe, "task") else recipe.plan(order)
    changed = _changed(run.facts["config"], plain("config", plan.config()))
    if changed:
        warnings.warn(
            f"{run.facts['recipe']} has changed since {folder} was made ({', '.join(changed)}): what it learned is put "
            f"into the model as it is made now. The accuracy that it had is {run.facts['metrics'].get('accuracy')}",
            stacklevel=2,
        )
    snapshot, _ = run.load_weights()
    plan.model.go_on(snapshot, plan.images.train, plan.images.train_labels)
    if run.status() != "finished":
        done = run.facts["progress"]
        told = f"{folder} is {run.status()}: its model is as it was after {done.get('done')} of {done.get('total')}"
        warnings.warn(told, stacklevel=2)
    return Opened(run, plan.model, plan.images)


def _changed(had: Mapping[str, Any], has: Mapping[str, Any]) -> list[str]:
    """Return the names of what differs between two configurations, parameters of the model among them."""
    flat = [{**config, **config.get("parameters", {}), "parameters": None} for config in (had, has)]
    return sorted(name for name in flat[0].keys() | flat[1].keys() if flat[0].get(name) != flat[1].get(name))
