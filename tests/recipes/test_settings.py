"""Settings of a recipe by name."""

from dataclasses import dataclass

import pytest

from spikesight.base.errors import InputError, UnknownName
from spikesight.recipes.settings import adjusted, settings_of


@dataclass(frozen=True)
class Baking:
    name = "bread"
    minutes: int = 40
    heat: float = 220.0


def test_words_are_read_as_the_type_of_the_field():
    assert adjusted(Baking(), {"minutes": "50", "heat": "2e2"}) == Baking(50, 200.0)


def test_what_a_recipe_says_of_itself_makes_it_again():
    changed = Baking(minutes=7, heat=180.5)
    assert adjusted(Baking(), settings_of(changed)) == changed


def test_an_unknown_setting_offers_the_nearest():
    with pytest.raises(UnknownName, match="Did you mean minutes"):
        adjusted(Baking(), {"minuts": "5"})


def test_a_value_of_another_type_is_refused():
    with pytest.raises(InputError, match="'minutes' takes a value of type int, got 'long'"):
        adjusted(Baking(), {"minutes": "long"})


def test_the_name_is_not_a_setting():
    with pytest.raises(UnknownName):
        adjusted(Baking(), {"name": "cake"})
