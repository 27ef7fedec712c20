import pytest
from hypothesis import given, settings
from streams_to_clean import ROWS, of, rows, same

from spikesight.base.errors import InputError
from spikesight.events.cleaning import Backwards, Stretch


def test_the_first_event_stays_where_it_is():
    some = of([(1000, 0, 0, True), (1003, 1, 0, True), (1010, 1, 0, False)])
    assert Stretch(2.5)(some).t.tolist() == [1000, 1008, 1025]
    assert Stretch(0.1)(some).t.tolist() == [1000, 1000, 1001]
    with pytest.raises(InputError, match="positive"):
        Stretch(0.0)
    with pytest.raises(InputError, match="64 bits"):
        Stretch(1e18)(some)


def test_long_times_keep_their_microseconds():
    late = 1_700_000_000_000_000
    assert Stretch(2.0)(of([(late, 0, 0, True), (late + 7, 0, 0, True)])).t.tolist() == [late, late + 14]


def test_what_came_went():
    some = of([(10, 0, 0, True), (12, 1, 0, True), (20, 2, 0, False)])
    assert rows(Backwards()(some)) == [(10, 2, 0, True), (18, 1, 0, False), (20, 0, 0, False)]


@settings(deadline=None)
@given(ROWS)
def test_backwards_twice_is_forwards(some):
    assert same(Backwards()(Backwards()(of(some))), of(some))
