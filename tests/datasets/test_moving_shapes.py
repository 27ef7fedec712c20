"""Events of moving shapes, counted by hand and under the symmetries of the torus."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikesight.base.errors import InputError, UnknownName
from spikesight.datasets.moving_shapes import DIRECTIONS, SHAPES, Motion

ROW = tuple((0, column) for column in range(5))
CLEAN = {"jitter": 0.0}


def seen(shape, direction, start=(2, 1), seed=0, **changes):
    return Motion(shape, **{**CLEAN, **changes}).events(direction, start, np.random.default_rng(seed))


def table(events, side=5):
    """(step, row, column, on) of each event, as a set."""
    steps = np.round(events.t / 10e-3).astype(int)
    return set(zip(steps, *np.unravel_index(events.pixel, (side, side)), events.on, strict=True))


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize(("shape", "expected"), [("pixel", 20), ("square", 40), ("diagonal", 60)])
def test_events_of_a_full_traversal(shape, expected, direction):
    """A pixel turns one ON and one OFF per step, a square two and two, a diagonal three and three."""
    events = seen(SHAPES[shape], direction)
    assert (events.on.sum(), (~events.on).sum()) == (expected, expected)
    assert (np.bincount(np.round(events.t / 10e-3).astype(int)) == 2 * expected // 20).all()


def test_a_full_row_shows_only_when_it_moves_across_itself():
    for direction in "EW":
        assert len(seen(ROW, direction).t) == 0
    for direction in "SN":
        assert (np.bincount(np.round(seen(ROW, direction).t / 10e-3).astype(int)) == 10).all()


def test_a_pixel_moving_east_step_by_step():
    events = seen(SHAPES["pixel"], "E", start=(2, 3), steps=3)
    assert table(events) == {(0, 2, 4, True), (0, 2, 3, False), (1, 2, 0, True), (1, 2, 4, False), (2, 2, 1, True),
                             (2, 2, 0, False)}  # fmt: skip
    np.testing.assert_array_equal(np.sort(events.lines(25)), [10, 11, 14, 35, 38, 39])
    assert events.only_on().on.all()
    assert len(events.only_on().t) == 3


@pytest.mark.parametrize(("there", "back"), ["EW", "SN"])
@pytest.mark.parametrize("shape", SHAPES)
def test_the_way_back_is_time_reversed_with_on_and_off_swapped(shape, there, back):
    forth = table(seen(SHAPES[shape], there))
    assert table(seen(SHAPES[shape], back)) == {(19 - k, r, c, not on) for k, r, c, on in forth}


@pytest.mark.parametrize(("one", "turned"), [("E", "S"), ("S", "W"), ("W", "N"), ("N", "E")])
def test_turning_the_shape_turns_the_events(one, turned):
    """A quarter turn clockwise takes (row, column) to (column, side - 1 - row)."""
    shape = SHAPES["diagonal"][:2]
    clockwise = tuple((c, 1 - r) for r, c in shape)
    expected = {(k, c, 4 - r, on) for k, r, c, on in table(seen(shape, one, start=(2, 1)))}
    assert table(seen(clockwise, turned, start=(1, 4 - 2 - 1))) == expected


@given(st.sampled_from(sorted(DIRECTIONS)), st.tuples(st.integers(0, 4), st.integers(0, 4)), st.integers(0, 99))
def test_jitter_delays_by_less_than_its_bound_and_keeps_order(direction, start, seed):
    late = seen(SHAPES["square"], direction, start, seed, jitter=1e-3)
    assert (np.diff(late.t) >= 0).all()
    assert ((late.t % 10e-3) <= 1e-3 + 1e-12).all()
    again = seen(SHAPES["square"], direction, start, seed, jitter=1e-3)
    assert all((one == other).all() for one, other in zip(late, again, strict=True))


def test_noise_comes_at_its_rate_on_all_lines():
    events = seen(ROW, "E", noise=50.0, steps=2000)
    assert len(events.t) == pytest.approx(50.0 * 20.0 * 50, rel=0.02)
    assert (np.bincount(events.lines(25), minlength=50) > 850).all()
    assert (np.diff(events.t) >= 0).all()


def test_what_cannot_be_shown():
    with pytest.raises(UnknownName, match="'NE'"):
        seen(SHAPES["pixel"], "NE")
    for wrong in ({"shape": ()}, {"shape": ((0, 5),)}, {"shape": ((0, 0), (0, 0))}):
        with pytest.raises(InputError, match="different pixels"):
            Motion(**wrong)
    for wrong in ({"step": 0.0}, {"steps": 0}, {"jitter": -1.0}, {"noise": np.inf}):
        with pytest.raises(InputError, match="not negative"):
            Motion(SHAPES["pixel"], **wrong)
