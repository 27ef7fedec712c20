import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.encoding.event_latencies import in_parts, in_seconds
from spikesight.events.representations import EqualShares, Periods
from spikesight.events.stream import EventStream

HUGE = 1_700_000_000_000_000


@pytest.fixture
def events():
    t = np.array([0, 10, 1000, 2500, 2501], np.int64) + HUGE
    return EventStream(t, [0, 1, 0, 1, 2], [0] * 5, [1, 0, 1, 1, 1], 3, 1)


def test_the_first_event_of_a_pixel_is_its_spike(events):
    found = in_seconds(events)
    assert found.times.shape == (1, 2, 1, 3)
    np.testing.assert_allclose(found.times[0, :, 0], [[np.inf, 10e-6, np.inf], [0, 2.5e-3, 2.501e-3]])
    later = in_seconds(events, begin=HUGE + 500)
    np.testing.assert_allclose(later.times[0, :, 0], [[np.inf] * 3, [0.5e-3, 2e-3, 2.001e-3]])


def test_in_parts_it_is_a_whole_step(events):
    assert in_parts(events, Periods(1000, 3)).times[0, :, 0].tolist() == [[3, 0, 3], [0, 2, 2]]
    found = in_parts(events, EqualShares(5))
    assert found.times[0, :, 0].tolist() == [[5, 1, 5], [0, 3, 4]]
    assert (found.steps, found.times.dtype) == (5, np.uint8)


def test_nothing_never_fires_and_order_is_needed(events):
    empty = events.of(slice(0, 0))
    assert not in_seconds(empty).fired.any()
    assert not in_parts(empty, EqualShares(2)).fired.any()
    with pytest.raises(InputError, match="step back"):
        in_seconds(events.of(np.array([1, 0])))
