"""Slow control of rates: all weights of a neuron together, or its threshold."""

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.circuits.plasticity.homeostasis import move_thresholds, scale
from spikesight.circuits.plasticity.pair import PairStdp

RATES = np.array([5.0, 10.0, 0.0, 50.0])


def test_scaling_by_the_rate_keeps_proportions_and_masks(lattice):
    engine, mask = lattice(PairStdp())
    before = engine.arrays["learned.w"].copy()
    scale(engine, "learned", RATES, 5.0, 0.5)
    np.testing.assert_allclose(engine.arrays["learned.w"], before * [1.0, 0.5, 1.5, 0.0])
    assert not engine.arrays["learned.w"][~mask].any()


def test_thresholds_follow_rates(lattice):
    engine, _ = lattice(PairStdp())
    before = engine.arrays["exc.theta"].copy()
    move_thresholds(engine, "exc", RATES, 5.0, 1e-3)
    np.testing.assert_allclose(engine.arrays["exc.theta"] - before, [0.0, 1e-3, -1e-3, 9e-3])


def test_it_answers_what_it_cannot_do(lattice, protocol):
    engine, _ = lattice(PairStdp())
    with pytest.raises(InputError, match=r"\(3,\)"):
        scale(engine, "learned", np.ones(3), 5.0, 0.1)
    with pytest.raises(InputError, match="target 0"):
        scale(engine, "learned", RATES, 0, 0.1)
    for rate in (np.nan, np.inf):
        with pytest.raises(InputError, match="NaN"):
            scale(engine, "learned", np.full(4, rate), 5.0, 0.1)
    with pytest.raises(InputError, match="theta"):
        move_thresholds(protocol(PairStdp()).engine, "exc", np.ones(1), 5.0, 1e-3)
