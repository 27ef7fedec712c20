import numpy as np
import pytest

from spikesight.first_spike import exponential, two_volleys
from spikesight.first_spike.learning.mostafa import pull
from spikesight.first_spike.two_volleys import volleys


def case(items=7, n_pre=50, n_post=9, share=0.2):
    rng = np.random.default_rng(2)
    early = rng.random((items, n_pre)) < share
    return early, rng.integers(-8, 12, (n_pre, n_post)) / 16.0


@pytest.mark.parametrize("share", [0.0, 0.05, 0.2, 0.6, 1.0])
def test_spikes_are_those_of_inputs_in_the_order_of_their_times(share):
    early, w = case(share=share)
    inputs = volleys(early, 1.0, 6.0)
    expected = exponential.crossings(inputs.z(np.float64), w, 1.0)
    found = two_volleys.crossings(inputs, w, 1.0)
    np.testing.assert_array_equal(found.z, expected.z)
    if share < 1:  # where all come early, the late volley is empty
        both = (expected.causes == early.shape[1])[found.excess > 0]
        np.testing.assert_array_equal(found.both[found.excess > 0], both)


def test_both_kinds_of_causes_and_silence_occur_in_the_test_above():
    found = two_volleys.crossings(volleys(*case()[:1], 1.0, 6.0), case()[1] - 0.1, 1.0)
    assert np.isinf(found.z).any()
    assert found.both.any()
    assert (np.isfinite(found.z) & ~found.both).any()


@pytest.mark.parametrize("share", [0.0, 0.2, 1.0])
def test_slopes_are_those_of_inputs_in_the_order_of_their_times(share):
    early, w = case(share=share)
    inputs = volleys(early, 1.0, 6.0)
    blame = np.random.default_rng(4).normal(0, 1, (len(early), w.shape[1]))
    z = inputs.z(np.float64)
    expected = pull(blame, z, w, exponential.crossings(z, w, 1.0)).to_w
    found = two_volleys.pull_weights(inputs, two_volleys.crossings(inputs, w, 1.0), blame)
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_the_number_of_cores_changes_nothing(monkeypatch):
    early, w = case(items=31)
    inputs, w = volleys(early, 1.0, 6.0), w.astype("f4") / 3
    blame = np.random.default_rng(4).normal(0, 1, (len(early), w.shape[1])).astype("f4")
    answers = []
    for cores in (1, 2, 3):
        monkeypatch.setattr("spikesight.base.spread.usable_cores", lambda cores=cores: cores)
        found = two_volleys.crossings(inputs, w, 1.0)
        answers.append((found.z, two_volleys.pull_weights(inputs, found, blame)))
    for z, to_w in answers[1:]:
        np.testing.assert_array_equal(z, answers[0][0])
        np.testing.assert_array_equal(to_w, answers[0][1])


def test_inputs_are_told_again():
    early, _ = case()
    np.testing.assert_array_equal(volleys(early, 1.0, 6.0).z(np.float32), np.where(early, 1, 6).astype("f4"))
