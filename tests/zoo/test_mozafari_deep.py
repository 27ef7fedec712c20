"""Contrasts of three sizes and the two stages: shapes as published, the scale of OFF cells told rather than hidden."""

import numpy as np
import pytest

from spikesight.encoding.contrast import by_peak, difference_of_gaussians
from spikesight.zoo.mozafari_deep import OVERLAPPING, OnOffSizes, stages


@pytest.mark.parametrize(("size", "gain"), [(3, 6.41), (7, 9.78), (13, 9.58)])
def test_dividing_each_kernel_by_its_own_peak_makes_off_cells_louder(size, gain):
    on = difference_of_gaussians(size, size / 9, 2 * size / 9)
    off = by_peak(-on)
    assert off[size // 2, size // 2] == pytest.approx(-gain, abs=0.006)
    np.testing.assert_allclose(off, difference_of_gaussians(size, 2 * size / 9, size / 9), atol=1e-12)


def test_shapes_are_those_of_the_paper():
    latencies = OnOffSizes()(np.random.default_rng(0).integers(0, 256, (2, 28, 28)))
    assert latencies.shape == (6, 28, 28)
    assert latencies.steps == 15
    first, second = stages()
    assert first.shape(latencies.shape) == (30, 14, 14)
    assert second.shape((30, 14, 14)) == (250, 4, 4)
    assert stages(pooling=OVERLAPPING)[1].shape((30, 14, 14)) == (250, 6, 6)
    assert first.fresh(latencies.shape, 0, 0).shape == (30, 6, 5, 5)


def test_with_one_scale_both_signs_need_the_same_contrast():
    step = np.zeros((1, 28, 28))
    step[:, :, 14:] = 200.0
    alike, louder = (OnOffSizes(same_scale=same)(step).fired[0].sum(axis=(1, 2)) for same in (True, False))
    np.testing.assert_array_equal(alike[0::2], louder[0::2])
    assert (alike[1::2] <= louder[1::2]).all()
    assert alike[1::2].sum() < louder[1::2].sum()


def test_an_empty_image_gives_no_spike():
    assert not OnOffSizes()(np.zeros((1, 28, 28), np.uint8)).fired.any()
