"""ON and OFF cells as first spikes."""

import numpy as np
import pytest
from sklearn.base import clone

from spikesight.base.errors import InputError
from spikesight.encoding.on_off import OnOff
from spikesight.encoding.rank import EqualCount

DOT = np.zeros((1, 21, 21), np.uint8)
DOT[0, 10, 10] = 200


def test_a_bright_dot_fires_first_in_its_middle_and_its_ring_is_off():
    seen = OnOff(radius=None, threshold=10.0)(DOT)
    assert seen.times.shape == (1, 2, 21, 21)
    assert seen.steps == 15
    assert seen.times[0, 0, 10, 10] == 0
    assert not seen.fired[0, 1, 10, 10]
    assert seen.fired[0, 1, 7, 10]


def test_a_negative_image_swaps_on_and_off():
    here, there = OnOff(radius=None)(DOT), OnOff(radius=None)(200 - DOT)
    np.testing.assert_array_equal(here.times, there.times[:, ::-1])


def test_the_gain_of_the_off_cells_makes_more_of_them_fire():
    few, many = (OnOff(off_gain=gain, radius=None)(DOT).fired.sum(axis=(0, 2, 3)) for gain in (1.0, 7.898))
    assert few[0] == many[0]
    assert few[1] < many[1]


def test_an_image_without_contrast_never_fires():
    assert not OnOff()(np.full((2, 28, 28), 137, np.uint8)).fired.any()


def test_on_cells_alone():
    np.testing.assert_array_equal(OnOff(off=False, radius=None)(DOT).fired[:, 0], OnOff(radius=None)(DOT).fired[:, 0])


def test_spikes_are_spread_over_the_steps_equally():
    image = np.random.default_rng(0).integers(0, 256, (1, 28, 28))
    times = OnOff(coding=EqualCount(10), threshold=0.0)(image).times
    counts = np.bincount(times[times < 10], minlength=10)
    assert counts.max() - counts.min() <= 1


def test_is_a_parameter_that_compares_and_prints():
    assert OnOff(threshold=3.0) == OnOff(threshold=3.0) != OnOff()
    assert clone(OnOff(), safe=False) == OnOff()
    assert "threshold=3.0" in repr(OnOff(threshold=3.0))


def test_nan_is_refused():
    with pytest.raises(InputError):
        OnOff()(np.full((1, 9, 9), np.nan))
