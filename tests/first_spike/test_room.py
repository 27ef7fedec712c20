import numpy as np

from spikesight.first_spike.convolution import Convolution
from spikesight.first_spike.room import room

LAYER, SHAPE = Convolution(3, (3, 3), 1.0, padding=(1, 1)), (2, 5, 6)


def test_room_in_steps_knows_when_each_is():
    made = room(LAYER, SHAPE, 4)
    np.testing.assert_array_equal(made.when, [0, 1, 2, 3])
    assert made.v.shape == (3 * 5 * 6,)
    assert made.v.dtype == np.float32
    assert not made.closed.any()
    assert (made.low > made.high).all()


def test_room_in_seconds_has_a_moment_for_every_spike():
    made = room(LAYER, SHAPE, None, np.float64, np.float32)
    assert len(made.when) >= 2 * 5 * 6
    assert (made.when.dtype, made.v.dtype) == (np.float32, np.float64)


def test_memory_grows_with_neurons_and_not_with_steps():
    few, many = (sum(array.nbytes for array in room(LAYER, SHAPE, steps)) for steps in (10, 110))
    assert many - few == 100 * (8 + 1)
