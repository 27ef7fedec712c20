from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from spikesight.base.errors import InputError
from spikesight.encoding.latencies import Latencies

STEPS = 7
some_times = arrays(np.int64, array_shapes(min_dims=2, max_dims=4, max_side=4), elements=st.integers(0, STEPS))


@given(some_times)
def test_a_wave_and_back(times: np.ndarray) -> None:
    latencies = Latencies(times, STEPS)
    wave = latencies.wave()
    assert wave.shape == (STEPS, *times.shape)
    np.testing.assert_array_equal(STEPS - wave.sum(axis=0), times)
    back = Latencies.from_wave(wave)
    np.testing.assert_array_equal(back.times, times)
    assert back.steps == STEPS


@given(some_times)
def test_the_earliest_of_several_is_the_maximum_of_their_waves(times: np.ndarray) -> None:
    earliest = Latencies(times.min(axis=-1), STEPS) if times.ndim > 1 else None
    assert earliest is not None
    np.testing.assert_array_equal(Latencies(times, STEPS).wave().max(axis=-1), earliest.wave())


def test_never_in_steps_and_in_seconds() -> None:
    steps = Latencies(np.array([[0, 3, 4]]), 4)
    assert steps.never == 4
    assert steps.fired.tolist() == [[True, True, False]]
    assert steps.ticks().tolist() == [[0, 3, -1]]
    assert steps.times.dtype == np.uint8
    seconds = Latencies(np.array([[0.0, 0.0029, np.inf]]))
    assert seconds.never == np.inf
    assert seconds.fired.tolist() == [[True, True, False]]
    assert seconds.ticks(1e-3).tolist() == [[0, 3, -1]]


def test_256_steps_have_room_for_never() -> None:
    assert Latencies(np.array([[256, 255]]), 256).fired.tolist() == [[False, True]]


def test_some_items_and_batches() -> None:
    latencies = Latencies(np.arange(6).reshape(3, 1, 2), 9)
    assert latencies[1:].times.tolist() == [[[2, 3]], [[4, 5]]]
    assert [len(batch) for batch in latencies.batches(2)] == [2, 1]
    assert latencies.flat().shape == (2,)


@pytest.mark.parametrize(
    ("times", "steps", "says"),
    [
        ([[5]], 4, "4 means never"),
        ([[-1]], 4, "got -1"),
        ([[0.5]], 4, "whole numbers"),
        ([[np.nan]], None, "NaN"),
        ([[-0.1]], None, "negative"),
        ([[1]], None, "floating"),
        (3, 4, "items first"),
        ([[0]], 0, "a step at least"),
        ([[0]], 3.5, "whole ones"),
    ],
)
def test_what_is_no_latency(times: object, steps: int | None, says: str) -> None:
    with pytest.raises(InputError, match=says):
        Latencies(np.array(times), steps)


@pytest.mark.parametrize(
    ("wave", "says"),
    [([[[2]]], "0 and 1"), ([[[1]], [[0]]], "stays 1"), ([1, 0], "steps, items"), (np.zeros((0, 1)), "steps, items")],
)
def test_what_is_no_wave(wave: object, says: str) -> None:
    with pytest.raises(InputError, match=says):
        Latencies.from_wave(np.array(wave))


def test_seconds_have_no_wave_and_no_ticks_of_their_own() -> None:
    seconds = Latencies(np.array([[0.1]]))
    with pytest.raises(InputError, match="seconds"):
        seconds.wave()
    with pytest.raises(InputError, match="how many a tick lasts"):
        seconds.ticks()


@pytest.mark.parametrize("latencies", [Latencies(np.zeros((0, 2, 3), int), 4), Latencies(np.zeros((0, 2, 3)))])
def test_an_empty_batch_can_be_flat(latencies: Latencies) -> None:
    assert latencies.flat().times.shape == (0, 6)


def test_one_item_is_a_batch_too() -> None:
    latencies = Latencies(np.arange(6).reshape(3, 2), 9)
    assert latencies[np.array([2])].times.tolist() == [[4, 5]]
    with pytest.raises(InputError, match=r"say \[2 : 3\]"):
        latencies[2]  # type: ignore[index]


def test_ticks_that_cannot_be_counted_are_no_silence() -> None:
    with pytest.raises(InputError, match=r"tick 1e\+15.*take longer ones"):
        Latencies(np.array([[1e12, 1.0]])).ticks(1e-3)


def test_seconds_are_of_a_type_that_is_compiled_for() -> None:
    for dtype in (np.float16, ">f4", ">f8"):
        assert Latencies(np.ones((1, 2), dtype)).times.dtype == np.float64
    assert Latencies(np.ones((1, 2), np.float32)).times.dtype == np.float32
