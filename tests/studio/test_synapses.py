import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikesight.studio.open_run import Empty
from spikesight.studio.query import Query
from spikesight.studio.synapses import at_cursor, history, picture_shape, recorded, shades, spread, weights


@given(st.integers(1, 5000), st.integers(1, 100))
def test_spread_keeps_the_ends(count, most):
    places = spread(count, most)
    assert len(places) == min(count, most) or count <= most
    assert places[0] == 0
    assert places[-1] == (count - 1 if most > 1 or count == 1 else 0)
    assert (np.diff(places) > 0).all()


def test_the_newest_snapshot_and_how_long_it_is_the_newest(opened):
    t = np.array([0.0, 12.5, 25.0])
    assert at_cursor(opened, t, Query(at=13.0)) == (1, [12.5, 25.0])
    assert at_cursor(opened, t, Query(at=-1.0))[0] == 0
    assert at_cursor(opened, t, Query())[0] == 2


def test_weights_that_were_not_recorded(pictures):
    assert recorded(pictures, Query())[0].name == "conv_out"
    trace = pictures.trace
    without = [table for table in trace.tables if not table.startswith("weights/")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(trace), "tables", without)
        with pytest.raises(Empty, match="No weights of conv_out were recorded"):
            recorded(pictures, Query(projection="conv_out"))


def test_shades_of_weights_without_and_with_a_sign():
    levels, top, signed = shades(np.array([0.0, 0.5, 1.0, 9.0]), top=1.0)
    assert (levels.tolist(), top, signed) == ([0, 128, 255, 255], 1.0, False)
    levels, top, signed = shades(np.array([-2.0, -1.0, 0.0, 0.5, 1.0]), top=1.0)
    assert (levels.tolist(), signed) == ([1, 1, 128, 192, 255], True)


def test_weights_that_are_all_zero_are_nothing():
    levels, top, signed = shades(np.zeros((3, 2)))
    assert (levels.max(), top, signed) == (0, 1.0, False)


def test_a_shape_is_taken_as_it_lies_where_none_is_given():
    assert picture_shape("", (64,)) == (64,)
    assert picture_shape("8X8", (64,)) == (8, 8)
    assert picture_shape("2×4×8", (64,)) == (2, 4, 8)
    with pytest.raises(Empty, match="has 9999999 points"):
        picture_shape("99999999x1"[1:], (64,))


def test_history_is_read_once(opened, monkeypatch):
    projection = opened.trace.header.projection("input_exc")
    first = history(opened, projection)
    monkeypatch.setattr(type(opened.trace), "weights", None)
    assert history(opened, projection) is first


def test_what_is_not_a_number_is_nothing():
    assert shades(np.array([np.nan, 1.0, np.inf]), top=1.0)[0].tolist() == [0, 255, 255]
    assert shades(np.array([np.nan, -np.inf, 1.0]), top=1.0)[0].tolist() == [128, 1, 255]
    assert shades(np.full(3, np.nan))[0].tolist() == [0, 0, 0]


def test_a_file_of_another_shape_says_so(pictures, monkeypatch):
    projection = pictures.trace.header.projection("conv_out")
    monkeypatch.setattr(type(pictures.trace), "weights", lambda *_: np.zeros((384, 3), np.float32))
    with pytest.raises(Empty, match=r"holds weights of shape \(384, 3\)"):
        weights(pictures, projection, 0)
