"""Streams that representations have to get right: few events and many, one time, absolute times, few pixels."""

import numpy as np
import pytest

from spikesight.base.randomness import generator
from spikesight.events.stream import EventStream

CASES = {
    "empty": (0, 10**6, 7, 5, 0),
    "one event": (1, 10**6, 7, 5, 10**15),
    "one time": (40, 1, 3, 2, 10**15),
    "few pixels": (300, 500, 2, 2, 0),
    "many ties": (500, 20, 7, 5, -(10**6)),
    "absolute times": (400, 10**6, 9, 4, 1_700_000_000_000_000),
    "hours": (400, 3 * 10**10, 9, 4, 12_345),
}


def made_up(n, length, width, height, begin):
    random = generator(0, "events", n, length, width)
    t = begin + np.sort(random.integers(0, length, n))
    x, y = random.integers(0, width, n), random.integers(0, height, n)
    return EventStream(t, x, y, random.random(n) < 0.6, width, height)


@pytest.fixture(params=CASES, ids=lambda name: name.replace(" ", "-"))
def events(request):
    return made_up(*CASES[request.param])


@pytest.fixture
def backward():
    """Two events, the second before the first."""
    return EventStream([10, 5], [0, 1], [0, 0], [1, 0], 2, 1)
