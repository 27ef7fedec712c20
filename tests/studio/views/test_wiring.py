import numpy as np
import pytest

from spikesight.studio.query import Query
from spikesight.studio.views import wiring


@pytest.mark.parametrize(("at", "stim"), [(-1.0, 0), (1.0, 10), (5.7, 70)])
def test_facts_at_the_cursor(at, stim, pictures, pictured):
    told = wiring.answer(pictures, Query(at=at))
    there = pictured.weights(stim) != 0
    assert told["shape"] == [384, 20]
    assert told["wired"] == 20.0
    for name, axis in (("fan_in", 0), ("fan_out", 1)):
        counts = there.sum(axis=axis)
        assert told[name] == pytest.approx([counts.min(), counts.mean(), counts.max()])
    assert told["histogram"].sum() == 384 * 20
    assert told["mean"] == pytest.approx(pictured.weights(stim).mean(), abs=1e-4)
    assert told["snapshot"] == stim // 10
    assert told["valid"][0] <= max(at, -1e12) < told["valid"][1]


def test_the_histogram_is_the_one_of_the_snapshot(pictures):
    told = wiring.answer(pictures, Query(at=1.0))
    np.testing.assert_array_equal(told["histogram"], pictures.trace.snapshots("conv_out")["histogram"][1])


def test_a_kernel_reaches_as_far_as_its_place_lets_it(convolutions):
    told = wiring.answer(convolutions, Query(projection="pool1_conv2"))
    assert told["fan_in"] == [16, 16, 16]
    assert told["fan_out"] is None
    assert told["units"] == [64, 54]
