import numpy as np
import pytest

from spikesight.base.cores import LIMIT
from spikesight.base.errors import InputError
from spikesight.base.randomness import generator
from spikesight.encoding.latencies import Latencies
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.executors.reference import Reference
from spikesight.first_spike.convolution import Convolution, fire
from spikesight.first_spike.pooling import Pooling

EXECUTORS = [Reference(), FusedCpu()]
each_executor = pytest.mark.parametrize("executor", EXECUTORS, ids=lambda executor: executor.name)

LAYERS = {
    "plain": Convolution(5, (3, 2), 4.0),
    "padded": Convolution(5, (3, 2), 4.0, padding=(1, 2)),
    "strided": Convolution(5, (3, 2), 2.5, stride=(2, 1)),
    "everything": Convolution(5, (3, 2), 2.0, stride=(3, 2), padding=(2, 2), dilation=(2, 1)),
    "one place": Convolution(5, (11, 13), 20.0),
    "never": Convolution(5, (3, 2), np.inf, padding=(1, 1)),
}
TIMES = {
    "steps": (lambda random: Latencies(random.integers(0, 9, (4, 3, 11, 13)), 8)),
    "many steps": (lambda random: Latencies(random.integers(0, 301, (4, 3, 11, 13)), 300)),
    "seconds": (lambda random: Latencies(random.choice([*random.random(20), np.inf], (4, 3, 11, 13)))),
    "mostly silent": (lambda random: Latencies(np.where(random.random((4, 3, 11, 13)) < 0.02, 2, 8), 8)),
    "silent": (lambda random: Latencies(np.full((4, 3, 11, 13), 8), 8)),
}


@each_executor
def test_a_neuron_fires_once_in_the_first_step_in_which_it_is_above_threshold(executor):
    given = Latencies(np.array([[[[0, 1, 2, 4]]]]), 4)
    fired = fire(Convolution(1, (1, 3), 2.0), np.array([[[[1.0, 1.5, 2.0]]]]), given, executor)
    # Left window: 1, 2.5 (fires in step 1), 4.5. Right window: 1 in step 1, 2.5 in step 2; the last input never comes.
    np.testing.assert_array_equal(fired.latencies.times, [[[[1, 2]]]])
    np.testing.assert_array_equal(fired.potentials, [[[[2.5, 2.5]]]])


@each_executor
def test_at_the_threshold_is_not_above_it(executor):
    given = Latencies(np.array([[[[0, 1]]]]), 3)
    fired = fire(Convolution(1, (1, 2), 2.0), np.ones((1, 1, 1, 2)), given, executor)
    assert fired.latencies.times.item() == fired.latencies.never == 3
    assert fired.potentials.item() == 2.0


@each_executor
def test_a_potential_that_rises_and_falls_fires_on_its_way_up(executor):
    given = Latencies(np.array([[[[0, 1, 2]]]]), 3)
    fired = fire(Convolution(1, (1, 3), 2.0), np.array([[[[1.0, 2.0, -3.0]]]]), given, executor)
    assert (fired.latencies.times.item(), fired.potentials.item()) == (1, 3.0)
    assert fire(Convolution(1, (1, 3), 9.0), np.array([[[[1.0, 2.0, -3.0]]]]), given, executor).potentials.item() == 0


@each_executor
def test_seconds_are_taken_as_they_are(executor):
    given = Latencies(np.array([[[[0.5, 0.25, np.inf]]]]))
    fired = fire(Convolution(1, (1, 2), 1.5), np.ones((1, 1, 1, 2)), given, executor)
    np.testing.assert_array_equal(fired.latencies.times, [[[[0.5, np.inf]]]])


@each_executor
def test_each_map_may_have_a_threshold_of_its_own(executor):
    given = Latencies(np.array([[[[0, 1, 2]]]]), 3)
    layer = Convolution(3, (1, 3), 100.0)
    fired = fire(layer, np.ones((3, 1, 1, 3)), given, executor, thresholds=[0.5, 1.5, np.inf])
    np.testing.assert_array_equal(fired.latencies.times[0, :, 0, 0], [0, 1, 3])
    np.testing.assert_array_equal(fired.potentials[0, :, 0, 0], [1, 2, 3])


@pytest.mark.parametrize("layer", LAYERS.values(), ids=LAYERS)
@pytest.mark.parametrize("times", TIMES.values(), ids=TIMES)
@pytest.mark.parametrize("one_map_per_place", [False, True])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_compiled_it_is_the_reference_bit_for_bit(layer, times, one_map_per_place, dtype):
    """Weights are eighths, so that sums are exact in any order."""
    random = generator(0, "parity")
    given = times(random)
    w = (random.integers(-3, 8, layer.weight_shape(given.shape)) / 8).astype(dtype)
    kept = given.times.copy(), w.copy()
    slow, fast = (fire(layer, w, given, ex, one_map_per_place=one_map_per_place) for ex in EXECUTORS)
    np.testing.assert_array_equal(slow.latencies.times, fast.latencies.times)
    np.testing.assert_array_equal(slow.potentials, fast.potentials)
    assert slow.latencies.times.dtype == fast.latencies.times.dtype == given.times.dtype
    assert slow.potentials.dtype == fast.potentials.dtype == dtype
    np.testing.assert_array_equal(given.times, kept[0])
    np.testing.assert_array_equal(w, kept[1])


