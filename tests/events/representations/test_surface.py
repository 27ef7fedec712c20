import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.events.representations import (
    NEVER,
    Exponential,
    Linear,
    Recent,
    TimeSurface,
    TimeSurfaces,
    first_times,
    last_times,
    reference,
    time_surface,
    time_surfaces,
)
from spikesight.events.stream import EventStream

DECAYS = [Exponential(10e-3), Linear(0.2), Recent(0.1)]
HUGE = 1_700_000_000_000_000


def test_an_event_10_ms_ago_and_none():
    events = EventStream([HUGE, HUGE + 3], [0, 0], [0, 0], [1, 1], 1, 1)
    off, on = time_surface(events, Exponential(10e-3), HUGE + 10_003).ravel()
    assert off == 0.0
    assert on == pytest.approx(0.36788, abs=1e-5)


def test_events_after_the_time_are_not_seen_and_those_at_it_are():
    events = EventStream([5, 7, 9], [0, 0, 0], [0, 0, 0], [1, 1, 1], 1, 1)
    assert time_surface(events, Linear(1e-5), 7)[1].item() == 1.0
    assert time_surface(events, Linear(1e-5), 8)[1].item() == pytest.approx(0.9)
    assert time_surface(events, Linear(1e-5), 4)[1].item() == 0.0
    assert time_surface(events, Linear(1e-5))[1].item() == 1.0


@pytest.mark.parametrize("decay", DECAYS, ids=lambda decay: type(decay).__name__)
def test_equal_to_the_reference(events, decay):
    at = int(events.t[-1]) if len(events) else 0
    found = time_surface(events, decay)
    # The same law of the same age in single precision: not a bit differs.
    np.testing.assert_array_equal(found, reference.time_surface(events, decay, at))
    np.testing.assert_array_equal(TimeSurface(decay)(events), found)
    assert (found.shape, found.dtype) == ((2, events.height, events.width), np.float32)


def test_many_times_are_each_by_itself(events):
    begin = int(events.t[0]) if len(events) else 0
    times = (begin - 5, begin, begin + 10, begin + 10, begin + 10**7)
    found = TimeSurfaces(times, Linear(1.0))(events)
    for surface, at in zip(found, times, strict=True):
        np.testing.assert_array_equal(surface, reference.time_surface(events, Linear(1.0), at))
    for none in (np.empty(0, int), ()):
        assert time_surfaces(events, none, Linear()).shape == (0, 2, events.height, events.width)


def test_first_and_last_times(events):
    np.testing.assert_array_equal(last_times(events), reference.last_times(events))
    mirrored = EventStream(-events.t[::-1], events.x[::-1], events.y[::-1], events.p[::-1], events.width, events.height)
    last = last_times(mirrored)
    np.testing.assert_array_equal(first_times(events), np.where(last == NEVER, NEVER, -last))


def test_what_is_not_in_order_is_an_error(backward):
    for wrong in (
        lambda: last_times(backward),
        lambda: first_times(backward),
        lambda: time_surface(backward, Linear()),
    ):
        with pytest.raises(InputError, match="step back"):
            wrong()
    for times in ([2, 1], [0.5], 3):
        with pytest.raises(InputError, match="in order"):
            time_surfaces(backward.sorted(), times, Linear())
