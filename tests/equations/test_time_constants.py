import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikesight.base.errors import InputError
from spikesight.equations.time_constants import check_positive, decay, gain, steps

seconds = st.floats(1e-6, 10.0)


def test_decay_at_known_points() -> None:
    assert decay(20e-3, 20e-3) == pytest.approx(1 / math.e, rel=1e-15)
    assert decay(10e-3, 5e-3) == pytest.approx(0.6065306597126334, rel=1e-15)
    assert decay(math.inf, 1e-3) == 1.0
    assert decay(0.0, 1e-3) == 0.0


@given(tau=seconds, first=seconds, second=seconds)
def test_two_steps_decay_like_one_long_step(tau: float, first: float, second: float) -> None:
    # The exponent is rounded, which exp multiplies by its size.
    tolerance = 1e-15 * (4 + (first + second) / tau)
    product = decay(tau, first) * decay(tau, second)
    assert product == pytest.approx(decay(tau, first + second), rel=tolerance, abs=1e-300)


@given(tau=seconds, dt=seconds)
def test_gain_is_what_the_decay_lets_in(tau: float, dt: float) -> None:
    # 1 - exp(-x) cancels for small x, so it is the test that is imprecise there, not the gain.
    assert gain(tau, dt) == pytest.approx(tau * (1.0 - decay(tau, dt)), rel=1e-14, abs=4e-16 * tau)


@pytest.mark.parametrize("tau", [1e3, 1e9, 1e15, math.inf])
def test_gain_without_leak_is_the_step(tau: float) -> None:
    dt = 1e-3
    assert gain(tau, dt) == pytest.approx(dt * (1.0 - dt / (2.0 * tau)), rel=1e-11)


def test_steps_are_counted_to_the_nearest() -> None:
    assert steps(5e-3, 0.5e-3) == 10
    assert steps(0.3, 0.1) == 3  # 0.3 / 0.1 is 2.9999999999999996
    assert steps(0.0, 1e-3) == 0
    assert steps(1.4e-3, 1e-3) == 1
    assert isinstance(steps(2e-3, 1e-3), int)


@pytest.mark.parametrize("value", [0.0, -1e-3, math.nan, -math.inf])
def test_time_constants_that_are_none(value: float) -> None:
    with pytest.raises(InputError, match=f"tau_syn is {value}; a time constant is a positive number of seconds"):
        check_positive(tau=1.0, tau_syn=value)


def test_time_constants_that_are_some() -> None:
    check_positive(tau=5e-324, tau_syn=math.inf)
