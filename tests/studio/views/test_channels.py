import numpy as np

from spikesight.studio.query import Query
from spikesight.studio.views import channels


def test_spikes_per_unit_of_every_channel(pictures, pictured):
    told = channels.answer(pictures, Query(layer="conv", t0=1.0, t1=3.0, bins=50))
    spikes = pictured.spikes("conv")
    first, width = round(told["grid"]["first"] * 1000), round(told["grid"]["width"] * 1000)
    bins = told["counts"].shape[1]
    expected = np.zeros((6, bins))
    for t, unit, _ in spikes:
        if first <= t < first + bins * width:
            expected[unit // 64, (t - first) // width] += 1
    np.testing.assert_allclose(told["counts"], expected / 64, rtol=1e-6)


def test_more_channels_than_rows_are_put_together(pictures):
    told = channels.answer(pictures, Query(layer="conv", rows=3))
    assert told["counts"].shape[0] == 3
    assert told["channels"] == 6
    assert told["spikes"] == len(pictures.trace.spikes("conv").t)
