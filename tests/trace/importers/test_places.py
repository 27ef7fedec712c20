import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikesight.base.errors import InputError
from spikesight.trace.importers.contract import Population
from spikesight.trace.importers.places import Places, check_size


@given(st.lists(st.lists(st.integers(-(2**40), 2**40), max_size=8), max_size=5))
def test_units_that_are_found_keep_their_numbers(pieces):
    places = Places(Population("exc"))
    for piece in pieces:
        places.see(np.array(piece, np.int64), spiked=True)
    seen = sorted({number for piece in pieces for number in piece})
    assert places.ids.tolist() == (seen or [-1])
    assert places.senders.tolist() == seen
    for piece in pieces:
        numbers = np.array(piece, np.int64)
        assert places.ids[places.of(numbers)].tolist() == piece


def test_units_of_a_declared_layer_are_places():
    places = Places(Population("exc", (2, 3), np.arange(10, 16)))
    places.see(np.array([5.0, 0.0]), spiked=False)
    assert (places.size, places.shape, len(places.senders)) == (6, (2, 3), 0)
    assert places.ids[places.of(np.array([5, 0]))].tolist() == [15, 10]


@pytest.mark.parametrize("unit", [[6], [-1], [0.5], [np.nan], [1e17], ["a"]])
def test_units_that_are_none(unit):
    with pytest.raises(InputError, match="unit"):
        Places(Population("exc", (6,))).see(np.array(unit), spiked=True)


def test_numbers_beyond_int64_are_refused():
    with pytest.raises(InputError, match="2\\^63"):
        Places(Population("exc")).see(np.array([2**64 - 1], np.uint64), spiked=True)


@pytest.mark.parametrize("shape", [(), (0,), (2, -1), (2**20, 2**20)])
def test_sizes_no_layer_has(shape):
    with pytest.raises(InputError, match="declares"):
        check_size("exc", shape)
