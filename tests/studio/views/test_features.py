import numpy as np
import pytest

from spikesight.analysis.deep_features import deep_features
from spikesight.studio.open_run import Empty
from spikesight.studio.query import Query
from spikesight.studio.views import features


def weights(told):
    levels = told["levels"].astype(float)
    return (levels - 128) / 127 * told["top"] if told["signed"] else levels / 255 * told["top"]


def test_the_last_layer_is_drawn_in_the_input_through_all_between(convolutions):
    told = features.answer(convolutions, Query(options={"planes": "sum"}))
    assert (told["layer"], told["inside"], told["through"]) == ("conv2", "input", ["conv1", "pool1", "conv2"])
    expected = deep_features(convolutions.trace, "conv2").features.sum(axis=1)
    assert told["levels"].shape == (6, 8, 8)
    np.testing.assert_allclose(weights(told), expected.clip(0, told["top"]), atol=told["top"] / 254)
    assert (told["each"], told["middle"], told["maps"]) == (9, 4, 6)


def test_on_less_off_has_a_sign(convolutions, convolved):
    told = features.answer(convolutions, Query(layer="conv1"))
    w = convolved.w["input_conv1"]
    assert told["signed"]
    np.testing.assert_allclose(weights(told), (w[:, 0] - w[:, 1]).clip(-told["top"], told["top"]), atol=0.01)


def test_they_are_those_of_the_cursor_and_say_how_long(convolutions):
    now = features.answer(convolutions, Query(at=0.05))
    start, end = now["valid"]
    assert start <= 0.05 < end
    for at in (max(start, 0.0), end - 0.001):
        np.testing.assert_array_equal(features.answer(convolutions, Query(at=at))["levels"], now["levels"])
    assert features.answer(convolutions, Query(at=end))["top"] != now["top"]


def test_of_a_dense_layer_they_are_its_receptive_fields(opened, finished):
    told = features.answer(opened, Query(layer="exc"))
    assert (told["planes"], told["pairs"], told["levels"].shape) == ("sum", False, (finished.units, 8, 8))


def test_why_there_are_none(convolutions, opened, pictures):
    with pytest.raises(Empty, match="No projection leads to input"):
        features.answer(convolutions, Query(layer="input"))
    with pytest.raises(Empty, match="No projection leads to inh"):
        features.answer(opened, Query(layer="inh"))
