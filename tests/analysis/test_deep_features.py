from __future__ import annotations

import numpy as np
import pytest

from spikesight.analysis.deep_features import Floor, chain, deep_features, project, receptive_field
from spikesight.base.errors import InputError
from spikesight.trace.kernel import Kernel
from spikesight.trace.reader import Trace
from spikesight.trace.schema import Header, Layer, Projection
from spikesight.trace.writer import TraceWriter


def pool(size: int, stride: int) -> Kernel:
    return Kernel(1, size, size, (stride, stride), pools=True)


def conv(size: int, maps: int = 1) -> Kernel:
    return Kernel(maps, size, size)


def test_what_a_unit_reaches_on_every_floor() -> None:
    assert [rows for rows, _ in receptive_field([conv(5), pool(2, 2), conv(2)])] == [2, 4, 8]
    deep = [conv(5), pool(2, 2), conv(3), pool(3, 3), conv(5)]
    assert [rows for rows, _ in receptive_field(deep)] == [5, 15, 17, 34, 38]


def test_a_feature_is_as_large_as_what_the_unit_reaches() -> None:
    deep = [conv(5), pool(2, 2), conv(3), pool(3, 3), conv(5)]
    floors = [Floor(kernel, None if kernel.pools else np.ones((1, *kernel.shape))) for kernel in deep]
    assert project(floors, 1).shape == (1, 1, 38, 38)


def test_on_the_first_floor_features_are_kernels() -> None:
    w = np.random.default_rng(0).random((3, 2, 4, 5)).astype(np.float32)
    np.testing.assert_array_equal(project([Floor(Kernel(2, 4, 5), w)], 2), w)


def test_each_tap_adds_the_strongest_feature_below_at_its_place() -> None:
    below = np.array([[[[1.0, 0.0]]], [[[0.0, 2.0]]]], np.float32)  # two maps of 1 x 2
    above = np.array([[[[1.0, 3.0]], [[2.0, 0.5]]]], np.float32)  # one map from both, 1 x 2
    floors = [Floor(Kernel(1, 1, 2), below), Floor(pool(1, 2), None), Floor(Kernel(2, 1, 2), above)]
    # First tap: max(1 [1 0], 2 [0 2]) = [1 4]; the second, two pixels on: max(3 [1 0], 0.5 [0 2]) = [3 1].
    np.testing.assert_array_equal(project(floors, 1), [[[[1, 4, 3, 1]]]])


def test_a_pooling_puts_the_feature_into_its_middle() -> None:
    w = np.ones((1, 1, 1, 1), np.float32)
    np.testing.assert_array_equal(
        project([Floor(conv(1), w), Floor(pool(3, 3), None)], 1)[0, 0], np.eye(3)[[0, 1, 0]] * [[0, 1, 0]]
    )


def test_below_zero_is_nothing_and_maps_can_be_chosen() -> None:
    w = np.array([[[[1.0]]], [[[-1.0]]]])
    floors = [Floor(conv(1), w)]
    assert project(floors, 1).ravel().tolist() == [1, 0]
    assert project(floors, 1, [1]).ravel().tolist() == [0]


def test_weights_that_do_not_fit() -> None:
    with pytest.raises(InputError, match="from 2 maps do not fit 1 maps below"):
        project([Floor(Kernel(2, 1, 1), np.ones((1, 2, 1, 1)))], 1)


LAYERS = (Layer("input", (2, 6, 6)), Layer("conv", (3, 4, 4)), Layer("pool", (3, 2, 2)), Layer("out", (5,)))
PROJECTIONS = (
    Projection.convolution("input_conv", LAYERS[0], LAYERS[1], (3, 3)),
    Projection.pooling("conv_pool", LAYERS[1], LAYERS[2], (2, 2), (2, 2)),
    Projection("pool_out", "pool", "out", (12, 5), 5),
)


@pytest.fixture
def trace(tmp_path):
    header = Header("r", 1_000_000_000, LAYERS, PROJECTIONS)
    random = np.random.default_rng(1)
    with TraceWriter.create(tmp_path / "trace", header) as writer:
        for t in (0, 10):
            writer.weights("input_conv", t, 0, random.integers(0, 9, (3, 2, 3, 3)))
        for t in (0, 20):
            writer.weights("pool_out", t, 0, random.integers(0, 9, (12, 5)))
    with Trace.open(tmp_path / "trace") as opened:
        yield opened


def test_features_of_a_recorded_network(trace) -> None:
    assert [one.name for one in chain(trace.header, "out")] == ["input_conv", "conv_pool", "pool_out"]
    found = deep_features(trace, "out", t=12.0)
    kernels = trace.weights("input_conv", 1).T.reshape(3, 2, 3, 3)
    dense = trace.weights("pool_out", 0).T.reshape(5, 3, 2, 2)
    expected = np.zeros((5, 2, 6, 6), np.float32)
    for row in range(2):
        for column in range(2):
            strongest = (dense[:, :, row, column][:, :, None, None, None] * kernels).max(axis=1)
            # Of the 4 x 4 pixels under each unit of the pooling, the kernel covers the first 3 x 3.
            expected[:, :, 2 * row : 2 * row + 3, 2 * column : 2 * column + 3] += strongest
    np.testing.assert_array_equal(found.features, expected)
    assert (found.inside, found.signed, found.t, found.valid) == ("input", False, 10.0, (10.0, 20.0))


def test_features_of_some_maps_and_of_a_pooling(trace) -> None:
    some = deep_features(trace, "out", maps=[3, 1])
    np.testing.assert_array_equal(some.features, deep_features(trace, "out").features[[3, 1]])
    assert some.maps.tolist() == [3, 1]
    pooled, plain = deep_features(trace, "pool").features, deep_features(trace, "conv").features
    assert pooled.shape == (3, 2, 4, 4)
    np.testing.assert_array_equal(pooled[:, :, :3, :3], plain)


def test_the_input_has_no_features(trace) -> None:
    with pytest.raises(InputError, match="no projection leads to 'input'"):
        deep_features(trace, "input")


def test_weights_with_a_sign_are_taken_together(tmp_path) -> None:
    layers = (Layer("input", (2, 3)), Layer("hidden", (4,)), Layer("out", (2,)))
    ways = (Projection("a", "input", "hidden", (6, 4), 4), Projection("b", "hidden", "out", (4, 2), 2))
    random = np.random.default_rng(2)
    with TraceWriter.create(tmp_path / "trace", Header("r", 1, layers, ways)) as writer:
        first, second = (random.integers(-3, 4, way.shape) for way in ways)
        writer.weights("a", 0, 0, first)
        writer.weights("b", 0, 0, second)
    with Trace.open(tmp_path / "trace") as opened:
        found = deep_features(opened, "out")
    assert found.signed
    np.testing.assert_array_equal(found.features.reshape(2, 6), (first @ second).T)
