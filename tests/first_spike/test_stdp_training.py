"""Competitive learning of a stage: compiled equal to its meaning, bit for bit; its invariants."""

from dataclasses import replace

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.encoding.latencies import Latencies
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.executors.reference import Reference
from spikesight.first_spike.convolution import Convolution
from spikesight.first_spike.learning.stdp import Stdp, convergence
from spikesight.first_spike.stage import Stage
from spikesight.first_spike.stdp_training import train

RULE = Stdp(0.125, -0.0625)
STAGES = [
    Stage("a", Convolution(4, (3, 3), 1.5, padding=(1, 1)), rule=RULE, winners=3, radius=1),
    Stage("b", Convolution(5, (2, 3), 2.0, stride=(2, 1), padding=(0, 1)), rule=RULE, winners=5),
    Stage("c", Convolution(3, (2, 2), 0.5, dilation=(2, 1)), rule=Stdp(0.25, -0.25, stabilised=False), winners=1),
    Stage("d", Convolution(6, (3, 3), 3.0), rule=Stdp(doubling=3), winners=4, radius=2),
    Stage("last", Convolution(5, (3, 3), np.inf), rule=RULE, winners=3, radius=2),
    Stage("crowded", Convolution(5, (3, 3), 2.0), rule=RULE, winners=3, radius=1, crowded=True),
    Stage("silent", Convolution(4, (3, 3), 99.0), rule=RULE, winners=2),
]


def shown(items=12, maps=2, size=8, steps=6, seed=0, density=0.5):
    generator = np.random.default_rng(seed)
    times = generator.integers(0, steps, (items, maps, size, size))
    return Latencies(np.where(generator.uniform(size=times.shape) < density, times, steps), steps)


def dyadic(stage, shape, seed=0, dtype=np.float64):
    """Weights of which sums are exact, so that the order of adding does not matter."""
    generator = np.random.default_rng(seed)
    return (generator.integers(0, 65, stage.convolution.weight_shape(shape)) / 64).astype(dtype)


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_first_image_changes_the_same_bits(stage, dtype):
    for seed in range(8):
        latencies = shown(1, seed=seed)
        w = dyadic(stage, latencies.shape, seed, dtype)
        slow, fast = (train(stage, w, latencies, 7, executor) for executor in (Reference(), FusedCpu()))
        np.testing.assert_array_equal(slow.w, fast.w)
        np.testing.assert_array_equal(slow.wins, fast.wins)
        assert fast.w.dtype == dtype


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_many_images_in_double_precision(stage):
    latencies = shown(60)
    w = stage.fresh(latencies.shape, 0, 0).astype(np.float64)
    slow, fast = (train(stage, w, latencies, 0, executor) for executor in (Reference(), FusedCpu()))
    np.testing.assert_allclose(slow.w, fast.w, rtol=1e-12)
    np.testing.assert_array_equal(slow.wins, fast.wins)


@pytest.mark.parametrize("executor", [Reference(), FusedCpu()])
def test_each_map_wins_once_an_image_at_most(executor):
    stage = STAGES[0]
    wins = train(stage, dyadic(stage, (2, 8, 8)), shown(20), 0, executor).wins
    assert 0 < wins.max() <= 20
    assert wins.sum() <= 20 * stage.winners


def test_what_was_given_stays_as_it_was():
    latencies, stage = shown(), STAGES[0]
    w, times = stage.fresh(latencies.shape, 0, 0), latencies.times.copy()
    kept = w.copy()
    train(stage, w, latencies)
    np.testing.assert_array_equal(w, kept)
    np.testing.assert_array_equal(latencies.times, times)


def test_in_parts_it_learns_the_same():
    latencies, stage = shown(30), STAGES[3]
    w = stage.fresh(latencies.shape, 0, 0)
    whole = train(stage, w, latencies)
    first = train(stage, w, latencies[:11])
    second = train(stage, first.w, latencies[11:], 11)
    np.testing.assert_array_equal(whole.w, second.w)
    np.testing.assert_array_equal(whole.wins, first.wins + second.wins)


@pytest.mark.parametrize("executor", [Reference(), FusedCpu()])
def test_images_without_spikes_teach_nothing(executor):
    empty = Latencies(np.full((3, 2, 8, 8), 6), 6)
    stage = STAGES[0]
    w = stage.fresh(empty.shape, 0, 0)
    after = train(stage, w, empty, 0, executor)
    np.testing.assert_array_equal(after.w, w)
    assert not after.wins.any()


def test_a_pattern_shown_again_and_again_is_learned_and_weights_decide():
    pattern = Latencies(np.where(np.eye(5, dtype=np.bool_), 0, 4)[None, None].repeat(2000, 0), 4)
    stage = Stage("one", Convolution(1, (5, 5), 2.0), rule=Stdp(doubling=500))
    w = train(stage, stage.fresh(pattern.shape, 0, 0), pattern).w
    np.testing.assert_array_equal(w[0, 0] > 0.5, np.eye(5, dtype=np.bool_))
    assert convergence(w) < 0.01


def test_nan_weights_are_refused():
    stage = STAGES[0]
    w = stage.fresh((2, 8, 8), 0, 0)
    w[0, 0, 0, 0] = np.nan
    with pytest.raises(InputError, match="a: 1 weights are NaN"):
        train(stage, w, shown())


def test_a_crowded_stage_lets_all_maps_fire_at_a_place_and_learns_as_any_other():
    crowded = next(stage for stage in STAGES if stage.crowded)
    alone, latencies = replace(crowded, crowded=False), shown()
    w = dyadic(crowded, latencies.shape)
    many, few = (stage.fire(w, latencies).latencies.fired.sum(axis=1) for stage in (crowded, alone))
    assert few.max() == 1 < many.max()
    np.testing.assert_array_equal(train(crowded, w, latencies).w, train(alone, w, latencies).w)


def test_a_stage_that_passes_spikes_on_with_another_threshold_learns_with_its_own():
    stage, latencies = STAGES[0], shown()
    strict = replace(stage, passing=3.0)
    w = dyadic(stage, latencies.shape)
    many, few = (int(one.fire(w, latencies).latencies.fired.sum()) for one in (stage, strict))
    assert 0 < few < many
    np.testing.assert_array_equal(train(strict, w, latencies).w, train(stage, w, latencies).w)
