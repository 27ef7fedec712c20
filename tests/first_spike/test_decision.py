"""Who decides: worked examples, and the compiled form beside the reference."""

from __future__ import annotations

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.encoding.latencies import Latencies
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.executors.reference import Reference
from spikesight.first_spike.convolution import Convolution
from spikesight.first_spike.decided import SILENT
from spikesight.first_spike.decision import decide

EXECUTORS = [Reference(), FusedCpu()]


@pytest.fixture(params=EXECUTORS, ids=lambda one: one.name if hasattr(one, "name") else type(one).__name__)
def executor(request):
    return request.param


def whole(maps, threshold):
    """A layer of neurons that see all of an input of 1 x 1."""
    return Convolution(maps, (1, 1), threshold)


def one(*times, steps=4):
    return Latencies(np.array(times, np.uint8).reshape(1, -1, 1, 1), steps)


def test_the_first_to_fire_decides_not_the_strongest(executor):
    w = np.array([[3.0, 0.0], [0.0, 9.0]]).reshape(2, 2, 1, 1)
    found = decide(whole(2, 2.0), w, one(1, 2), executor=executor)
    assert (found.map[0], found.time[0], found.potential[0]) == (0, 1, 3.0)
    assert found.winner(0) == (0, 0, 0, 1, 3.0)


def test_of_one_step_the_larger_potential_decides(executor):
    w = np.array([[3.0, 0.0], [0.0, 9.0]]).reshape(2, 2, 1, 1)
    assert decide(whole(2, 2.0), w, one(1, 1), executor=executor).map[0] == 1


def test_a_potential_at_the_threshold_does_not_fire(executor):
    found = decide(whole(1, 2.0), np.full((1, 1, 1, 1), 2.0), one(0), executor=executor)
    assert (found.map[0], found.time[0], found.row[0]) == (SILENT, 4, SILENT)
    assert found.likeliest[0] == 0
    assert found.winner(0) is None


def test_without_a_threshold_the_largest_final_potential_decides_in_the_last_step(executor):
    w = np.array([[3.0, 0.0], [2.0, 2.0]]).reshape(2, 2, 1, 1)
    found = decide(whole(2, np.inf), w, one(0, 3), executor=executor)
    assert (found.map[0], found.time[0], found.potential[0]) == (1, 3, 4.0)


def test_a_threshold_is_a_number_of_the_type_of_the_weights(executor):
    """0.1 in float32 is a little more than in float64, and not above itself."""
    found = decide(whole(1, 0.1), np.full((1, 1, 1, 1), 0.1, np.float32), one(0), executor=executor)
    assert found.map[0] == SILENT


@pytest.mark.parametrize("threshold", [1.0, np.inf])
def test_an_empty_batch_has_no_decisions(executor, threshold):
    found = decide(whole(2, threshold), np.ones((2, 1, 1, 1)), one(0)[:0], executor=executor)
    assert [field.shape for field in found] == [(0,)] * 7


def test_without_a_spike_nobody_decides(executor):
    found = decide(whole(2, np.inf), np.ones((2, 1, 1, 1)), one(4), executor=executor)
    assert found.map[0] == SILENT


def test_maps_of_one_group_do_not_tie(executor):
    w = np.array([1.0, 1.0, 0.5, 1.0]).reshape(4, 1, 1, 1)
    tied = [decide(whole(4, 0.0), w, one(0), groups, executor=executor) for groups in ([0, 0, 1, 0], [0, 0, 1, 1])]
    assert [found.tied[0] for found in tied] == [False, True]
    assert [found.map[0] for found in tied] == [0, 0]


def test_who_does_not_take_part_does_not_decide(executor):
    w = np.array([3.0, 2.0, 1.0]).reshape(3, 1, 1, 1)
    found = decide(whole(3, 0.0), w, one(0), taking_part=[False, True, True], executor=executor)
    assert found.map[0] == 1


@pytest.mark.parametrize("threshold", [np.inf, 6.0, 0.0, 1e6])
@pytest.mark.parametrize(("kernel", "padding"), [((3, 3), (0, 0)), ((5, 5), (2, 2)), ((1, 2), (0, 1))])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_compiled_and_reference_agree(threshold, kernel, padding, dtype):
    """Weights are eighths, whose sums are exact in any order: all is equal, ties too."""
    rng = np.random.default_rng(1)
    layer = Convolution(6, kernel, threshold, padding=padding)
    times = rng.integers(0, 10, (300, 3, 5, 6)).clip(0, 7).astype(np.uint8)
    times[:3] = 7
    w = (rng.integers(-4, 9, (6, 3, *kernel)) / 8).astype(dtype)
    groups, part = np.arange(6) // 2, rng.random(6) < 0.8
    kept = times.copy(), w.copy()
    slow, fast = (decide(layer, w, Latencies(times, 7), groups, part, executor) for executor in EXECUTORS)
    for name, expected, got in zip(slow._fields, slow, fast, strict=True):
        np.testing.assert_array_equal(got, expected, err_msg=name)
    assert slow.potential.dtype == fast.potential.dtype == dtype
    np.testing.assert_array_equal(times, kept[0])
    np.testing.assert_array_equal(w, kept[1])


def test_answers_do_not_depend_on_the_number_of_threads(monkeypatch):
    rng = np.random.default_rng(2)
    layer, w = Convolution(4, (2, 2), 2.5), rng.random((4, 2, 2, 2)).astype(np.float32)
    given = Latencies(rng.integers(0, 8, (600, 2, 4, 4)).astype(np.uint8), 8)
    found = []
    for cores in ("1", "2"):
        monkeypatch.setenv("SPIKESIGHT_CORES", cores)
        found.append(decide(layer, w, given))
    for one_core, two in zip(*found, strict=True):
        np.testing.assert_array_equal(one_core, two)


@pytest.mark.parametrize(
    ("layer", "w", "more", "message"),
    [
        (Convolution(2, (1, 1), 1.0, stride=(2, 2)), np.ones((2, 1, 1, 1)), {}, "stride and dilation are"),
        (Convolution(2, (1, 1), 1.0), np.full((2, 1, 1, 1), np.nan), {}, "2 weights are NaN"),
        (Convolution(2, (1, 1), 1.0), np.ones((2, 1, 1, 1)), {"groups": [0]}, "groups has a value for each of the 2"),
        (Convolution(2, (1, 1), 1.0), np.ones((2, 1, 1, 1)), {"taking_part": [0, 0]}, "no map may decide"),
        (Convolution(2, (1, 1), 1.0), np.ones((2, 2, 1, 1)), {}, "weights have shape"),
    ],
)
def test_what_cannot_be_is_refused(layer, w, more, message):
    with pytest.raises(InputError, match=message):
        decide(layer, w, one(0), **more)


def test_seconds_are_refused():
    with pytest.raises(InputError, match="whole steps are needed"):
        decide(whole(1, 1.0), np.ones((1, 1, 1, 1)), Latencies(np.zeros((1, 1, 1, 1))))
