"""Power-law STDP between its two ends: additive, bit for bit, and multiplicative."""

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.circuits.plasticity.pair import PairStdp
from spikesight.circuits.plasticity.power import PowerStdp
from spikesight.executors.reference import Reference


@pytest.mark.parametrize(("mu_plus", "mu_minus"), [(0, 0), (1, 1), (0, 1), (0.02, 0.02), (0.4, 1)])
@pytest.mark.parametrize("w", [0.3, 0.5, 1.2])
def test_one_pair_is_the_formula(protocol, mu_plus, mu_minus, w):
    rule = PowerStdp(0.02, 0.03, mu_plus, mu_minus, low=0.2, high=1.4)
    up = protocol(rule, w=w).run(pre=[5], post=[15], steps=20) - w
    down = protocol(rule, w=w).run(pre=[15], post=[5], steps=20) - w
    assert up == pytest.approx(0.02 * ((1.4 - w) / 1.2) ** mu_plus * np.exp(-0.25), rel=1e-12)
    assert down == pytest.approx(-0.03 * ((w - 0.2) / 1.2) ** mu_minus * np.exp(-0.25), rel=1e-12)


def test_powers_of_zero_are_additive_stdp_bit_for_bit(make_protocol):
    spikes = np.random.default_rng(0).random((2, 400)) < 0.1
    pre, post = (np.flatnonzero(row[2:]) + 2 for row in spikes)
    ends = [
        make_protocol(rule, Reference()).run(pre, post.tolist(), 410)
        for rule in (PairStdp(), PowerStdp(mu_plus=0.0, mu_minus=0.0))
    ]
    assert ends[0] == ends[1] != 0.5


@pytest.mark.parametrize("wrong", [{"mu_plus": -1.0}, {"low": 1.0}])
def test_powers_and_bounds_that_cannot_be_are_refused(wrong):
    with pytest.raises(InputError, match=next(iter(wrong))):
        PowerStdp(**wrong)
