import numpy as np
import pytest
from hypothesis import given, settings
from streams_to_clean import ROWS, in_order, of, rows

from spikesight.events.cleaning.event_count import event_count

CELL = [(0, 0), (1, 0), (0, 1), (1, 1)]


def turns(signs, spread=CELL):
    """Return a stream in one cell of 2 x 2, + for ON."""
    return of([(k, *spread[k % 4], sign == "+") for k, sign in enumerate(signs)], 2, 2)


@pytest.mark.parametrize(
    ("signs", "told"),
    [
        ("++++", [(3, True)]),
        ("++++----", [(3, True)]),
        ("++++--------", [(3, True), (11, False)]),
        ("++++-+-+", [(3, True), (5, True), (7, True)]),
        ("++++++++", [(3, True), (7, True)]),
        ("----", [(3, False)]),
        ("+-+-", [(1, False), (3, False)]),
    ],
)
def test_when_a_cell_speaks(signs, told):
    assert rows(event_count(turns(signs), 2)) == [(t, 0, 0, p) for t, p in told]


def test_a_higher_threshold():
    assert event_count(turns("+" * 16), 2, threshold=2).t.tolist() == [7, 15]
    assert len(event_count(turns("+" * 16), 2**33)) == 0, "a level that no 64 bits hold is never reached"


def test_three_by_three_is_exact():
    """By floats, 9 times a ninth is not always 1."""
    nine = of([(k, k % 3, k // 3 % 3, True) for k in range(900)], 3, 3)
    assert event_count(nine, 3).t.tolist() == list(range(8, 900, 9))


@settings(deadline=None)
@given(ROWS)
def test_a_cell_speaks_no_more_than_its_pixels(some):
    events = in_order(some)
    out = event_count(events, 2)
    assert len(out) <= len(events)
    for cell in np.unique(out.pixel):
        mine = (events.y // 2).astype(int) * out.width + events.x // 2 == cell
        changes = np.count_nonzero(np.diff(events.p[mine].astype(int)))
        assert np.count_nonzero(out.pixel == cell) <= mine.sum() // 4 + changes
