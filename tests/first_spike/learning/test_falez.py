"""Five laws of STDP against values worked out by hand."""

import math

import numpy as np
import pytest
from numba import njit

from spikesight.base.errors import InputError
from spikesight.first_spike.learning.falez import (
    FAR,
    Biological,
    BiologicalMultiplicative,
    Fixed,
    Linear,
    Multiplicative,
    Proportional,
    change,
    changed,
)

RULES = [Biological(), Multiplicative(), Linear(0.2, 0.3), Proportional(), BiologicalMultiplicative()]


@pytest.mark.parametrize(
    ("rule", "sooner", "later"),
    [
        (Biological(1.0, 0.1), 0.906531, 0.0),
        (Multiplicative(0.1, 1.0), 0.374082, 0.250341),
        (Linear(0.2, 0.25), 0.5, 0.05),
        (Proportional(0.1), 0.305, 0.295),
        (BiologicalMultiplicative(0.1, 0.1, 1.0), 0.3 + 0.1 * math.exp(-0.8), 0.3 - 0.1 * math.exp(-1.2)),
    ],
)
def test_a_weight_of_three_tenths_and_spikes_a_twentieth_apart(rule, sooner, later):
    np.testing.assert_allclose(changed(rule, [0.3, 0.3], [0.05, -0.05]), [sooner, later], atol=5e-7)


def test_what_the_biological_law_would_do_without_bounds():
    assert change(0.3, -0.05, *Biological(1.0, 0.1).constants) == pytest.approx(-0.606531, abs=5e-7)


@pytest.mark.parametrize("rule", RULES)
def test_spikes_at_the_same_time_are_in_time(rule):
    assert changed(rule, [0.5], [0.0])[0] >= 0.5


@pytest.mark.parametrize(
    ("rule", "after"),
    [(RULES[0], 0.6), (RULES[1], 0.6 - 0.1 * math.exp(-0.4)), (RULES[2], 0.3), (RULES[3], 0.0), (RULES[4], 0.6)],
)
def test_an_input_that_never_fires(rule, after):
    assert changed(rule, [0.6], [-np.inf])[0] == pytest.approx(after)


@pytest.mark.parametrize("rule", RULES)
def test_weights_stay_between_0_and_1(rule):
    w, lead = np.meshgrid(np.linspace(0, 1, 21), [-np.inf, -1.0, -0.01, 0.0, 0.01, 1.0])
    after = changed(rule, w, lead, factor=50.0)
    assert after.min() >= 0.0
    assert after.max() <= 1.0
    assert after.dtype == w.dtype


@pytest.mark.parametrize("rule", RULES)
def test_the_same_text_compiled(rule):
    compiled = njit(change)
    for w in (0.0, 0.25, 1.0):
        for lead in (-FAR, -0.3, 0.0, 0.7):
            whole = change(np.array([w]), np.array([lead]), *rule.constants)[0]
            assert compiled(w, lead, *rule.constants) == pytest.approx(whole, rel=1e-14)


def test_a_factor_of_nothing_changes_nothing():
    np.testing.assert_array_equal(changed(Linear(), [0.3, 0.4], [0.1, -np.inf], factor=0.0), [0.3, 0.4])


def test_fixed_weights_stay():
    np.testing.assert_array_equal(changed(Fixed(), [0.0, 0.3, 1.0], [0.1, -0.2, -np.inf]), [0.0, 0.3, 1.0])


@pytest.mark.parametrize(
    "make",
    [
        lambda: Biological(0.0),
        lambda: Biological(tau=0.0),
        lambda: Multiplicative(beta=math.nan),
        lambda: Linear(minus=-0.1),
        lambda: Proportional(math.inf),
        lambda: BiologicalMultiplicative(tau=-1.0),
    ],
)
def test_constants_that_are_none(make):
    with pytest.raises(InputError, match="is a number above 0"):
        make()
