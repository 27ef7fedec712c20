import numpy as np
import pytest

from spikesight.studio.query import Query
from spikesight.studio.views import input as shown_input
from spikesight.studio.views import stimulus
from spikesight.trace.schema import Layer

TICK = 0.0005


def pixels(finished, start, stop):
    spikes = finished.spikes("input")
    here = spikes[(spikes[:, 0] >= start) & (spikes[:, 0] < stop)]
    return np.bincount(here[:, 1], minlength=64).reshape(8, 8)


def test_the_whole_stimulus(opened, finished):
    told = shown_input.answer(opened, Query(at=100.2))
    frame, counts = told["frame"], pixels(finished, 200_000, 201_000)
    assert frame["spikes"] == counts.sum() > 0
    np.testing.assert_allclose(frame["levels"], np.minimum(counts / frame["top"], 1) * 255, atol=0.51)
    assert told["valid"] == pytest.approx([100.0, 100.5])
    np.testing.assert_array_equal(
        told["picture"]["levels"], stimulus.answer(opened, Query(at=100.2))["picture"]["levels"]
    )


def test_only_the_last_moments_before_the_cursor(opened, finished):
    told = shown_input.answer(opened, Query(at=100.2, options={"ms": "50"}))
    assert (told["frame"]["from"], told["frame"]["to"]) == pytest.approx((100.15, 100.2))
    assert told["frame"]["spikes"] == pixels(finished, 200_300, 200_401).sum()
    assert "valid" not in told, "it moves with the cursor"


def test_where_the_input_was_not_recorded_the_nearest_is_shown(opened):
    told = shown_input.answer(opened, Query(at=100.7))
    assert told["frame"]["spikes"] is None
    assert told["frame"]["note"].startswith("Not recorded")
    assert told["frame"]["levels"].shape == (8, 8)


def test_the_first_spike_of_the_readout(opened, finished):
    spikes = finished.spikes("exc")
    first = spikes[spikes[:, 2] == 200][:, 0].min()
    assert shown_input.answer(opened, Query(at=100.2))["first_spike"] == pytest.approx((first - 200_000) * TICK)


def test_polarities_come_first_or_last():
    counts = np.arange(24)
    first = shown_input.polarities(Layer("a", (2, 3, 4)), counts)
    np.testing.assert_array_equal(first[1], np.arange(12, 24).reshape(3, 4))
    last = shown_input.polarities(Layer("a", (3, 4, 2)), counts)
    np.testing.assert_array_equal(last[1], np.arange(1, 24, 2).reshape(3, 4))
    assert shown_input.polarities(Layer("a", (4, 6)), counts) is None
    assert shown_input.polarities(Layer("a", (3, 2, 4)), counts) is None


def test_channels_that_are_called_on_and_off():
    counts = np.arange(24)
    layer = Layer("a", (4, 2, 3), channels=("on", "off", "on", "off"))
    lying = counts.reshape(4, 2, 3)
    off, on = shown_input.polarities(layer, counts)
    np.testing.assert_array_equal(on, lying[0] + lying[2])
    np.testing.assert_array_equal(off, lying[1] + lying[3])


def test_where_nobody_spikes_twice_the_earlier_is_the_stronger(convolutions, convolved):
    told = shown_input.answer(convolutions, Query(at=0.050))["frame"]
    assert (told["kind"], told["early"]) == ("events", True)
    times = convolved.times["input"][3]
    early = np.where(times < 0, 0.0, 1.0 - times / 15)
    expected = (early / told["top"]).clip(0, 1) * 255
    np.testing.assert_allclose(told["off"], expected[0], atol=0.51)
    np.testing.assert_allclose(told["on"], expected[1], atol=0.51)
