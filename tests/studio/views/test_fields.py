import numpy as np
import pytest

from spikesight.base.errors import UnknownName
from spikesight.studio.open_run import Empty
from spikesight.studio.query import Query
from spikesight.studio.views import fields, receptive_fields


def test_they_are_the_receptive_fields(opened):
    told, small = fields.answer(opened, Query(at=100.0)), receptive_fields.answer(opened, Query(at=100.0))
    np.testing.assert_array_equal(told["levels"], small["levels"])
    assert (told["zeros"], told["pruned"]) == (0.0, None)


@pytest.mark.parametrize(("at", "stim"), [(1.0, 10), (5.7, 70)])
def test_pruned_synapses_are_those_that_are_exactly_zero(at, stim, pictures, pictured):
    told = fields.answer(pictures, Query(at=at, options={"pruned": "show", "shape": "384x1"}))
    expected = pictured.weights(stim).T.reshape(20, 384, 1) == 0
    np.testing.assert_array_equal(told["pruned"], expected)
    assert told["zeros"] == pytest.approx(expected.mean())
    assert (told["zeros"] > 0.3) == (stim >= 40)


def test_a_point_is_pruned_where_all_its_channels_are(pictures, pictured):
    told = fields.answer(pictures, Query(at=5.7, options={"pruned": "show"}))
    zero = pictured.weights(70).T.reshape(20, 6, 8, 8) == 0
    np.testing.assert_array_equal(told["pruned"], zero.all(axis=1))
    assert told["zeros"] == pytest.approx(zero.mean())


def test_signed_weights_have_zero_in_the_middle(pictures, pictured):
    told = fields.answer(pictures, Query(at=1.0))
    w = pictured.weights(10).T.reshape(20, 6, 8, 8).sum(axis=1)
    assert told["signed"]
    expected = np.clip(w / told["top"], -1, 1)
    np.testing.assert_allclose((told["levels"] - 128.0) / 127, expected, atol=0.51 / 127 + 1e-3)


@pytest.mark.parametrize(
    ("shape", "reason"),
    [("4", "height x width"), ("4xfour", "height x width"), ("7x7", "64 units"), ("1x2x3x4", "height x width")],
)
def test_a_shape_typed_by_hand_that_does_not_fit(shape, reason, opened):
    with pytest.raises(Empty, match=reason):
        fields.answer(opened, Query(options={"shape": shape}))


def test_a_shape_typed_by_hand(opened, finished):
    told = fields.answer(opened, Query(at=100.0, options={"shape": "4 x 16"}))
    assert told["levels"].shape == (finished.units, 4, 16)


def test_a_projection_that_is_not_there(opened):
    with pytest.raises(UnknownName, match="input_exc"):
        fields.answer(opened, Query(projection="input_ecx"))


def test_the_fields_of_a_convolution_are_its_kernels(convolutions, convolved):
    told = fields.answer(convolutions, Query(projection="pool1_conv2"))
    expected = convolved.w["pool1_conv2"].sum(axis=1)
    np.testing.assert_allclose(told["levels"] / 255 * told["top"], expected.clip(0, told["top"]), atol=0.01)
    assert (told["units"], told["each"], told["middle"]) == (6, 9, 4)
    assert told["class_of_unit"].shape == (6,)


def test_a_pooling_has_no_fields(convolutions):
    with pytest.raises(Empty, match="has no weights"):
        fields.answer(convolutions, Query(projection="conv1_pool1"))
