import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.events.representations import Statistics, reference, statistics
from spikesight.events.stream import EventStream


def test_by_hand():
    events = EventStream([0, 10_000, 30_000, 50_000], [0] * 4, [0] * 4, [1, 1, 0, 1], 1, 1)
    found = statistics(events, 0, 50_000).ravel()
    on = np.array([0.0, 0.2, 1.0])
    np.testing.assert_allclose(found, [1, 3, 0.6, on.mean(), 0, on.std()], rtol=1e-6)


def test_equal_to_the_reference(events):
    begin, length = (int(events.t[0]), int(np.ptp(events.t))) if len(events) else (0, 0)
    found = statistics(events)
    np.testing.assert_allclose(found, reference.statistics(events, begin, length), rtol=2e-7, atol=1e-7)
    np.testing.assert_array_equal(Statistics()(events), found)
    given = Statistics(begin - 7, length + 20)(events)
    np.testing.assert_allclose(given, reference.statistics(events, begin - 7, length + 20), rtol=2e-7, atol=1e-7)


def test_events_of_one_time_have_no_spread():
    n = 1000
    events = EventStream(np.full(n, 333_333), np.zeros(n, int), np.zeros(n, int), np.ones(n, bool), 1, 1)
    assert statistics(events, 0, 10**6)[5].item() == 0.0


def test_events_outside_and_no_length_are_errors():
    events = EventStream([5, 60], [0, 0], [0, 0], [1, 1], 1, 1)
    for begin, length in ((6, 100), (0, 50)):
        with pytest.raises(InputError, match="not within"):
            statistics(events, begin, length)
    with pytest.raises(InputError, match="got 0"):
        statistics(events, 0, 0)
