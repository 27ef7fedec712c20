"""What the deep network of a run costs for an image."""

from __future__ import annotations

from pathlib import Path

from spikesight.base.errors import InputError
from spikesight.base.joules import FLOAT32, Arithmetic
from spikesight.base.randomness import generator
from spikesight.deep.cost import Report, cost
from spikesight.estimators.deep_classifier import DeepClassifier
from spikesight.recipes.opened import opened


def cost_of_run(
    folder: Path, *, data: Path | None = None, images: int = 100, arithmetic: Arithmetic = FLOAT32
) -> Report:
    """Return the cost of the network of a run for one of its test images, the mean over `images` of them.

    Errors: as `opened`; InputError for images < 1, and where the recipe trains no deep network.
    """
    if images < 1:
        raise InputError(f"at least one image is needed, got {images}")
    run, model, known = opened(folder, data)
    if not isinstance(model, DeepClassifier):
        raise InputError(
            f"{folder} is a run of {run.facts['recipe']}, which trains no deep network: what the spikes of others cost "
            f"is in the panel Cost of the studio (spikesight look {folder})"
        )
    chosen = generator(0, "images for the cost").permutation(len(known.test))[:images]
    return cost(model.net_, model.prepare(known.test[chosen], model.largest_), arithmetic)
