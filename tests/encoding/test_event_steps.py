import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.encoding.event_steps import by_part, by_step, steps_to_last
from spikesight.events.representations import EqualShares, Periods, binary_film
from spikesight.events.stream import EventStream


def test_a_pixel_fires_once_in_a_step():
    events = EventStream([0, 10, 999, 1000, 2500, 4000], [2, 1, 2, 0, 1, 1], [0] * 6, [0, 1, 1, 0, 1, 1], 3, 1)
    spikes = by_step(events, 1e-3, 4)
    assert spikes.dense(3).tolist() == [[0, 1, 1], [1, 0, 0], [0, 1, 0], [0, 0, 0]]
    assert spikes.units.dtype == np.int32
    later = by_step(events, 0.5e-3, 3, begin=1000)
    assert later.dense(3).tolist() == [[1, 0, 0], [0, 0, 0], [0, 0, 0]]
    for nothing in (0.0, np.nan, np.inf):
        with pytest.raises(InputError, match="step"):
            by_step(events, nothing, 3)


def test_steps_that_hold_everything():
    events = EventStream([0, 999, 1000], [0, 0, 0], [0, 0, 0], [0, 0, 0], 1, 1)
    assert steps_to_last(events, 1e-3) == 2
    assert steps_to_last(events.between(0, 1000), 1e-3) == 1
    assert steps_to_last(events.between(5, 6), 1e-3) == 0
    assert steps_to_last(EventStream([-5], [0], [0], [0], 1, 1), 1e-3) == 0
    with pytest.raises(InputError, match="step"):
        steps_to_last(events, 0.0)


def test_a_step_begins_at_its_first_microsecond():
    # 1015e-6 * 1e6 is a little more than 1015 in floating point.
    for microseconds in (1000, 1015, 1981):
        event = EventStream([microseconds], [0], [0], [0], 1, 1)
        assert steps_to_last(event, microseconds * 1e-6) == 2
        assert by_step(event, microseconds * 1e-6, 2).dense(1).tolist() == [[0], [1]]
    assert steps_to_last(EventStream([4], [0], [0], [0], 1, 1), 1.5e-6) == 3


@pytest.mark.parametrize("cut", [EqualShares(3), Periods(1000, 2, begin=5)], ids=lambda cut: type(cut).__name__)
def test_by_part_units_are_those_of_a_film(cut):
    events = EventStream([0, 10, 999, 1000, 2500, 4000], [2, 1, 2, 0, 1, 1], [0, 1] * 3, [0, 1, 1, 0, 1, 1], 3, 2)
    spikes = by_part(events, cut)
    np.testing.assert_array_equal(spikes.dense(12), binary_film(events, cut).reshape(cut.parts, 12))
    assert (spikes.starts.dtype, spikes.units.dtype) == (np.int64, np.int32)
    assert by_part(events.of(slice(0, 0)), cut).units.size == 0
