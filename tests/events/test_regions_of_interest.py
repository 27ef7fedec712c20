import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spikesight.base.errors import InputError
from spikesight.events.regions_of_interest import RegionsOfInterest
from spikesight.events.stream import EventStream

PLACE = st.tuples(st.integers(0, 40), st.integers(0, 8), st.integers(0, 6))
REGION = st.tuples(
    st.integers(0, 30), st.integers(0, 20), st.integers(-2, 9), st.integers(-2, 7), st.integers(0, 5), st.integers(0, 5)
)


def stream(places, width=9, height=7):
    t, x, y = zip(*sorted(places), strict=True) if places else ([], [], [])
    return EventStream(t, x, y, [True] * len(t), width, height)


def regions(some):
    some = sorted(some)
    return RegionsOfInterest(
        [b for b, *_ in some],
        [b + lasting for b, lasting, *_ in some],
        [[left, top, left + w, top + h] for _, _, left, top, w, h in some],
    )


@settings(max_examples=50, deadline=None)
@given(st.lists(PLACE, max_size=30), st.lists(REGION, max_size=8), st.sampled_from([1, 2, 3]), st.integers(0, 1))
def test_what_regions_hold(places, some, side, out):
    """As the words say, pixel by pixel; `out` of the sensor is a column and a row of the last cells."""
    events, found = stream(places), regions(some)
    width, height = 9 * side - out * (side > 1), 7 * side - out * (side > 1)
    plain = [
        all(
            any(
                b <= t < e and left <= column < right and top <= row < bottom
                for b, e, (left, top, right, bottom) in zip(found.begin, found.end, found.box, strict=True)
            )
            for row in range(int(y) * side, min(int(y + 1) * side, height))
            for column in range(int(x) * side, min(int(x + 1) * side, width))
        )
        for t, x, y in zip(events.t.tolist(), events.x.tolist(), events.y.tolist(), strict=True)
    ]
    assert found.hold_cells(events, side, width, height).tolist() == plain
    if side == 1:
        assert found.hold(events).tolist() == plain


def test_borders_belong_to_one_side():
    box = regions([(10, 5, 2, 1, 3, 2)])
    assert all(box.hold(stream([place]))[0] for place in [(10, 2, 1), (14, 4, 2)])
    beside = [(9, 2, 1), (15, 2, 1), (10, 1, 1), (10, 5, 1), (10, 2, 0), (10, 2, 3)]
    assert not any(box.hold(stream([place]))[0] for place in beside)


def test_a_short_look_does_not_end_a_long_one():
    both = regions([(0, 100, 0, 0, 9, 7), (10, 5, 0, 0, 9, 7)])
    assert both.hold(stream([(50, 3, 3)])).all()


def test_all_and_nothing():
    events = stream([(5, 0, 0), (9, 8, 6)])
    assert RegionsOfInterest.whole(events).hold(events).all()
    assert not RegionsOfInterest.none().hold(events).any()
    assert len(RegionsOfInterest.whole(stream([]))) == 0


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        (([1], [2, 3], [[0, 0, 1, 1]]), "got shapes"),
        (([1], [2], [[0, 0, 1]]), "got shapes"),
        (([2, 1], [3, 3], [[0, 0, 1, 1]] * 2), "in order of time"),
        (([2], [1], [[0, 0, 1, 1]]), "ends after it begins"),
        (([2], [3], [[1, 0, 0, 1]]), "right and bottom"),
        (([0.5], [1], [[0, 0, 1, 1]]), "whole numbers"),
    ],
    ids=["end", "box", "order", "backwards", "turned", "float"],
)
def test_what_is_no_region_is_refused(columns, words):
    with pytest.raises(InputError, match=words):
        RegionsOfInterest(*columns)


def test_cells_have_pixels():
    with pytest.raises(InputError, match="along its side, got 0"):
        RegionsOfInterest.none().hold_cells(stream([]), 0, 9, 7)


def test_who_needs_order():
    with pytest.raises(InputError, match="in order of time"):
        RegionsOfInterest.none().hold(EventStream([2, 1], [0, 0], [0, 0], np.zeros(2, bool), 1, 1))
