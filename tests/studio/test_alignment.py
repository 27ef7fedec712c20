import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikesight.base.errors import UnknownName
from spikesight.studio.alignment import moved, pair
from spikesight.studio.moments import Stimuli
from spikesight.studio.open_run import Empty
from spikesight.studio.query import Query


def shown(lengths):
    ends = np.cumsum(lengths, dtype=float)
    nothing = np.full(len(lengths), -1)
    return Stimuli(np.arange(len(lengths)), ends - lengths, ends, nothing, nothing, nothing)


LENGTHS = st.lists(st.floats(0.1, 5.0), min_size=1, max_size=20)


@given(LENGTHS, st.floats(0, 1))
def test_a_run_aligned_with_itself_is_itself(lengths, part):
    one = shown(lengths)
    seconds = part * one.t_end[-1]
    assert moved(one, one, seconds) == pytest.approx(seconds)


def test_the_same_part_of_the_same_stimulus():
    assert moved(shown([1, 1, 1]), shown([2, 4, 6]), 1.25) == pytest.approx(2 + 0.25 * 4)


def test_after_the_last_stimulus_time_goes_on_at_its_pace():
    assert moved(shown([1, 1, 1]), shown([2]), 2.5) == pytest.approx(2 * 2.5)


@given(LENGTHS, LENGTHS, st.floats(0, 1), st.floats(0, 1))
def test_later_stays_later(mine, its, first, second):
    one, other = shown(mine), shown(its)
    early, late = sorted((first * one.t_end[-1], second * one.t_end[-1]))
    assert moved(one, other, early) <= moved(one, other, late) + 1e-9


def test_with_nobody_to_compare_with(opened, monkeypatch):
    with pytest.raises(Empty, match="Only one run is open"):
        pair(opened, Query())
    monkeypatch.setattr(opened, "others", {"there": opened})
    with pytest.raises(UnknownName, match="there"):
        pair(opened, Query(other="then"))


def test_layers_of_both(opened, monkeypatch):
    monkeypatch.setattr(opened, "others", {"there": opened})
    both = pair(opened, Query(t0=10.0, t1=20.0, at=12.0, other="there", options={"align": "stimulus"}))
    assert [mine.name for mine, _ in both.layers] == ["input", "exc", "inh"]
    assert both.other_window == pytest.approx((10.0, 20.0))
    assert both.other_at == pytest.approx(12.0)


def test_why_two_runs_have_no_layer_in_common(opened, pictures, monkeypatch):
    monkeypatch.setattr(opened, "others", {"there": pictures, "same": opened})
    assert pair(opened, Query(other="same")).shared == pair(opened, Query(other="same")).layers
    with pytest.raises(Empty, match=r"no population of one name and size: input has 64 and 288 units\."):
        _ = pair(opened, Query(other="there")).shared
