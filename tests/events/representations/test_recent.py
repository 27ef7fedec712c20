import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.events.representations import Tore, reference, tore
from spikesight.events.stream import EventStream


def test_published_ages():
    at = 1_700_000_000_000_000
    events = EventStream([at - 10_000, at - 150, at], [0] * 3, [0] * 3, [1] * 3, 1, 1)
    found = tore(events, depth=4).ravel()
    np.testing.assert_allclose(found[4:], [0, 0, 4.19316, 10.40767], atol=1e-5)
    np.testing.assert_allclose(found[:4], 10.40767, atol=1e-5)


@pytest.mark.parametrize("depth", [1, 3])
def test_equal_to_the_reference(events, depth):
    at = int(events.t[-1]) if len(events) else 0
    for longest, when in ((5_000_000, at), (300, at), (5_000_000, at - 100)):
        found = tore(events, depth, when, 5, longest)
        expected = reference.tore(events, depth, when, 5, longest)
        np.testing.assert_allclose(found, expected, rtol=2e-7, atol=1e-7)  # rounded once
    assert (found.shape, found.dtype) == ((2 * depth, events.height, events.width), np.float32)
    np.testing.assert_array_equal(Tore(depth)(events), tore(events, depth))


def test_younger_events_come_first(events):
    found = tore(events, 4).reshape(2, 4, events.height, events.width)
    assert (np.diff(found, axis=1) >= 0).all()


def test_what_cannot_be_is_an_error(backward):
    with pytest.raises(InputError, match="got 0"):
        tore(backward.sorted(), 0)
    with pytest.raises(InputError, match="got 9 and 9"):
        tore(backward.sorted(), shortest=9, longest=9)
    with pytest.raises(InputError, match="step back"):
        tore(backward)
