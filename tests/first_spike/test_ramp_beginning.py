"""First weights: as many neurons fire by the deadline as was asked."""

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.base.randomness import generator
from spikesight.first_spike.ramp import Ramp
from spikesight.first_spike.ramp_beginning import Beginning, wake
from spikesight.first_spike.ramp_layers import RampConvolution, RampDense
from spikesight.first_spike.ramp_network import RampNetwork

NETWORK = RampNetwork((RampConvolution(6, 3), RampDense(30), RampDense(5)), Ramp(32), (10, 10, 1), 32)


def times():
    return generator(9, "beginning").integers(0, 24, (50, 10, 10, 1)).astype(np.int32)


def test_a_share_fires_by_the_deadline():
    w = Beginning(fires=0.4, first=0.5, last=0.9).weights(NETWORK, times(), 0)
    layers = NETWORK.fire(NETWORK.laid_out(w), times())
    for crossed, deadline in zip(layers, (16.0, 22.4, 28.8), strict=True):
        assert (crossed.steps <= deadline).mean() == pytest.approx(0.4, abs=0.05)


def test_weights_are_normal_with_a_mean():
    rows = Beginning(mean=2.0).weights(NETWORK, times(), 0)[1]
    assert rows.mean() / rows.std() * np.sqrt(rows.shape[1]) == pytest.approx(2.0, abs=0.3)


def test_the_seed_decides():
    one, same, other = (Beginning().weights(NETWORK, times(), seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(one[0], same[0])
    assert (one[0] != other[0]).all()


def test_shares_that_cannot_be_are_refused():
    with pytest.raises(InputError, match="between 0 and 1"):
        Beginning(fires=1.0)
    with pytest.raises(InputError, match="first deadline before"):
        Beginning(first=0.9, last=0.5)


def test_who_never_fired_is_woken_and_nobody_else():
    rows = generator(9, "asleep").normal(size=(5, 400)).astype(np.float32)
    before = rows.copy()
    wake(rows, np.array([3, 0, 1, 0, 9]), 0.5)
    raised = (rows - before).sum(axis=1)
    np.testing.assert_allclose(raised, [0, 10, 0, 10, 0], rtol=0.1, atol=1e-4)  # half of sqrt(400)
