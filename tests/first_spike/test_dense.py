"""Full connections: closed forms, both executors, seconds and steps, bad input."""

import numpy as np
import pytest

from spikesight.base.errors import InputError, NotEnoughMemory
from spikesight.encoding.latencies import Latencies
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.executors.reference import Reference
from spikesight.first_spike import layer
from spikesight.first_spike.dense import Dense, fire

EXECUTORS = [Reference(), FusedCpu()]
NET_A = np.array([[4.0, 1.0], [0.0, 1.0], [0.0, 4.0]])


def dyadic(random, shape, dtype=np.float64):
    """Weights whose sums are exact in any order."""
    return (random.integers(-64, 129, shape) / 64).astype(dtype)


@pytest.mark.parametrize("executor", EXECUTORS)
def test_the_hidden_layer_of_a_known_network(executor):
    """S4NN's sheet, net A: crossings at 2 and 9, spikes a step later."""
    fired = fire(Dense(2, 3.0, delay=1), NET_A, Latencies(np.array([[2, 5, 9]]), 16), executor)
    assert fired.latencies.times.tolist() == [[3, 10]]
    assert fired.potentials.tolist() == [[4.0, 6.0]]


@pytest.mark.parametrize("executor", EXECUTORS)
def test_the_threshold_is_strict_and_crossed_once(executor):
    """Weights 1, 1, -1 and a threshold of 1: the potential goes 1, 2, 1."""
    given = Latencies(np.array([[1, 2, 3]]), 8)
    w = np.array([[1.0, 1.0], [1.0, 0.0], [-1.0, -1.0]])
    fired = fire(Dense(2, 1.0, delay=1), w, given, executor)
    assert fired.latencies.times.tolist() == [[3, 8]]
    assert fired.potentials.tolist() == [[2.0, 0.0]], "one that never fires has its last potential"


@pytest.mark.parametrize("executor", EXECUTORS)
def test_a_crossing_too_late_for_the_delay_never_fires(executor):
    given = Latencies(np.array([[7], [6]]), 8)
    fired = fire(Dense(1, 0.5, delay=1), [[1.0]], given, executor)
    assert fired.latencies.times.tolist() == [[8], [7]]
    assert not fired.latencies.fired[0, 0]


@pytest.mark.parametrize("executor", EXECUTORS)
def test_an_infinite_threshold_gives_final_potentials(executor):
    given = Latencies(np.array([[0, 3, 8]]), 8)
    fired = fire(Dense(1, np.inf), [[1.0], [2.0], [4.0]], given, executor)
    assert not fired.latencies.fired.any()
    assert fired.potentials.tolist() == [[3.0]], "what never fires counts nothing"


@pytest.mark.parametrize("n", [1, 7, 16, 33, 100])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("steps", "delay"), [(1, 0), (5, 1), (256, 1), (300, 3)])
def test_both_executors_agree_bit_for_bit(n, dtype, steps, delay):
    random = np.random.default_rng(n)
    given = Latencies(random.integers(0, steps + 1, (9, 5, 8)), steps)
    w = dyadic(random, (40, n), dtype)
    slow, fast = (fire(Dense(n, 6.0, delay), w, given, executor) for executor in EXECUTORS)
    np.testing.assert_array_equal(fast.latencies.times, slow.latencies.times)
    np.testing.assert_array_equal(fast.potentials, slow.potentials)
    assert fast.potentials.dtype == dtype


@pytest.mark.parametrize("executor", EXECUTORS)
def test_seconds_are_steps_of_their_own(executor):
    random = np.random.default_rng(0)
    steps = random.integers(0, 11, (6, 20))
    w = dyadic(random, (20, 5))
    whole = fire(Dense(5, 4.0, delay=2), w, Latencies(steps, 10), executor)
    seconds = np.where(steps < 10, steps * 0.25, np.inf)
    fired = fire(Dense(5, 4.0, delay=0.5), w, Latencies(seconds), executor)
    crossed = fire(Dense(5, 4.0), w, Latencies(steps, 10), executor).latencies
    np.testing.assert_array_equal(fired.latencies.times, np.where(crossed.fired, crossed.times * 0.25 + 0.5, np.inf))
    np.testing.assert_array_equal(fired.potentials, whole.potentials)


