import numpy as np
import pytest
from made_up_maps import EVERY, SHOWN

from spikesight.base.errors import UnknownName
from spikesight.studio.open_run import Empty
from spikesight.studio.query import Query
from spikesight.studio.views import maps


def test_the_stimulus_at_the_cursor(pictures, pictured):
    told = maps.answer(pictures, Query(layer="conv", at=3.21))
    spikes = pictured.spikes("conv")
    own = spikes[spikes[:, 2] == 40, 1]
    np.testing.assert_array_equal(told["counts"], np.bincount(own, minlength=384).reshape(6, 8, 8))
    assert told["words"] == "stimulus 40"
    assert told["valid"] == pytest.approx([40 * EVERY / 1000, (40 * EVERY + SHOWN) / 1000])


def test_the_window(pictures, pictured):
    told = maps.answer(pictures, Query(layer="input", t0=1.0, t1=2.0, options={"over": "window"}))
    spikes = pictured.spikes("input")
    own = spikes[(spikes[:, 0] >= 1000) & (spikes[:, 0] < 2000), 1]
    np.testing.assert_array_equal(told["counts"], np.bincount(own, minlength=288).reshape(2, 12, 12))
    assert told["spikes"] == len(own)
    assert "valid" not in told


def test_a_picture_of_two_sides_is_one_channel(opened, finished):
    told = maps.answer(opened, Query(at=2.1))
    own = finished.spikes("input")
    own = own[own[:, 2] == 4, 1]
    assert told["layer"] == "input"
    np.testing.assert_array_equal(told["counts"], np.bincount(own, minlength=64).reshape(1, 8, 8))


def test_more_channels_than_can_be_drawn(monkeypatch, pictures):
    monkeypatch.setattr(maps, "MOST_CHANNELS", 4)
    told = maps.answer(pictures, Query(layer="conv"))
    assert (told["channels"], told["counts"].shape) == (6, (4, 8, 8))


def test_units_in_a_row_are_no_picture(pictures):
    with pytest.raises(Empty, match=r"its units lie in a row\. Those that have: input, conv"):
        maps.answer(pictures, Query(layer="out"))


def test_an_unknown_way(pictures):
    with pytest.raises(UnknownName, match="window"):
        maps.answer(pictures, Query(options={"over": "windows"}))
