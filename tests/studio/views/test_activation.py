import numpy as np
import pytest

from spikesight.analysis.activation_map import activation_map
from spikesight.base.errors import UnknownName
from spikesight.studio.open_run import Empty
from spikesight.studio.query import Query
from spikesight.studio.views import activation

WINDOW = (100.0, 100.5)


def test_the_map_is_that_of_the_stimulus_at_the_cursor(opened):
    told = activation.answer(opened, Query(at=100.2))
    whole = activation_map(opened.trace, "exc", WINDOW, bins=activation.PARTS).whole
    np.testing.assert_allclose(told["map"], np.minimum(whole / told["top"], 1) * 255, atol=0.51)
    assert told["map"].any()
    assert told["parts"].shape == (8, 8, 8)
    assert told["valid"] == pytest.approx([100.0, 100.5])


@pytest.mark.parametrize("chosen", activation.CONTROLS)
def test_the_control_that_is_asked_for_lies_beside_it_on_one_scale(opened, chosen):
    told = activation.answer(opened, Query(at=100.2, options={"control": chosen}))
    found = activation_map(opened.trace, "exc", WINDOW, bins=activation.PARTS)
    control = getattr(found, chosen)[0]
    np.testing.assert_allclose(told["control"], np.minimum(control / told["top"], 1) * 255, atol=0.51)
    assert told["like"]["others"] == pytest.approx(found.like_others.mean())
    assert told["like"]["elsewhen"] == pytest.approx(found.like_elsewhen.mean())


def test_a_layer_that_is_a_picture_shows_itself(opened, finished):
    told = activation.answer(opened, Query(at=100.2, layer="input"))
    spikes = finished.spikes("input")
    twice = np.bincount(spikes[spikes[:, 2] == 200][:, 1], minlength=64).reshape(8, 8) > 1
    assert (told["map"] > 0).sum() <= twice.sum(), "a single spike follows none"
    assert told["map"].any()


def test_a_population_without_a_picture_says_so(opened):
    with pytest.raises(Empty, match="'inh' is no picture"):
        activation.answer(opened, Query(at=100.2, layer="inh"))


def test_without_spikes_nothing_is_compared(opened, finished):
    silent = next(stim for stim in range(1, 300) if stim % finished.every_input)
    told = activation.answer(opened, Query(at=silent * 0.5 + 0.2, layer="input"))
    assert not told["map"].any()
    assert told["like"] == {"others": None, "elsewhen": None}


def test_an_unknown_control(opened):
    with pytest.raises(UnknownName, match="elsewhen"):
        activation.answer(opened, Query(at=100.2, options={"control": "else"}))
