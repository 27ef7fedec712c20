import numpy as np
import pytest
from made_up_convolution import SILENT, STEPS

from spikesight.studio.query import Query
from spikesight.studio.views import decision


def at(item):
    return (item * STEPS + 3) / 1000


@pytest.mark.parametrize("item", [0, 7, 23])
def test_the_first_spike_of_each_map_the_earliest_first(item, convolutions, convolved):
    told = decision.answer(convolutions, Query(at=at(item)))
    times = convolved.times["conv2"][item].reshape(6, -1)
    times = np.where(times < 0, 99, times).min(axis=1)
    fired = [one for one in np.argsort(times, kind="stable") if times[one] < 99]
    assert [one["map"] for one in told["first"]] == fired or sorted(times[fired]) == [
        pytest.approx(one["after"] * 1000) for one in told["first"]
    ]
    for one in told["first"]:
        assert one["after"] == pytest.approx(times[one["map"]] / 1000)
        row, column = one["place"]
        assert one["unit"] == one["map"] * 9 + row * 3 + column
    assert told["latency"] == pytest.approx(min(one["after"] for one in told["first"]))
    assert (told["label"], told["prediction"]) == (convolved.labels[item], convolved.answers[item])


def test_a_silent_item_has_no_first_spike(convolutions):
    told = decision.answer(convolutions, Query(at=at(SILENT)))
    assert (told["first"], told["latency"], told["prediction"]) == ([], None, -1)


def test_times_of_answers_right_and_wrong(convolutions, convolved):
    told = decision.answer(convolutions, Query())
    timed = np.isfinite(convolved.latencies)
    right = convolved.answers == convolved.labels
    assert (told["known"], told["unanswered"]) == (timed.sum(), 1)
    assert told["right"].sum() == (right & timed).sum()
    assert told["wrong"].sum() == (~right & timed).sum()
    assert told["median_right"] == pytest.approx(np.median(convolved.latencies[right & timed]))
    np.testing.assert_allclose(np.diff(told["edges"]), 0.001)


def test_only_those_of_the_window(convolutions, convolved):
    told = decision.answer(convolutions, Query(t0=0.0, t1=4 * STEPS / 1000))
    assert told["known"] == np.isfinite(convolved.latencies[:4]).sum()


def test_a_layer_of_single_units(opened, finished):
    told = decision.answer(opened, Query(layer="exc", at=20.2))
    assert all(one["map"] == one["unit"] and one["place"] == [] for one in told["first"])
    assert told["unanswered"] == finished.stims
