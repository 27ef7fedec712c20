import numpy as np
import pytest
from streams_to_clean import busy, of, rows

from spikesight.base.errors import InputError
from spikesight.events.cleaning import Cubic, LogLuminance, Straight
from spikesight.events.cleaning.event_count import event_count
from spikesight.events.cleaning.log_luminance import log_luminance

CURVES = pytest.mark.parametrize("curve", [Straight(), Cubic()], ids=lambda curve: type(curve).__name__)
CELL = [(0, 0), (1, 0), (0, 1), (1, 1)]


def ramp(times, up=True):
    """Return a stream in which each pixel of a cell turns at the same times."""
    return of([(t, *place, up) for t in times for place in CELL], 2, 2)


@CURVES
def test_pixels_that_agree_speak_as_one(curve):
    out = log_luminance(ramp([100, 200, 300]), 2, curve, samples=1000)
    assert rows(out) == [(t, 0, 0, True) for t in (100, 200, 300)] or np.abs(out.t - [100, 200, 300]).max() <= 1
    assert out.p.all()
    down = log_luminance(ramp([100, 200], up=False), 2, curve)
    assert len(down) == 2
    assert not down.p.any()


def test_a_straight_line_passes_when_it_says():
    """One pixel of four goes to 4 by straight lines from (99, 0) to (100, 1) to (200, 2) to (300, 3) to (400, 4)."""
    out = log_luminance(of([(100 * k, 0, 0, True) for k in (1, 2, 3, 4)], 2, 2), 2)
    assert rows(out) == [(400, 0, 0, True)]
    slower = of([(0, 1, 0, False), *((1000 * k, 0, 0, True) for k in range(1, 6))], 2, 2)
    # A neighbour at -1: the sum comes back to 0 at 1000 and reaches 4 at 5000.
    assert rows(log_luminance(slower, 2, samples=5002)) == [(1000, 0, 0, True), (5000, 0, 0, True)]
    mean = of([(0, 0, 0, True), (1000, 0, 0, True), (1000, 1, 0, True), (1000, 0, 1, True)], 2, 2)
    # The sum of levels goes from 1 at 0 to 4 at 1000, up by 2/1001 and 1/1000 per microsecond for the other two.
    assert rows(log_luminance(mean, 2)) == [(1000, 0, 0, True)]


def test_the_first_pass_after_turning_is_swallowed():
    there = [*((100 * k, *place, True) for k in (1, 2) for place in CELL), (210, 0, 0, True)]
    back = [(10_000 * k, *place, False) for k in (1, 2, 3) for place in CELL]
    out = log_luminance(of(there + back, 2, 2), 2, samples=29_902)
    # The mean is 2.25 at 210, then 1.25, 0.25 and -0.75: on the way down 2 is swallowed, 1 and 0 are told.
    assert out.p.tolist() == [True, True, False, False]
    assert np.abs(out.t - [100, 200, 12_500, 22_500]).max() <= 1


def test_both_curves_and_counting_tell_about_as_much():
    events = busy(4000, 16, 12)
    told = [len(log_luminance(events, 2, Straight())), len(log_luminance(events, 2, Cubic()))]
    counted = len(event_count(events, 2))
    assert all(0.6 * counted < one < 1.2 * counted for one in told)


def test_two_samples_at_least():
    with pytest.raises(InputError):
        LogLuminance(samples=1)
