import pytest

from spikesight.base.errors import UnknownName
from spikesight.studio.open_run import Empty
from spikesight.studio.pictures import channels_of, picture_layer
from spikesight.studio.query import Query
from spikesight.trace.schema import Layer


@pytest.mark.parametrize(
    ("shape", "expected"), [((8, 9), (1, 8, 9)), ((2, 8, 9), (2, 8, 9)), ((72,), None), ((2, 2, 3, 4), None)]
)
def test_two_sides_are_one_channel_and_three_have_channels(shape, expected):
    assert channels_of(Layer("one", shape)) == expected


def test_the_last_picture_where_none_is_named(opened):
    layer, shape = picture_layer(opened, Query())
    assert (layer.name, shape) == ("input", (1, 8, 8))


def test_a_row_of_units_says_which_populations_are_pictures(opened):
    with pytest.raises(Empty, match=r"exc has no height and width: its units lie in a row\. Those that have: input"):
        picture_layer(opened, Query(layer="exc"))
    with pytest.raises(UnknownName):
        picture_layer(opened, Query(layer="nobody"))
