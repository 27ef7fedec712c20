"""Reward turns what is left of eligibility into weight."""

import numpy as np
import pytest

from spikesight.base.errors import InputError, UnknownName
from spikesight.circuits.engine import synaptic
from spikesight.circuits.plasticity.pair import PairStdp
from spikesight.circuits.plasticity.reward import RewardStdp, reward

RULE = RewardStdp(plus=0.02, minus=0.03, tau_eligibility=0.2)


def test_a_pair_alone_changes_nothing_and_a_reward_later_what_is_left(protocol):
    one = protocol(RULE)
    assert one.run(pre=[5], post=[15], steps=116) == 0.5
    due = 0.02 * np.exp(-0.25) * np.exp(-(116 - 15) * 0.5e-3 / 0.2)
    assert float(synaptic(one.engine, "learned", "eligibility")[0, 0]) == pytest.approx(due, rel=1e-9)
    reward(one.engine, "learned", 2.0)
    assert one.w == pytest.approx(0.5 + 2 * due, rel=1e-9)


def test_what_was_in_the_wrong_order_is_paid_back_and_punishment_turns_the_sign(protocol):
    one = protocol(RULE)
    one.run(pre=[15], post=[5], steps=20)
    reward(one.engine, "learned", 1.0)
    assert one.w < 0.5
    reward(one.engine, "learned", -2.0)
    assert one.w > 0.5


def test_bounds_hold_and_without_eligibility_weights_stay(protocol):
    one = protocol(RULE)
    reward(one.engine, "learned", 1e9)
    assert one.w == 0.5
    one.run(pre=[5], post=[6], steps=10)
    reward(one.engine, "learned", 1e9)
    assert one.w == 1.0
    reward(one.engine, "learned", -1e9)
    assert one.w == 0.0


def test_masked_synapses_stay_away(lattice):
    engine, mask = lattice(RewardStdp(low=0.1))
    engine.arrays["learned.eligibility"][...] = 1.0
    reward(engine, "learned", 0.25)
    np.testing.assert_array_equal(engine.arrays["learned.w"], np.where(mask, 0.75, 0.0))


def test_it_answers_what_it_cannot_do(protocol):
    with pytest.raises(InputError, match="PairStdp"):
        reward(protocol(PairStdp()).engine, "learned", 1.0)
    with pytest.raises(UnknownName, match="learned"):
        reward(protocol(RULE).engine, "learnt", 1.0)
    with pytest.raises(InputError, match="nan"):
        reward(protocol(RULE).engine, "learned", float("nan"))
