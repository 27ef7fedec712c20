import numpy as np

from spikesight.studio.query import Query
from spikesight.studio.views import train


def test_few_spikes_are_single(opened, finished):
    told = train.answer(opened, Query(unit=7, t0=20.0, t1=60.0))
    own = finished.spikes("exc")
    ticks = np.sort(own[(own[:, 1] == 7) & (own[:, 0] >= 40_000) & (own[:, 0] < 120_000), 0])
    assert told["spikes"] == len(ticks)
    np.testing.assert_allclose(told["t0"] + told["t"], ticks * 0.0005, atol=1e-5)
    assert told["potential"] is None


def test_many_spikes_are_counted(pictures, pictured):
    told = train.answer(pictures, Query(layer="out", unit=17, bins=100))
    assert told["t"] is None
    assert told["counts"].sum() == told["spikes"] == 80 * 60
    ticks = pictured.spikes("out")
    ticks = ticks[ticks[:, 1] == 17, 0]
    width = round(told["grid"]["width"] / 0.001)
    np.testing.assert_array_equal(told["counts"], np.bincount(ticks // width, minlength=len(told["counts"])))


def test_the_potential_keeps_its_least_and_most(pictures):
    told = train.answer(pictures, Query(layer="out", unit=1, t0=1.0, t1=3.0, bins=50))["potential"]
    found = pictures.trace.values("out", "v", t=(1.0, 3.0), units=[1])
    assert told["variable"] == "v"
    assert told["samples"] == len(found.t) == 1000
    assert told["low"].min() == found.value.min()
    assert told["high"].max() == found.value.max()
    assert len(told["t"]) <= 51
    assert (told["low"] <= told["high"]).all()


def test_a_unit_without_samples_has_no_potential(pictures):
    assert train.answer(pictures, Query(layer="out", unit=5))["potential"] is None
