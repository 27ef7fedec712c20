import math
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikesight.base.errors import InputError
from spikesight.trace.dense import from_latencies, from_steps
from spikesight.trace.reader import Trace
from spikesight.trace.schema import VIRTUAL, Header, Layer
from spikesight.trace.writer import TraceWriter


@given(st.integers(1, 6), st.integers(1, 5), st.lists(st.integers(1, 4), max_size=3), st.integers(0, 2**32 - 1))
def test_steps_come_item_after_item(steps, items, shape, seed):
    spikes = np.random.default_rng(seed).random((steps, items, *shape)) < 0.3
    found = from_steps(spikes, first=100, stim=7)
    expected = [
        (100 + item * steps + step, unit, 7 + item)
        for item in range(items)
        for step in range(steps)
        for unit in np.flatnonzero(spikes[step, item])
    ]
    assert list(zip(*(column.tolist() for column in found), strict=True)) == expected
    assert [column.dtype for column in found] == [np.int64, np.int32, np.int32]


@pytest.mark.parametrize("dtype", [np.float32, np.uint8, np.int64])
def test_any_numbers_of_0_and_1_will_do(dtype):
    spikes = np.random.default_rng(0).random((5, 3, 2, 2)) < 0.4
    for column, expected in zip(from_steps(spikes.astype(dtype)), from_steps(spikes), strict=True):
        np.testing.assert_array_equal(column, expected)


@pytest.mark.parametrize("spikes", [np.full((2, 2, 2), 2), np.full((2, 2, 2), 0.5), np.full((2, 2, 2), np.nan)])
def test_other_values_are_refused(spikes):
    with pytest.raises(InputError, match="0 or 1, got values from"):
        from_steps(spikes)


def test_shapes_that_cannot_be():
    with pytest.raises(InputError, match=r"\(T, B, ...\)"):
        from_steps(np.ones(3))
    for latencies in (np.int64(3), np.zeros((0, 4))):
        with pytest.raises(InputError, match=r"\(B, ...\)"):
            from_latencies(latencies, 3)


@given(
    st.lists(st.lists(st.sampled_from([-1, 0, 1, 5, 9]), min_size=4, max_size=4), min_size=1, max_size=5),
    st.sampled_from([float, int]),
)
def test_latencies_are_spikes_at_their_step(latencies, kind):
    never = math.inf if kind is float else -1
    times = np.array([[never if one < 0 else kind(one) for one in item] for item in latencies])
    spikes = np.zeros((10, len(latencies), 4), bool)
    for item, row in enumerate(latencies):
        for unit, step in enumerate(row):
            if step >= 0:
                spikes[step, item, unit] = True
    for column, expected in zip(
        from_latencies(times.reshape(-1, 2, 2), 10, 30, 2), from_steps(spikes, 30, 2), strict=True
    ):
        np.testing.assert_array_equal(column, expected)


def test_latencies_that_cannot_be():
    with pytest.raises(InputError, match="whole ticks"):
        from_latencies(np.array([[0.5]]), 10)
    with pytest.raises(InputError, match=r"ticks 0 to 9, got a latency of 10"):
        from_latencies(np.array([[3, 10]]), 10)


def test_tensors_that_are_trained_are_recorded():
    torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'spikesight[train]'")
    spikes = (torch.rand(4, 3, 5) < 0.5).float().requires_grad_()
    found = from_steps(spikes)
    assert len(found.t) == int(spikes.sum())


def test_batches_follow_each_other_in_a_trace(folder):
    random, batches = np.random.default_rng(1), []
    with TraceWriter.create(folder, Header("r", 1_000_000, (Layer("conv", (2, 3)),), time=VIRTUAL)) as writer:
        for place in range(3):
            spikes = random.random((8, 4, 2, 3)) < 0.2
            batches.append(spikes)
            writer.append("conv", from_steps(spikes, first=place * 32, stim=place * 4))
    whole = np.concatenate([np.swapaxes(spikes, 0, 1) for spikes in batches]).reshape(12, 8, 6)
    with Trace.open(folder) as trace:
        np.testing.assert_array_equal(trace.spike_counts("conv", (0, 12)), whole.sum(axis=1))
        np.testing.assert_array_equal(trace.raster("conv", (0.0, 0.096), bins=96), whole.reshape(96, 6).T)


def test_a_batch_is_turned_around_fast():
    # 15 ms where this was written, for 26 million places with 0.5 million spikes.
    spikes = np.random.default_rng(0).random((16, 32, 64, 28, 28)) < 0.02
    costs = []
    for _ in range(3):
        start = time.process_time()
        from_steps(spikes)
        costs.append(time.process_time() - start)
    assert min(costs) < 0.5
