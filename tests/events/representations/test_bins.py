import numpy as np

from spikesight.events.representations.bins import between_bins
from spikesight.events.stream import EventStream


def test_events_are_added_between_their_two_bins():
    events = EventStream([0, 4, 5, 9, 10], [0] * 5, [0] * 5, [1] * 5, 1, 1)
    calls = []

    def add(t, x, y, p, begin, scale, k, pairs, touched):
        calls.append((t.tolist(), begin, scale, k))
        pairs[0, 0] += (1.0, 10.0)
        touched[0] = True

    found = between_bins(events, 3, 2, add, 1)
    assert calls == [([0, 4], 0, 0.2, 0), ([5, 9, 10], 0, 0.2, 1)]
    assert found.ravel().tolist() == [1.0, 11.0, 10.0]
    assert found.dtype == np.float32
