"""What a classifier is given: potentials in fields, or flags."""

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.encoding.latencies import Latencies
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.executors.reference import Reference
from spikesight.first_spike.convolution import Convolution
from spikesight.first_spike.features import FinalPotentials, WhetherFired, joined
from spikesight.first_spike.pooling import Pooling
from spikesight.first_spike.stage import Stage

STAGE = Stage("one", Convolution(2, (2, 2), 2.0), Pooling((2, 2), (1, 1)))
TIMES = Latencies(np.array([[[[0, 9, 9], [1, 9, 9], [9, 9, 0]]]]), 9)
W = np.array([[[[1.0, 1.0], [1.0, 1.0]]], [[[0.5, 0.0], [4.0, 0.0]]]])
EXECUTORS = [Reference(), FusedCpu()]


@pytest.mark.parametrize("executor", EXECUTORS)
def test_the_largest_potentials_are_those_without_a_threshold(executor):
    found = FinalPotentials()(STAGE, W, TIMES, executor)
    np.testing.assert_array_equal(found, [[2.0, 4.5]])
    assert found.dtype == np.float32


@pytest.mark.parametrize("executor", EXECUTORS)
def test_fields_come_row_by_row_within_each_map(executor):
    found = FinalPotentials(2)(STAGE, W, TIMES, executor)
    np.testing.assert_array_equal(found, [[2.0, 0.0, 1.0, 1.0, 4.5, 0.0, 0.5, 0.0]])


@pytest.mark.parametrize("executor", EXECUTORS)
def test_flags_are_of_pooling_neurons(executor):
    flags = WhetherFired()(STAGE, W, TIMES, executor)
    assert flags.shape == (1, 2)
    np.testing.assert_array_equal(flags.toarray(), [[0.0, 1.0]])


def test_batches_are_joined():
    executor = FusedCpu()
    dense, sparse = FinalPotentials()(STAGE, W, TIMES, executor), WhetherFired()(STAGE, W, TIMES, executor)
    assert joined([dense, dense]).shape == (2, 2)
    assert joined([sparse, sparse]).shape == (2, 2)
    assert joined([sparse, sparse]).format == "csr"


def test_refused():
    with pytest.raises(InputError):
        FinalPotentials(0)
    with pytest.raises(InputError, match="1 x 1 to 2 x 2 fields"):
        FinalPotentials(3)(STAGE, W, TIMES, FusedCpu())
