from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.encoding.spike_list import SpikeList, from_dense, silence

dense_arrays = arrays.arrays(np.bool_, st.tuples(st.integers(0, 9), st.integers(0, 7)))


def check(spikes: SpikeList, steps: int) -> None:
    """What every list of spikes is."""
    assert (spikes.starts.dtype, spikes.units.dtype) == (np.dtype(np.int64), np.dtype(np.int32))
    assert spikes.steps == steps == len(spikes.starts) - 1
    assert spikes.starts[0] == 0
    assert spikes.starts[-1] == len(spikes.units)
    assert (np.diff(spikes.starts) >= 0).all()
    for first, last in zip(spikes.starts[:-1], spikes.starts[1:], strict=True):
        assert (np.diff(spikes.units[first:last]) > 0).all()


@given(dense_arrays)
def test_a_dense_array_and_back(spikes: NDArray[np.bool_]) -> None:
    found = from_dense(spikes)
    check(found, len(spikes))
    np.testing.assert_array_equal(found.dense(spikes.shape[1]), spikes)


@given(dense_arrays)
def test_times_and_units_are_where_the_ones_are(spikes: NDArray[np.bool_]) -> None:
    found = from_dense(spikes)
    np.testing.assert_array_equal(np.stack([found.times, found.units], axis=1), np.argwhere(spikes))


@given(dense_arrays, st.integers(0, 5))
def test_padding_is_silence_at_the_end(spikes: NDArray[np.bool_], more: int) -> None:
    padded = from_dense(spikes).padded(len(spikes) + more)
    check(padded, len(spikes) + more)
    n = spikes.shape[1]
    np.testing.assert_array_equal(padded.dense(n), np.concatenate([spikes, np.zeros((more, n), np.bool_)]))


def test_padding_to_less_is_refused() -> None:
    with pytest.raises(InputError, match="these spikes cover 5 steps: they cannot be padded to 4"):
        silence(5).padded(4)


def test_a_known_list() -> None:
    spikes = from_dense(np.array([[0, 1, 1], [0, 0, 0], [1, 0, 0]]))
    assert spikes.starts.tolist() == [0, 2, 2, 3]
    assert spikes.units.tolist() == [1, 2, 0]
    assert spikes.times.tolist() == [0, 0, 2]


def test_a_neuron_that_fires_twice_in_a_step_counts_twice() -> None:
    spikes = SpikeList(np.array([0, 3]), np.array([1, 1, 2], np.int32))
    assert spikes.dense(4).tolist() == [[0, 2, 1, 0]]


@pytest.mark.parametrize("steps", [0, 1, 7])
def test_silence(steps: int) -> None:
    check(silence(steps), steps)
    assert silence(steps).dense(3).shape == (steps, 3)
    assert not silence(steps).dense(3).any()


@pytest.mark.parametrize("spikes", [np.zeros(3), np.zeros((2, 3, 4)), 1])
def test_arrays_that_are_not_steps_by_neurons(spikes: Any) -> None:
    with pytest.raises(InputError, match=r"a dense spike array is \(T, n\), got shape \("):
        from_dense(spikes)


def test_a_neuron_fires_once_in_a_step_or_not_at_all() -> None:
    with pytest.raises(InputError, match="counts up to 2"):
        from_dense(np.array([[2, 0]]))
