"""The published deep networks fit the images they are for."""

import numpy as np
import pytest

from spikesight.zoo import kheradpisheh


@pytest.mark.parametrize(
    ("stages", "shape", "fired", "behind"),
    [
        (kheradpisheh.digits(), (2, 28, 28), [(32, 28, 28), (150, 16, 16)], [(32, 15, 15), (150, 9, 9)]),
        (kheradpisheh.objects(), (2, 64, 64), [(16, 64, 64), (200, 21, 21)], [(16, 21, 21), (200, 10, 10)]),
        (
            kheradpisheh.pictures(),
            (2, 80, 125),
            [(4, 80, 125), (20, 18, 33), (20, 6, 11)],
            [(4, 26, 41), (20, 6, 11), (20, 6, 11)],
        ),
    ],
)
def test_shapes(stages, shape, fired, behind):
    for number, stage in enumerate(stages):
        assert stage.convolution.shape(shape) == fired[number]
        assert stage.fresh(shape, 0, number).shape == (stage.convolution.maps, shape[0], *stage.convolution.kernel)
        shape = stage.shape(shape)
        assert shape == behind[number]


def test_rates_are_the_published_ones():
    assert kheradpisheh.RULE.rates(1) == pytest.approx((0.004, -0.003))
    assert kheradpisheh.RULE.rates(10**6) == pytest.approx((0.15, -0.1125))


def test_fresh_weights_are_drawn_for_each_stage_and_seed_of_its_own():
    first, second = kheradpisheh.digits(8, 8)
    w = first.fresh((2, 28, 28), 0, 0)
    assert abs(w.mean() - 0.8) < 0.01
    assert abs(w.std() - 0.05) < 0.01
    np.testing.assert_array_equal(w, first.fresh((2, 28, 28), 0, 0))
    assert not np.array_equal(w, first.fresh((2, 28, 28), 1, 0))
    assert not np.array_equal(w, first.fresh((2, 28, 28), 0, 1))
    assert second.name != first.name
