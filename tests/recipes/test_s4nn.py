"""The recipes of S4NN and BS4NN: what they teach, and that their quick versions beat their controls."""

from dataclasses import replace
from io import StringIO

import pytest

from spikesight.base.errors import InputError, UnknownName
from spikesight.estimators.augmentation import AsTheyAre, Shifted
from spikesight.estimators.bs4nn import BS4NN
from spikesight.estimators.s4nn import S4NN
from spikesight.first_spike.learning.bs4nn import BS4NNRule
from spikesight.first_spike.learning.moment import MomentRule
from spikesight.first_spike.learning.s4nn import S4NNRule
from spikesight.recipes import CATALOGUE
from spikesight.recipes.contract import Order

NAMES = ["bs4nn-fashion", "bs4nn-mnist", "s4nn-faces-motorbikes", "s4nn-fashion", "s4nn-mnist"]
LEAST = {"s4nn-faces-motorbikes": 0.98, "bs4nn-fashion": 0.75}
"""Noughts and ones are easier than ten digits; eight passes over a few digits are not many for one-bit weights."""


@pytest.mark.parametrize("name", NAMES)
def test_the_quick_version_beats_random_hidden_weights(name, tmp_path):
    result = CATALOGUE[name].reproduce(Order(quick=True, runs=tmp_path, stream=StringIO()))
    assert result.published is None
    assert result.value > LEAST.get(name, 0.85)
    assert result.value > result.control
    assert result.images_per_second > 0


@pytest.mark.parametrize("name", NAMES)
def test_settings_reach_the_model(name):
    binary = name.startswith("b")
    changed = replace(CATALOGUE[name], passes=3, shift=0).task(Order(quick=True, seed=4)).model
    assert isinstance(changed, BS4NN if binary else S4NN)
    assert (changed.passes, changed.seed, changed.augmentation) == (3, 4, AsTheyAre())
    assert replace(CATALOGUE[name], shift=2).task(Order(quick=True)).model.augmentation == Shifted(2)
    assert isinstance(CATALOGUE[name].task(Order(quick=True)).model.rule, MomentRule)


@pytest.mark.parametrize("name", NAMES)
def test_no_neurons_are_refused(name):
    task = replace(CATALOGUE[name], hidden=0).task(Order(quick=True))
    with pytest.raises(InputError, match="hidden"):
        task.model.begin(task.images.train, task.images.train_labels)


@pytest.mark.parametrize("name", NAMES)
def test_the_published_rule_is_that_of_the_authors(name):
    model = replace(CATALOGUE[name], rule="published").task(Order(quick=True)).model
    assert model.rule == (BS4NNRule() if name.startswith("b") else S4NNRule())
    assert model.averaging is None
    with pytest.raises(UnknownName, match="published"):
        replace(CATALOGUE[name], rule="publisht").task(Order(quick=True))
