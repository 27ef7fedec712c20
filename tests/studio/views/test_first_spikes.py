import numpy as np
import pytest
from made_up_maps import EVERY

from spikesight.studio.query import Query
from spikesight.studio.views import first_spikes


@pytest.mark.parametrize("layer", ["input", "conv"])
def test_the_first_spike_of_every_unit(layer, pictures, pictured):
    told = first_spikes.answer(pictures, Query(layer=layer, at=3.21))
    spikes = pictured.spikes(layer)
    own = spikes[spikes[:, 2] == 40]
    expected = np.full(pictures.layer(layer).size, np.nan)
    for t, unit, _ in own[::-1]:
        expected[unit] = (t - 40 * EVERY) / 1000
    for t, unit, _ in own:
        assert expected[unit] <= (t - 40 * EVERY) / 1000
    np.testing.assert_allclose(told["latency"].ravel(), expected, atol=1e-7)
    assert told["spiked"] == np.isfinite(expected).sum()
    assert (told["first"], told["last"]) == pytest.approx((np.nanmin(expected), np.nanmax(expected)))


def test_nobody_spikes_in_a_silent_stretch(pictures):
    told = first_spikes.answer(pictures, Query(layer="conv", at=-3.0))
    assert told["words"] == "stimulus 0"
    assert told["spiked"] > 0