@pytest.mark.parametrize("executor", EXECUTORS)
def test_silence_in_silence_out(executor):
    for silent in (Latencies(np.full((2, 3), 9), 9), Latencies(np.full((2, 3), np.inf))):
        fired = fire(Dense(4, 1.0), np.ones((3, 4)), silent, executor)
        assert not fired.latencies.fired.any()
        assert not fired.potentials.any()


def test_a_later_input_is_a_later_spike():
    random = np.random.default_rng(1)
    steps = random.integers(0, 50, (4, 30))
    w = dyadic(random, (30, 12))
    early, late = (fire(Dense(12, 5.0, 1), w, Latencies(steps + by, 100)).latencies for by in (0, 20))
    np.testing.assert_array_equal(late.fired, early.fired)
    np.testing.assert_array_equal(late.times[late.fired], early.times[early.fired] + 20)


def test_the_number_of_cores_changes_nothing(monkeypatch):
    random = np.random.default_rng(2)
    given = Latencies(random.integers(0, 257, (31, 50)), 256)
    w = random.normal(0.5, 1.0, (50, 20)).astype(np.float32)
    several = fire(Dense(20, 5.0), w, given)
    monkeypatch.setenv("SPIKESIGHT_CORES", "1")
    alone = fire(Dense(20, 5.0), w, given)
    assert several.latencies.times.tobytes() == alone.latencies.times.tobytes()
    assert several.potentials.tobytes() == alone.potentials.tobytes()


def test_what_was_given_is_untouched():
    times, w = np.array([[2, 5, 9]], np.uint8), NET_A.copy()
    times.flags.writeable = w.flags.writeable = False
    fire(Dense(2, 3.0), w, Latencies(times, 16))


@pytest.mark.parametrize("wrong", [{"n": 0}, {"threshold": -1.0}, {"threshold": np.nan}, {"delay": -1}])
def test_what_is_no_layer(wrong):
    with pytest.raises(InputError, match="at least"):
        Dense(**{"n": 3, "threshold": 1.0, **wrong})


def test_weights_that_do_not_fit_are_refused():
    given = Latencies(np.array([[2, 5, 9]]), 16)
    with pytest.raises(InputError, match=r"weights have shape \(2, 2\), this input needs \(3, 2\)"):
        fire(Dense(2, 1.0), np.ones((2, 2)), given)
    with pytest.raises(InputError, match="NaN"):
        fire(Dense(2, 1.0), np.full((3, 2), np.nan), given)
    with pytest.raises(InputError, match="no whole number"):
        fire(Dense(2, 1.0, delay=0.5), NET_A, given)
    assert Dense(2, 1.0).weight_shape((1, 5, 4)) == (20, 2)
    assert Dense(2, 1.0).shape((1, 5, 4)) == (2,)


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize("steps", [4, None])
def test_an_empty_batch(executor, steps):
    fired = fire(
        Dense(3, 1.0), np.ones((6, 3)), Latencies(np.zeros((0, 2, 3), int if steps else float), steps), executor
    )
    assert fired.latencies.times.shape == fired.potentials.shape == (0, 3)


def test_a_batch_whose_answer_does_not_fit_is_refused(monkeypatch):
    monkeypatch.setattr(layer, "available_memory", lambda: 10**6)
    many = Latencies(np.broadcast_to(np.uint8(0), (1_000_000, 1)), 5)
    with pytest.raises(NotEnoughMemory, match=r"dense: .*batches\("):
        fire(Dense(100, 1.0), np.ones((1, 100)), many)
