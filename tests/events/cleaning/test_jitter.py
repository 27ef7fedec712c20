from collections import Counter

import numpy as np
import pytest
from streams_to_clean import busy, of, same

from spikesight.base.errors import InputError
from spikesight.events.cleaning import JitterPlace, JitterTime


def test_times_move_by_as_much():
    one = of([(50_000, 3, 2, True)] * 4000)
    moved = JitterTime(100.0, seed=1)(one).t - 50_000
    assert abs(moved.mean()) < 6.0
    assert abs(moved.std() - 100.0) < 5.0


def test_every_event_stays_with_its_pixel():
    events = busy(1000)
    out = JitterTime(500.0)(events)
    assert Counter(out.pixel.tolist()) == Counter(events.pixel.tolist())
    assert same(JitterTime(0.0)(events), events)
    assert same(JitterPlace(0.0)(events), events)


def test_places_move_by_as_much():
    out = JitterPlace(2.0, seed=1)(of([(0, 50, 40, True)] * 4000, 100, 100))
    assert len(out) == 4000
    assert abs(out.x.astype(float).mean() - 50.0) < 0.15
    assert abs(out.y.astype(float).std() - np.hypot(2.0, 1 / np.sqrt(12))) < 0.1
    assert 0 < len(JitterPlace(2.0)(of([(0, 0, 0, True)] * 100))) < 100, "what leaves the sensor is lost"
    with pytest.raises(InputError, match="deviation"):
        JitterPlace(-1.0)


def test_times_that_no_clock_has_are_refused():
    with pytest.raises(InputError, match="64 bits"):
        JitterTime(1e30)(busy(10))
