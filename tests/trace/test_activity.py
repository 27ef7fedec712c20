import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikesight.base.errors import InputError
from spikesight.encoding.latencies import Latencies
from spikesight.trace.activity import Graded, Trains
from spikesight.trace.dense import from_steps


@given(st.integers(1, 5), st.integers(0, 4), st.integers(1, 4), st.integers(0, 3), st.integers(0, 2**32 - 1))
def test_every_spike_is_a_row(steps, items, units, rest, seed):
    counts = np.random.default_rng(seed).integers(0, 4, (steps, items, units))
    found = Trains(counts).events(1e-3, steps + rest, 100, 7)
    expected = [
        (100 + item * (steps + rest) + step, unit, 7 + item)
        for item in range(items)
        for step in range(steps)
        for unit in range(units)
        for _ in range(counts[step, item, unit])
    ]
    assert list(zip(*(column.tolist() for column in found), strict=True)) == expected
    assert [column.dtype for column in found] == [np.int64, np.int32, np.int32]


def test_trains_of_0_and_1_are_as_they_were():
    spikes = np.random.default_rng(0).random((6, 3, 2, 2)) < 0.4
    for mine, known in zip(Trains(spikes).events(1e-3, 6, 3, 2), from_steps(spikes, 3, 2), strict=True):
        np.testing.assert_array_equal(mine, known)


def test_neurons_that_fire_once_are_counted_alike():
    times = np.random.default_rng(0).integers(0, 9, (5, 2, 3))
    once = Latencies(times, 8)
    trains = Trains((np.arange(8)[:, None, None, None] == times) & (times < 8))
    assert (once.steps, once.shape, len(once)) == (trains.steps, trains.shape, len(trains))
    for until in (np.full(5, np.inf), np.array([0.0, 3.0, 7.0, 2.0, 1.0])):
        np.testing.assert_array_equal(once.count(until), trains.count(until))
    mine, known = once.events(1e-3, 8), trains.events(1e-3, 8)
    assert sorted(zip(*(c.tolist() for c in mine), strict=True)) == sorted(
        zip(*(c.tolist() for c in known), strict=True)
    )


def test_several_spikes_count():
    trains = Trains(np.array([[[2, 0]], [[1, 3]]]))
    assert trains.most == 3
    assert trains.count(np.array([0.0])).tolist() == [2]
    assert trains.count(np.array([np.inf])).tolist() == [6]


@pytest.mark.parametrize("values", [-1.0, 0.5, np.nan, np.inf])
def test_what_is_no_spike_is_refused(values):
    with pytest.raises(InputError, match="whole numbers from 0 on"):
        Trains(np.full((2, 1, 3), values))


def test_shapes_that_cannot_be():
    for spikes in (np.ones(3), np.ones((0, 2))):
        with pytest.raises(InputError, match=r"\(T, B, ...\)"):
            Trains(spikes)
    with pytest.raises(InputError, match="give more steps"):
        Trains(np.ones((3, 1, 1))).events(1e-3, 2)


def test_graded_layers_have_no_spikes():
    graded = Graded(np.ones((1, 4, 2, 3)))
    assert (len(graded), graded.shape, graded.steps) == (4, (2, 3), None)
    assert graded.count(np.full(4, np.inf)).sum() == len(graded.events(1e-3, 5).t) == 0


def test_graded_layers_have_samples():
    numbers = np.arange(12).reshape(2, 3, 2)  # steps, items, units
    t, unit, value = Graded(numbers).samples(5, 100)
    assert t.tolist() == [100, 100, 101, 101, 105, 105, 106, 106, 110, 110, 111, 111]
    assert unit.tolist() == [0, 1] * 6
    assert value.tolist() == [0, 1, 6, 7, 2, 3, 8, 9, 4, 5, 10, 11]
    with pytest.raises(InputError, match="give more steps"):
        Graded(numbers).samples(1)
    with pytest.raises(InputError, match=r"\(S, B, ...\)"):
        Graded(np.ones(3))
