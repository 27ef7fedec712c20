import numpy as np
import pytest

from spikesight.base.errors import InputError, NotEnoughMemory
from spikesight.encoding.latencies import Latencies
from spikesight.first_spike import layer
from spikesight.first_spike.layer import check_memory, checked_maps, checked_potentials, checked_weights


def test_float64_stays_and_everything_else_becomes_float32():
    for given, kept in ((np.float64, np.float64), (np.float16, np.float32), (np.int8, np.float32)):
        assert checked_weights(np.ones((2, 3), given), (2, 3)).dtype == kept


def test_weights_of_another_shape_or_not_finite():
    with pytest.raises(InputError, match=r"conv2: weights have shape \(2, 3\), this input needs \(3, 2\)"):
        checked_weights(np.ones((2, 3)), (3, 2), "conv2")
    with pytest.raises(InputError, match="conv2: 2 weights are NaN or infinite"):
        checked_weights([1.0, np.nan, np.inf], (3,), "conv2")


def test_maps():
    assert checked_maps(Latencies(np.zeros((1, 2, 3, 4), int), 5)) == (2, 3, 4)
    with pytest.raises(InputError, match="conv1: needs maps"):
        checked_maps(Latencies(np.zeros((1, 3, 4), int), 5), "conv1")


@pytest.mark.parametrize("shape", [(1, 65_536, 1, 1), (1, 1, 1, 65_536)])
def test_more_maps_or_columns_than_a_spike_tells_apart(shape):
    with pytest.raises(InputError, match=r"conv1: 65535 maps and columns at most, got .*dense\.Dense"):
        checked_maps(Latencies(np.zeros(shape, int), 5), "conv1")


def test_potentials_of_maps():
    assert checked_potentials(np.zeros((1, 2, 3, 4), np.float32)).dtype == np.float32
    assert checked_potentials(np.zeros((1, 2, 3, 4), int)).dtype == np.float64
    with pytest.raises(InputError, match=r"pooling: needs potentials of maps \(B, C, H, W\), got shape \(3, 4\)"):
        checked_potentials(np.zeros((3, 4)), "pooling")


def test_a_batch_whose_answer_does_not_fit_is_refused_with_what_does(monkeypatch):
    many = Latencies(np.broadcast_to(np.uint8(0), (1_000_000, 1, 1, 1)), 5)
    monkeypatch.setattr(layer, "available_memory", lambda: 10**9)
    check_memory(many, 100, 4)
    with pytest.raises(
        NotEnoughMemory, match=r"conv1: .* 5 kB for each item, 5 GB for 1000000; 1 GB .*batches\(50000\)"
    ):
        check_memory(many, 1000, 4, "conv1")
