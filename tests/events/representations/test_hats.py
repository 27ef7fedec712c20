import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.events.representations import AveragedSurface, averaged_surface, reference
from spikesight.events.stream import EventStream


def test_by_hand():
    # Two pixels of one cell and one of another: the second event finds the first one at its left.
    events = EventStream([0, 10_000, 20_000], [0, 1, 2], [0, 0, 0], [1, 1, 1], 4, 1)
    found = averaged_surface(events, cell=2, radius=1, tau=10e-3)
    assert found.shape == (1, 2, 2, 3, 3)
    expected = np.zeros_like(found)
    expected[0, 0, 1, 1, 0] = np.exp(-1.0) / 2
    np.testing.assert_allclose(found, expected, rtol=1e-6)


@pytest.mark.parametrize(
    ("cell", "radius", "tau", "memory"), [(3, 1, 1e-3, 1.0), (4, 2, 0.05, 100e-6), (10, 0, 1e3, 0.1)]
)
def test_equal_to_the_reference(events, cell, radius, tau, memory):
    few = events.of(slice(0, 120))
    found = averaged_surface(few, cell, radius, tau, memory)
    # What was added and is taken away again leaves rounding errors of the largest sum.
    np.testing.assert_allclose(found, reference.averaged_surface(few, cell, radius, tau, memory), rtol=1e-6, atol=1e-9)
    np.testing.assert_array_equal(AveragedSurface(cell, radius, tau, memory)(few), found)


def test_long_silence_is_forgotten():
    events = EventStream([0, 10**12, 10**12 + 1000], [0] * 3, [0] * 3, [1] * 3, 1, 1)
    found = averaged_surface(events, 1, 0, tau=1e-3, memory=1e9)
    assert found[0, 0, 1, 0, 0] == pytest.approx(np.exp(-1.0) / 3)


def test_what_cannot_be_is_an_error(backward):
    for wrong in ({"cell": 0}, {"radius": -1}, {"tau": 0.0}, {"memory": 0.0}):
        with pytest.raises(InputError, match="above 0"):
            averaged_surface(backward.sorted(), **wrong)
    with pytest.raises(InputError, match="step back"):
        averaged_surface(backward)