def test_with_any_weights_a_neuron_differs_only_where_it_is_at_its_threshold_but_for_rounding():
    """float32 sums depend on their order: by 48 roundings of a potential of 64 at most, here."""
    random = generator(0, "rounding")
    layer = Convolution(20, (4, 4), 8.0)
    given = Latencies(random.integers(0, 16, (20, 3, 16, 16)), 15)
    w = random.normal(0.5, 0.3, layer.weight_shape(given.shape)).astype(np.float32)
    slow, fast = (fire(layer, w, given, executor) for executor in EXECUTORS)
    same = slow.latencies.times == fast.latencies.times
    near = 48 * np.spacing(np.float32(64))
    np.testing.assert_allclose(slow.potentials[same], fast.potentials[same], rtol=0, atol=near)
    earlier = np.where(slow.latencies.times < fast.latencies.times, slow.potentials, fast.potentials)
    assert (np.abs(earlier[~same] - layer.threshold) <= near).all()
    assert (~same).mean() < 1e-4


def test_the_number_of_cores_changes_nothing(monkeypatch):
    random = generator(0, "cores")
    layer = Convolution(4, (3, 3), 3.0)
    given = Latencies(random.integers(0, 9, (5, 2, 8, 8)), 8)
    w = random.random(layer.weight_shape(given.shape)).astype(np.float32)
    monkeypatch.setenv(LIMIT, "1")
    alone = fire(layer, w, given)
    monkeypatch.delenv(LIMIT)
    together, each = fire(layer, w, given), [fire(layer, w, given[item : item + 1]) for item in range(5)]
    for fired in (together, each):
        items = [fired] if fired is together else fired
        np.testing.assert_array_equal(np.concatenate([part.potentials for part in items]), alone.potentials)
        np.testing.assert_array_equal(np.concatenate([part.latencies.times for part in items]), alone.latencies.times)


@each_executor
def test_an_empty_batch_and_layers_one_behind_the_other(executor):
    given = Latencies(np.zeros((0, 2, 8, 8), int), 8)
    layer, w = Convolution(3, (3, 3), 2.0), np.ones((3, 2, 3, 3))
    assert fire(layer, w, given, executor).latencies.times.shape == (0, 3, 6, 6)
    full = Latencies(generator(0, "chain").integers(0, 9, (2, 2, 8, 8)), 8)
    pooled = Pooling((2, 2)).earliest(fire(layer, w, full, executor).latencies)
    behind = fire(Convolution(4, (2, 2), 2.0), np.ones((4, 3, 2, 2)), pooled, executor)
    assert behind.latencies.times.shape == (2, 4, 2, 2)


def test_it_agrees_with_a_convolution_of_the_cumulative_wave():
    scipy_signal = pytest.importorskip("scipy.signal")
    random = generator(0, "wave")
    given = Latencies(random.integers(0, 9, (1, 2, 9, 9)), 8)
    w = random.integers(0, 8, (3, 2, 4, 4)) / 8
    wave = given.wave()[:, 0].astype(float)
    potentials = np.array(
        [[sum(scipy_signal.correlate(step[c], k[c], "valid") for c in range(2)) for k in w] for step in wave]
    )
    expected = Latencies.from_wave((potentials > 6.0)[:, None])
    np.testing.assert_array_equal(fire(Convolution(3, (4, 4), 6.0), w, given).latencies.times, expected.times)


def test_what_cannot_be_a_convolution():
    for wrong in (
        {"maps": 0},
        {"maps": 2.5},
        {"kernel": 3},
        {"kernel": (0, 3)},
        {"threshold": np.nan},
        {"threshold": -1.0},
        {"stride": (0, 1)},
        {"padding": (-1, 0)},
    ):
        with pytest.raises(InputError):
            Convolution(**{"maps": 3, "kernel": (3, 3), "threshold": 1.0, **wrong})


def test_what_does_not_fit_is_refused():
    layer, given = Convolution(3, (3, 3), 1.0), Latencies(np.zeros((1, 2, 8, 8), int), 8)
    with pytest.raises(InputError, match=r"weights have shape \(3, 4, 3, 3\), this input needs \(3, 2, 3, 3\)"):
        fire(layer, np.ones((3, 4, 3, 3)), given)
    with pytest.raises(InputError, match="NaN"):
        fire(layer, np.full((3, 2, 3, 3), np.nan), given)
    with pytest.raises(InputError, match="needs maps"):
        fire(layer, np.ones((3, 2, 3, 3)), given.flat())
    with pytest.raises(InputError, match="does not fit"):
        fire(Convolution(3, (9, 9), 1.0), np.ones((3, 2, 9, 9)), given)
    for thresholds in ([1.0], [1.0, np.nan, 1.0], [1.0, -1.0, 1.0]):
        with pytest.raises(InputError, match="3 maps"):
            fire(layer, np.ones((3, 2, 3, 3)), given, thresholds=thresholds)


@pytest.mark.parametrize("threshold", [8.0, np.inf])
def test_no_answer_depends_on_the_batch_that_an_item_comes_in(threshold):
    """Not by a bit, though these sums are rounded: crowded items and others, behind any threshold."""
    random = generator(0, "batches")
    layer = Convolution(30, (5, 5), threshold)
    share = random.random((12, 1, 1, 1))
    given = Latencies(np.where(random.random((12, 2, 14, 14)) < share, random.integers(0, 15, (12, 2, 14, 14)), 15), 15)
    w = random.normal(0.8, 0.05, layer.weight_shape(given.shape)).astype(np.float32)
    together = fire(layer, w, given)
    for size in (1, 5):
        parts = [fire(layer, w, batch) for batch in given.batches(size)]
        np.testing.assert_array_equal(np.concatenate([part.potentials for part in parts]), together.potentials)
    assert fire(layer, w, given[:0]).potentials.shape == (0, 30, 10, 10)
