import numpy as np
import pytest

from spikesight.studio.query import Query
from spikesight.studio.views import network
from spikesight.trace.schema import Header, Layer, Projection


def test_layers_and_synapses(opened, finished):
    told = network.answer(opened, Query())
    layers = {layer["name"]: layer for layer in told["layers"]}
    assert [layers[name]["column"] for name in ("input", "exc", "inh")] == [0, 1, 2]
    assert layers["exc"]["spikes"] == len(finished.spikes("exc"))
    assert layers["exc"]["hz"] == pytest.approx(len(finished.spikes("exc")) / finished.units / 150)
    assert told["apart"] == ["inh"]
    (projection,) = told["projections"]
    assert (projection["synapses"], projection["recorded"]) == (64 * finished.units, True)


def test_the_picture_is_of_the_spikes_in_the_window(opened, finished):
    told = network.answer(opened, Query(t0=10, t1=60))
    (layer,) = [one for one in told["layers"] if one["name"] == "input"]
    spikes = finished.spikes("input")
    here = spikes[(spikes[:, 0] >= 20_000) & (spikes[:, 0] < 120_000)]
    counts = np.bincount(here[:, 1], minlength=64).reshape(8, 8)
    np.testing.assert_allclose(layer["levels"], np.minimum(counts / layer["top"], 1) * 255, atol=0.51)
    assert layer["active"] == (counts > 0).sum()


def columns(*projections):
    names = sorted({end for pair in projections for end in pair} | {"z"})
    layers = tuple(Layer(name, (2,)) for name in names)
    made = tuple(Projection(f"p{k}", pre, post, (2, 2), 2.0) for k, (pre, post) in enumerate(projections))
    return network._columns(Header("r", 1, layers, made, "d", "s", "0", 0))


def test_columns_count_projections_from_the_input():
    assert columns("ab", "bc", "ac", "cd") == {"a": 0, "b": 1, "c": 1, "d": 2, "z": 3}


def test_a_layer_on_its_own_that_is_listed_first_comes_first():
    layers = (Layer("a", (2,)), Layer("b", (2,)), Layer("c", (2,)))
    header = Header("r", 1, layers, (Projection("p", "b", "c", (2, 2), 2.0),), "d", "s", "0", 0)
    assert network._columns(header) == {"a": 0, "b": 1, "c": 2}


def test_loops_end():
    assert columns("ab", "ba", "bb") == {"a": 0, "b": 1, "z": 2}


@pytest.mark.parametrize(
    ("shape", "picture"),
    [((3, 4), (3, 4)), ((4, 5, 6), (10, 12)), ((3, 2, 2), (4, 4)), ((250,), (16, 16)), ((5,), (2, 3))],
)
def test_units_lie_as_their_shape_says(shape, picture):
    counts = np.arange(1, np.prod(shape) + 1)
    lying = network._lying(counts, shape)
    assert lying.shape == picture
    assert lying.sum() == counts.sum()
    if len(shape) == 3:
        np.testing.assert_array_equal(lying[: shape[1], shape[2] : 2 * shape[2]], counts.reshape(shape)[1])


def test_large_pictures_are_means():
    small = network._small(np.ones((300, 100)))
    assert max(small.shape) <= network.MOST_SIDE
    assert small[0, 0] == 1
