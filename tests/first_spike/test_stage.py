"""Stages: what they refuse, and that one map fires at each place."""

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.encoding.latencies import Latencies
from spikesight.first_spike.convolution import Convolution
from spikesight.first_spike.pooling import Pooling
from spikesight.first_spike.stage import Stage

LATENCIES = Latencies(np.random.default_rng(0).integers(0, 7, (5, 2, 9, 9)), 6)


@pytest.mark.parametrize(("crowded", "most"), [(False, 1), (True, 4)])
def test_maps_that_fire_at_a_place(crowded, most):
    stage = Stage("one", Convolution(4, (3, 3), 2.0), crowded=crowded)
    fired = stage.fire(stage.fresh(LATENCIES.shape, 0, 0), LATENCIES).latencies.fired
    assert fired.sum(axis=1).max() == most


def test_pooling_is_behind_the_convolution():
    stage = Stage("one", Convolution(4, (3, 3), 2.0), Pooling((2, 2)))
    fired = stage.fire(stage.fresh(LATENCIES.shape, 0, 0), LATENCIES).latencies
    assert stage.shape(LATENCIES.shape) == (4, 3, 3) == stage.pooled(fired).shape
    assert Stage("two", stage.convolution).pooled(fired) is fired


@pytest.mark.parametrize(
    "changes", [{"images": 0}, {"winners": 5}, {"winners": 0}, {"radius": -1}, {"spread": -1.0}, {"mean": np.nan}]
)
def test_refused(changes):
    with pytest.raises(InputError):
        Stage("one", Convolution(4, (3, 3), 2.0), **changes)
