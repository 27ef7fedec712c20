import numpy as np
from made_up_maps import BURSTING, DEAD, EVERY, SATURATED, SILENT

from spikesight.studio.query import Query
from spikesight.studio.views import health


def in_state(told, name):
    return np.flatnonzero(told["states"][told["names"].index(name)])


def test_every_sick_neuron_is_found(pictures):
    told = health.answer(pictures, Query())
    assert told["layer"] == "out"
    assert in_state(told, "dead").tolist() == [DEAD]
    assert in_state(told, "silent").tolist() == [SILENT]
    assert in_state(told, "saturated").tolist() == [SATURATED]
    assert {SATURATED, BURSTING} <= set(in_state(told, "answers_everything"))
    assert BURSTING in in_state(told, "bursting")
    assert told["counts"] == told["states"].sum(axis=1).tolist()
    last = 19 * EVERY / 1000  # it spiked during the first 20 of 80 stimuli
    assert last <= told["silent_since"][SILENT] <= last + 2 * np.diff(told["t"])[0]


def test_numbers_are_those_of_the_window(pictures, pictured):
    told = health.answer(pictures, Query(t0=1.0, t1=3.0))
    spikes = pictured.spikes("out")
    own = spikes[(spikes[:, 0] >= 1000) & (spikes[:, 0] < 3000), 1]
    np.testing.assert_array_equal(told["spikes"], np.bincount(own, minlength=20))
    np.testing.assert_allclose(told["hertz"], told["spikes"] / 2.0, rtol=1e-6)


def test_units_without_a_spike_over_time(pictures, pictured):
    told = health.answer(pictures, Query())
    ticks = np.rint(told["t"] * 1000).astype(int)
    spikes = pictured.spikes("out")
    for start, end, quiet in zip(ticks[:-1], ticks[1:], told["quiet"], strict=True):
        own = spikes[(spikes[:, 0] >= start) & (spikes[:, 0] < end), 1]
        assert quiet == 20 - len(np.unique(own))
