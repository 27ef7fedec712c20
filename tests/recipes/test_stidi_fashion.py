"""The recipe: what it teaches. Its quick version is that of `stidi-mnist`, mirrored digits and all."""

from dataclasses import replace

from spikesight.estimators.augmentation import Both, Mirrored, Shifted
from spikesight.recipes.contract import Order, claim
from spikesight.recipes.stidi_fashion.recipe import PUBLISHED, RECIPE


def test_images_are_mirrored_and_moved():
    model = replace(RECIPE, shift=2).task(Order(quick=True)).model
    assert model.augmentation == Both(Mirrored(), Shifted(2))


def test_the_claim_is_the_papers():
    assert claim(RECIPE.name).published == PUBLISHED
