import numpy as np
import pytest
from streams_to_clean import of

from spikesight.base.errors import InputError
from spikesight.events.cleaning import HotPixels
from spikesight.events.cleaning.hot_pixels import hot_pixels, without_pixels


def background(hot, busy=3):
    """Return a stream with `busy` events in each pixel and 100 in hot ones."""
    places = [(x, y) for y in range(5) for x in range(7) for _ in range(100 if (x, y) in hot else busy)]
    return of([(k, *place, True) for k, place in enumerate(places)])


@pytest.mark.parametrize("hot", [[(3, 2)], [(0, 0)], [(6, 4)], [(3, 2), (4, 2), (3, 3)], []], ids=str)
def test_who_stands_out_is_hot(hot):
    events = background(hot)
    mask = hot_pixels(events, 10.0)
    assert sorted(map(tuple, np.argwhere(mask.T))) == sorted(hot)
    assert len(HotPixels()(events)) == 3 * (35 - len(hot))


def test_a_busy_edge_is_not_hot():
    edge = of([(k, x, 2, True) for k, x in enumerate(np.repeat(np.arange(7), 10))])
    assert not hot_pixels(edge, 10.0).any()


def test_what_is_no_mask_is_refused():
    with pytest.raises(InputError, match=r"\(5, 7\), got \(7, 5\)"):
        without_pixels(of([]), np.zeros((7, 5), bool))
    with pytest.raises(InputError, match="so many times"):
        hot_pixels(of([]), 0.0)
