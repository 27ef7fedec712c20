import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.equations.reset_free import ResetFree, band, halving_taps, leaky_weights, sliding_weights


def test_taps_as_a_matrix() -> None:
    taps = halving_taps(3)
    assert taps.tolist() == [0.25, 0.5, 1.0]
    expected = [[1, 0, 0, 0], [0.5, 1, 0, 0], [0.25, 0.5, 1, 0], [0, 0.25, 0.5, 1]]
    assert sliding_weights(taps, 4).tolist() == expected


def test_a_leaky_neuron_without_reset_is_a_matrix() -> None:
    x, tau = np.random.default_rng(1).normal(size=(20, 5)), 3.0
    v, membranes = np.zeros(5), []
    for step in x:
        v = v + (step - v) / tau
        membranes.append(v)
    np.testing.assert_allclose(leaky_weights(20, tau) @ x, membranes, rtol=1e-12)


def test_bands() -> None:
    assert band(3, 1).tolist() == np.eye(3).tolist()
    assert band(3, 3).tolist() == np.tri(3).tolist()
    assert band(4, 2).sum(axis=1).tolist() == [1, 2, 2, 2]


def test_reaching_is_firing() -> None:
    assert ResetFree().crossing(np.array([-1e-9, 0.0, 1.0])).tolist() == [False, True, True]


def test_a_leak_of_more_than_everything() -> None:
    with pytest.raises(InputError, match="at most all"):
        leaky_weights(4, 0.5)
