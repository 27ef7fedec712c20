import numpy as np

from spikesight.studio.query import Query
from spikesight.studio.views import unit_weights


def test_mean_spread_and_ends_of_the_incoming_weights(opened):
    told = unit_weights.answer(opened, Query(unit=7))
    np.testing.assert_array_equal(told["t"], np.arange(12) * 12.5)
    w = np.stack([opened.trace.weights("input_exc", snapshot)[:, 7] for snapshot in range(12)])
    np.testing.assert_allclose(told["mean"], w.mean(axis=1), rtol=1e-5)
    np.testing.assert_allclose(told["std"], w.std(axis=1), rtol=1e-5)
    np.testing.assert_array_equal(told["low"], w.min(axis=1))
    np.testing.assert_array_equal(told["high"], w.max(axis=1))


def test_the_weights_of_a_unit_of_a_map_are_those_of_its_kernel(convolutions, convolved):
    told = unit_weights.answer(convolutions, Query(projection="input_conv1", unit=200))
    np.testing.assert_allclose(told["mean"][-1], convolved.w["input_conv1"][3].mean(), rtol=1e-3)
