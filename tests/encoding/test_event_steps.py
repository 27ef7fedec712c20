import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.encoding.event_steps import by_step, steps_to_last
from spikesight.events.stream import EventStream


def test_a_pixel_fires_once_in_a_step():
    events = EventStream([0, 10, 999, 1000, 2500, 4000], [2, 1, 2, 0, 1, 1], [0] * 6, [0, 1, 1, 0, 1, 1], 3, 1)
    spikes = by_step(events, 1e-3, 4)
    assert spikes.dense(3).tolist() == [[0, 1, 1], [1, 0, 0], [0, 1, 0], [0, 0, 0]]
    assert spikes.units.dtype == np.int32
    later = by_step(events, 0.5e-3, 3, begin=1000)
    assert later.dense(3).tolist() == [[1, 0, 0], [0, 0, 0], [0, 0, 0]]
    with pytest.raises(InputError, match="step"):
        by_step(events, 0.0, 3)


def test_steps_that_hold_everything():
    events = EventStream([0, 999, 1000], [0, 0, 0], [0, 0, 0], [0, 0, 0], 1, 1)
    assert steps_to_last(events, 1e-3) == 2
    assert steps_to_last(events.between(0, 1000), 1e-3) == 1
    assert steps_to_last(events.between(5, 6), 1e-3) == 0
