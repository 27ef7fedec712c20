"""Wiring by distance: positions, tori, kernels, chances."""

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.base.randomness import generator
from spikesight.circuits import distance
from spikesight.circuits.distance import Difference, Disc, Exponential, Gaussian, by_distance, grid, lateral


def matrix(made):
    w = np.zeros((len(made.wiring.starts) - 1, made.wiring.n_post))
    w[made.wiring.rows, made.wiring.targets] = made.w
    return w


@pytest.mark.parametrize("kernel", [Gaussian(1.5, 2.0), Exponential(2.0, 0.5), Disc(2.0)])
def test_weights_are_the_kernel_at_the_distance(kernel):
    pre, post = grid((4, 5)), grid((3, 3)) + 0.5
    apart = np.linalg.norm(pre[:, None] - post[None], axis=2)
    expected = kernel(apart)
    np.testing.assert_allclose(matrix(by_distance(pre, post, kernel)), np.where(expected >= 1e-3, expected, 0.0))


def test_kernels_at_known_places():
    at = np.array([0.0, 2.0])
    np.testing.assert_allclose(Gaussian(2.0, 3.0)(at), [3.0, 3.0 * np.exp(-0.5)])
    np.testing.assert_allclose(Exponential(2.0, 3.0)(at), [3.0, 3.0 / np.e])
    np.testing.assert_allclose(Disc(2.0)(np.array([2.0, 2.1])), [1.0, 0.0])


def test_a_torus_has_no_edge_and_none_is_joined_to_itself():
    hat = matrix(lateral((6, 8), Difference(Gaussian(1.0), Gaussian(2.0, 0.5)), periodic=True))
    np.testing.assert_array_equal(np.diag(hat), 0.0)
    np.testing.assert_allclose(hat, hat.T)
    np.testing.assert_allclose(hat.sum(axis=1), hat.sum(axis=1)[0])
    assert hat[0, 7] == pytest.approx(hat[0, 1])
    assert hat[0, 1] > 0 > hat[0, 3]


def test_in_pieces_it_is_the_same(monkeypatch):
    at = grid((5, 6))
    whole = by_distance(at, at, Gaussian(1.0), to_itself=False)
    monkeypatch.setattr(distance, "PAIRS_AT_ONCE", 100)
    pieces = by_distance(at, at, Gaussian(1.0), to_itself=False)
    np.testing.assert_array_equal(matrix(whole), matrix(pieces))


def test_a_kernel_may_be_the_chance_of_a_synapse():
    pre, post = np.zeros((200, 1)), np.repeat([[1.0], [3.0]], 200, axis=0)
    w = matrix(by_distance(pre, post, Exponential(2.0, 0.8), random=generator(0, "wiring")))
    for half, far in ((w[:, :200], 1.0), (w[:, 200:], 3.0)):
        chance = 0.8 * np.exp(-far / 2)
        assert abs(half.mean() - chance) < 4 * np.sqrt(chance * (1 - chance)) / 200
    assert set(np.unique(w)) == {0.0, 1.0}


def test_what_cannot_be_wired_is_refused():
    with pytest.raises(InputError, match="dimensions"):
        by_distance(grid((3,)), grid((3, 3)), Disc(1.0))
    with pytest.raises(InputError, match="chances"):
        by_distance(grid((3,)), grid((3,)), Disc(1.0, 2.0), random=generator(0, "wiring"))


def test_no_neurons_are_joined_to_nobody():
    nobody = np.zeros((0, 2))
    for pre, post in ((nobody, grid((2, 2))), (grid((2, 2)), nobody)):
        made = by_distance(pre, post, Disc(1.0))
        assert len(made.w) == 0
        assert (len(made.wiring.starts) - 1, made.wiring.n_post) == (len(pre), len(post))


def test_positions_and_periods_are_places_and_lengths():
    at = grid((2, 2))
    with pytest.raises(InputError, match="NaN"):
        by_distance(np.where(at > 0, np.nan, at), at, Disc(1.0))
    with pytest.raises(InputError, match="period"):
        by_distance(at, at, Disc(1.0), period=(2.0, 0.0))


@pytest.mark.parametrize("kernel", [Gaussian, Exponential])
def test_a_kernel_has_a_width(kernel):
    with pytest.raises(InputError, match=r"above 0, got 0\.0"):
        kernel(0.0)
