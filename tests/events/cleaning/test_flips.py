import pytest
from hypothesis import given, settings
from streams_to_clean import ROWS, of, rows, same

from spikesight.events.cleaning import FlipLeftRight, FlipPolarity, FlipUpsideDown


def test_what_becomes_of_an_event():
    one = of([(3, 1, 0, True)])
    assert rows(FlipLeftRight()(one)) == [(3, 5, 0, True)]
    assert rows(FlipUpsideDown()(one)) == [(3, 1, 4, True)]
    assert rows(FlipPolarity()(one)) == [(3, 1, 0, False)]


@pytest.mark.parametrize("flip", [FlipLeftRight(), FlipUpsideDown(), FlipPolarity()], ids=repr)
def test_twice_is_never(flip):
    @settings(deadline=None)
    @given(ROWS)
    def check(some):
        assert same(flip(flip(of(some))), of(some))

    check()
