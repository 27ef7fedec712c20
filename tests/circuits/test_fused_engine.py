"""The fused engine against the reference: every spike and every array equal, bit for bit."""

from itertools import pairwise

import numpy as np
import pytest

from spikesight.circuits import fused_engine, loop_source
from spikesight.circuits.engine import start
from spikesight.circuits.plasticity.diehl_cook import DiehlCookStdp
from spikesight.circuits.plasticity.pair import PairStdp
from spikesight.encoding.spike_list import from_dense
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.executors.reference import Reference

PAIR = PairStdp(plus=4e-3, minus=5e-3, high=1.5)
TRIPLET = DiehlCookStdp(rate_pre=1e-3, high=1.5)

# Few kernels, many cases: a kernel does not depend on sizes, delays do not depend on the rule.
CASES = [
    (7, 5, TRIPLET, 0, np.float32),
    (13, 16, TRIPLET, 0, np.float32),
    (7, 16, TRIPLET, 6, np.float32),
    (13, 5, TRIPLET, 1, np.float32),
    (1, 1, TRIPLET, 0, np.float32),
    (7, 5, PAIR, 6, np.float64),
    (13, 16, PAIR, 19, np.float64),
]


@pytest.mark.parametrize(("n", "inputs", "rule", "delay", "dtype"), CASES)
def test_equal_to_the_reference(competition, run_calls, assert_same, n, inputs, rule, delay, dtype):
    network, parameters = competition(n, inputs, rule=rule, delay=delay, dtype=dtype)
    (slow, expected), (fast, fired) = (run_calls(network, parameters, ex) for ex in (Reference(), FusedCpu()))
    for mine, theirs in zip(fired, expected, strict=True):
        assert_same.fired(mine, theirs)
    assert_same.arrays(fast.arrays, slow.arrays)
    assert fast.clock == slow.clock == 400
    # Silence agrees with silence: there must be something to agree on.
    assert sum(len(call["exc"].step) for call in expected) >= (10 if n > 1 else 3)
    assert (slow.arrays["input_exc.w"] != parameters["input_exc.w"]).any()


@pytest.mark.parametrize(("delay", "dtype"), [(0, np.float32), (6, np.float64)])
def test_equal_to_the_reference_with_learning_off(competition, run_calls, assert_same, delay, dtype):
    network, parameters = competition(13, 16, delay=delay, dtype=dtype)
    ends = [run_calls(network.frozen(), parameters, ex, normalise=False) for ex in (Reference(), FusedCpu())]
    assert_same.fired(ends[0][1][2], ends[1][1][2])
    assert_same.arrays(ends[0][0].arrays, ends[1][0].arrays)
    assert sum(len(call["exc"].step) for call in ends[0][1]) >= 10
    for name in ("input_exc.w", "exc.theta"):
        np.testing.assert_array_equal(ends[1][0].arrays[name], parameters[name].astype(dtype))


def test_equal_to_the_reference_where_weights_leave_their_bounds(competition, assert_same):
    """Normalisation may lift weights above the rule's bound, those of silent inputs too: both engines do the same."""
    network, parameters = competition(7, 5, rule=DiehlCookStdp(high=0.5))
    dense = np.random.default_rng(1).random((400, 5)) < 0.4
    dense[:, 0] = False
    assert parameters["input_exc.w"][0].max() > 0.5
    slow, fast = (start(network, parameters, ex) for ex in (Reference(), FusedCpu()))
    fired = slow.advance({"input": from_dense(dense)}, 400)
    assert len(fired["exc"].step) > 5
    assert_same.fired(fast.advance({"input": from_dense(dense)}, 400), fired)
    assert_same.arrays(fast.arrays, slow.arrays)


@pytest.mark.parametrize("delay", [0, 6])
def test_many_short_calls_equal_a_long_one(executor, competition, random_spikes, assert_same, delay):
    network, parameters = competition(7, 16, delay=delay, rule=TRIPLET)
    given = random_spikes(400, 16)
    long = start(network, parameters, executor)
    fired = long.advance({"input": given}, 400)
    short = start(network, parameters, executor)
    cuts = [0, 1, 2, 90, 91, 300, 400]
    pieces = [short.advance({"input": given.part(first, last)}, last - first) for first, last in pairwise(cuts)]
    assert_same.arrays(short.arrays, long.arrays)
    for name, whole in fired.items():
        steps = [piece[name].step + first for piece, first in zip(pieces, cuts, strict=False)]
        np.testing.assert_array_equal(np.concatenate(steps), whole.step)
        np.testing.assert_array_equal(np.concatenate([piece[name].unit for piece in pieces]), whole.unit)
    assert len(fired["exc"].step) > 10


def test_more_spikes_than_there_is_room_for(monkeypatch, competition, random_spikes, assert_same):
    network, parameters = competition(7, 16, rule=TRIPLET)
    given = {"input": random_spikes(400, 16)}
    roomy = start(network, parameters, FusedCpu())
    fired = roomy.advance(given, 400)
    for module in (fused_engine, loop_source):
        monkeypatch.setattr(module, "SPIKES_PER_CALL", 3)
    tight = start(network, parameters, FusedCpu())
    assert len(fired["exc"].step) > 10 * 3
    for _ in range(2):
        assert_same.fired(tight.advance(given, 400), fired)
        assert_same.arrays(tight.arrays, roomy.arrays)
        fired = roomy.advance(given, 400)


def test_same_twice_and_what_was_given_is_untouched(executor, competition, run_calls, assert_same):
    network, parameters = competition(7, 5, delay=6)
    before = {name: values.copy() for name, values in parameters.items()}
    (first, fired), (second, again) = (run_calls(network, parameters, executor) for _ in range(2))
    for mine, theirs in zip(fired, again, strict=True):
        assert_same.fired(mine, theirs)
    assert_same.arrays(first.arrays, second.arrays)
    assert_same.arrays(parameters, before)
    assert first.arrays["input_exc.w"] is not second.arrays["input_exc.w"]


def test_another_seed_gives_other_weights(competition):
    drawn = [competition(seed=seed)[1]["input_exc.w"] for seed in (0, 0, 1)]
    np.testing.assert_array_equal(drawn[0], drawn[1])
    assert (drawn[0] != drawn[2]).any()


def test_engines_made_in_turn_share_nothing(competition, random_spikes, assert_same):
    """Two fused engines of one network are two circuits: the room of the one is not that of the other."""
    network, parameters = competition(7, 5, delay=6)
    given = {"input": random_spikes(300, 5)}
    alone = start(network, parameters, FusedCpu())
    expected = alone.advance(given, 300)
    one, other = (start(network, parameters, FusedCpu()) for _ in range(2))
    fired = one.advance(given, 300)
    other.advance({"input": random_spikes(300, 5, seed=9)}, 300)
    assert_same.fired(fired, expected)
    assert_same.arrays(one.arrays, alone.arrays)
