import numpy as np
import pytest
from made_up_maps import EVERY

from spikesight.studio.query import Query
from spikesight.studio.views import first_spikes


def latencies(spikes, stim, start, tick, units):
    """Seconds from the tick `start` to the first spike of each unit during `stim`."""
    own = spikes[spikes[:, 2] == stim]
    return np.array([min(own[own[:, 1] == unit, 0], default=np.nan) - start for unit in range(units)]) * tick


def test_the_first_of_many_spikes(opened, finished):
    told = first_spikes.answer(opened, Query(layer="input", at=20.2))
    expected = latencies(finished.spikes("input"), 40, 40_000, 0.0005, 64)
    np.testing.assert_allclose(told["latency"].ravel(), expected, atol=1e-7)


@pytest.mark.parametrize("layer", ["input", "conv"])
def test_the_first_spike_of_every_unit(layer, pictures, pictured):
    told = first_spikes.answer(pictures, Query(layer=layer, at=3.21))
    expected = latencies(pictured.spikes(layer), 40, 40 * EVERY, 0.001, pictures.layer(layer).size)
    np.testing.assert_allclose(told["latency"].ravel(), expected, atol=1e-7)
    assert told["spiked"] == np.isfinite(expected).sum()
    assert (told["first"], told["last"]) == pytest.approx((np.nanmin(expected), np.nanmax(expected)))


def test_before_the_first_stimulus_it_is_the_first(pictures):
    told = first_spikes.answer(pictures, Query(layer="conv", at=-3.0))
    assert told["words"] == "stimulus 0"
    assert told["spiked"] > 0
