import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikesight.equations.reset import NoReset, Reset, Subtract, ToValue

volts = st.floats(-1.0, 1.0)


def after(reset: Reset, v: float, threshold: float, rest: float) -> float:
    keep, landing = reset.line(threshold, rest)
    return keep * v + landing


@given(v=volts, value=volts, threshold=volts, rest=volts)
def test_to_value_lands_on_the_value_from_anywhere(v: float, value: float, threshold: float, rest: float) -> None:
    assert after(ToValue(value), v, threshold, rest) == value


@given(over=st.floats(0.0, 1.0), threshold=volts, rest=volts)
def test_subtract_keeps_what_was_over_the_threshold(over: float, threshold: float, rest: float) -> None:
    assert after(Subtract(), threshold + over, threshold, rest) == pytest.approx(rest + over, abs=1e-15)


@given(v=volts, threshold=volts, rest=volts)
def test_no_reset_changes_nothing(v: float, threshold: float, rest: float) -> None:
    assert after(NoReset(), v, threshold, rest) == v


def test_values_of_the_srm_sheet() -> None:
    # Just before its first spike the neuron of test_leaky has 0.7 (1 + exp(-1/2)).
    assert after(ToValue(0.0), 1.1245714618, 1.0, 0.0) == 0.0
    assert after(Subtract(), 1.1245714618, 1.0, 0.0) == pytest.approx(0.1245714618, abs=1e-12)
