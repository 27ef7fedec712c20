"""A stage whose thresholds adapt: shapes, what it answers, what it learns, what it is worth."""

import math

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.encoding.latencies import Latencies
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.executors.reference import Reference
from spikesight.first_spike.adaptive_stage import AdaptiveStage, Parameters
from spikesight.first_spike.convolution import Convolution
from spikesight.first_spike.learning.falez import Linear
from spikesight.first_spike.learning.target_time import TargetTime
from spikesight.first_spike.pooling import Pooling

STAGE = AdaptiveStage("conv", Convolution(3, (2, 2), 1.5), Pooling((2, 2)), Linear(0.125, 0.125), TargetTime(0.5))


def shown(items=6, shape=(2, 5, 5), steps=16, seed=0):
    return Latencies(np.random.default_rng(seed).integers(0, steps + 1, (items, *shape)), steps)


def test_untrained_parameters_are_drawn_by_seed_and_number():
    one, other, next_one = (STAGE.fresh((2, 5, 5), seed, number) for seed, number in ((0, 0), (1, 0), (0, 1)))
    assert one.w.shape == (3, 2, 2, 2)
    assert (one.w.min() >= 0.0, one.w.max() <= 1.0) == (True, True)
    np.testing.assert_array_equal(one.w, STAGE.fresh((2, 5, 5), 0, 0).w)
    assert not np.array_equal(one.w, other.w)
    assert not np.array_equal(one.thresholds, next_one.thresholds)
    many = AdaptiveStage("conv", Convolution(5000, (1, 1), 8.0), spread=0.1).fresh((1, 1, 1), 0, 0)
    assert many.thresholds.mean() == pytest.approx(8.0, abs=0.01)
    assert many.thresholds.std() == pytest.approx(0.1, abs=0.01)


@pytest.mark.parametrize("executor", [Reference(), FusedCpu()])
def test_every_map_has_a_threshold_of_its_own(executor):
    parameters = Parameters(np.full((3, 2, 2, 2), 0.5, np.float32), np.array([0.4, 1.9, 100.0]))
    times = STAGE.fire(parameters, shown(), executor).latencies
    assert (times.times[:, 0] <= times.times[:, 1]).all()
    assert times.fired[:, 0].any()
    assert not times.fired[:, 2].any()


def test_learning_of_a_whole_window_by_hand():
    """One map of 1 x 2 windows on 1 x 2 images: the patch is the image."""
    stage = AdaptiveStage("conv", Convolution(2, (1, 2), 0.5), None, Linear(0.25, 0.5), TargetTime(0.5, 0.5, 0.1))
    parameters = Parameters(np.array([[[[0.5, 0.75]]], [[[0.5, 0.5]]]], np.float32), np.array([0.4, 0.45]))
    given = Latencies(np.array([[[[2, 6]]]]), 8)
    lesson = stage.learn(parameters, given, 1, np.random.default_rng(0))
    assert lesson.winners.tolist() == [0]
    half = stage.annealing
    np.testing.assert_allclose(lesson.parameters.w[0, 0, 0], [0.5 + 0.25 * half, 0.75 - 0.5 * half])
    np.testing.assert_array_equal(lesson.parameters.w[1], parameters.w[1])
    np.testing.assert_allclose(
        lesson.parameters.thresholds,
        np.array([0.4, 0.45]) + half * np.array([0.625, -0.375]).clip(np.array([-np.inf, (0.1 - 0.45) / half])),
    )


def test_learning_is_the_same_in_numpy():
    parameters = STAGE.fresh((2, 5, 5), 0, 0)
    one, other = (
        STAGE.learn(parameters, shown(200), 0, np.random.default_rng(1), executor)
        for executor in (Reference(), FusedCpu())
    )
    np.testing.assert_array_equal(one.winners, other.winners)
    np.testing.assert_allclose(one.parameters.w, other.parameters.w, rtol=1e-5)
    assert one.parameters.w.dtype == np.float32


def test_values_of_pooling_neurons_and_of_parts_of_maps():
    times = np.full((1, 1, 4, 4), 8)
    times[0, 0, 0, 0], times[0, 0, 1, 1], times[0, 0, 3, 2] = 4, 6, 2
    fired = Latencies(times, 8)
    np.testing.assert_allclose(STAGE.values(fired), [[1.0, 0.0, 0.0, 1.0]])
    np.testing.assert_allclose(STAGE.values(fired, fields=2), [[1.5, 0.0, 0.0, 1.0]])
    np.testing.assert_allclose(STAGE.values(fired, fields=1), [[2.5]])
    with pytest.raises(InputError, match="no 5 x 5 parts"):
        STAGE.values(fired, fields=5)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"convolution": Convolution(3, (2, 2), 1.0, padding=(1, 1))}, "without padding"),
        ({"convolution": Convolution(3, (2, 2), math.inf)}, "begin at a number above 0"),
        ({"convolution": Convolution(3, (2, 2), 0.0)}, "begin at a number above 0"),
        ({"passes": 0}, "one pass or more"),
        ({"annealing": 1.5}, "an annealing above 0 up to 1"),
        ({"spread": -1.0}, "a spread of 0 or more"),
    ],
)
def test_what_makes_no_stage(wrong, says):
    with pytest.raises(InputError, match=says):
        AdaptiveStage(**{"name": "conv", "convolution": Convolution(3, (2, 2), 1.0), **wrong})
