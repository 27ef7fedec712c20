import math
from typing import Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from spikesight.base.errors import InputError
from spikesight.equations import hodgkin_huxley
from spikesight.executors import FusedCpu

EQUATION = hodgkin_huxley.EQUATION
DT = 0.01e-3
ACROSS = hodgkin_huxley.Params(initial_v=-65.0)


def run(current: Any, seconds: float, dt: float = DT) -> Any:
    drive = np.tile(np.atleast_1d(np.asarray(current, np.float64)), (round(seconds / dt), 1))
    return FusedCpu().run(EQUATION, ACROSS, {"current": drive}, dt, dtype=np.float64)


def exact(current: float, milliseconds: float) -> Any:
    """The published equations as they are printed, to ten digits."""

    def slopes(_: float, state: Any) -> list[float]:
        v, m, h, n = state
        moved = current - 120 * m**3 * h * (v - 50) - 36 * n**4 * (v + 77) - 0.3 * (v + 54.387)
        open_m, close_m = 0.1 * (v + 40) / (1 - math.exp(-(v + 40) / 10)), 4 * math.exp(-(v + 65) / 18)
        open_h, close_h = 0.07 * math.exp(-(v + 65) / 20), 1 / (1 + math.exp(-(v + 35) / 10))
        open_n, close_n = 0.01 * (v + 55) / (1 - math.exp(-(v + 55) / 10)), 0.125 * math.exp(-(v + 65) / 80)
        return [
            moved,
            open_m * (1 - m) - close_m * m,
            open_h * (1 - h) - close_h * h,
            open_n * (1 - n) - close_n * n,
        ]

    start = list(hodgkin_huxley.initial(ACROSS))[:4]
    found = solve_ivp(slopes, (0.0, milliseconds), start, "DOP853", rtol=1e-12, atol=1e-12)
    return found.y[:, -1]


def test_gates_at_rest() -> None:
    rest = hodgkin_huxley.initial(ACROSS)
    assert (rest.m, rest.h, rest.n) == pytest.approx((0.05293, 0.59612, 0.31768), abs=5e-6)
    assert hodgkin_huxley.initial(hodgkin_huxley.Params()).v == pytest.approx(-65.0, abs=5e-3)


def test_spikes_under_a_constant_current() -> None:
    currents = [2.0, 5.0, 6.2, 6.3, 7.0, 10.0, 20.0]
    spikes, _ = run(currents, 0.2)
    assert spikes.sum(axis=0).tolist() == [0, 1, 3, 11, 12, 14, 18]
    times = [(np.flatnonzero(column) + 1) * DT * 1e3 for column in spikes.T]
    first = {current: found[0] for current, found in zip(currents[1:], times[1:], strict=True)}
    assert (first[5.0], first[10.0]) == pytest.approx((2.99, 1.91), abs=0.005)
    last = {current: 1e3 / (found[-1] - found[-2]) for current, found in zip(currents[2:], times[2:], strict=True)}
    assert (last[7.0], last[10.0], last[20.0]) == pytest.approx((58.3, 68.3, 86.5), abs=0.05)


def test_the_peak_of_a_spike() -> None:
    state, highest = None, -100.0
    for k in range(400):
        _, state = FusedCpu().run(
            EQUATION, ACROSS, {"current": np.full((1, 1), 10.0)}, DT, state=state, start=k, dtype=np.float64
        )
        highest = max(highest, state["v"][0])
    assert highest == pytest.approx(40.27, abs=0.005)


def test_runge_kutta_is_of_fourth_order() -> None:
    # Over the upstroke and the fall of one spike.
    truth = exact(10.0, 5.0)
    steps = [0.04e-3, 0.02e-3, 0.01e-3, 0.005e-3]
    errors = np.array([abs(run(10.0, 5e-3, dt)[1]["v"][0] - truth[0]) for dt in steps])
    np.testing.assert_allclose(np.log2(errors[:-1] / errors[1:]), 4.0, atol=0.35)
    assert errors[2] < 1e-5  # mV, at the usual step


@pytest.mark.parametrize("at", [-40.0, -55.0])
def test_rates_have_no_holes(at: float) -> None:
    k = hodgkin_huxley.constants(hodgkin_huxley.Params(), DT)
    v = at + np.array([-1e-3, -1e-7, -1e-12, 0.0, 1e-12, 1e-7, 1e-3])
    found = np.array(hodgkin_huxley.rates(v, np.where, np.exp, np.expm1, k))
    assert np.isfinite(found).all()
    x = (v - at) / 10.0
    row, value = (found[0], 1.0) if at == -40.0 else (found[4], 0.1)
    np.testing.assert_allclose(row, value * (1.0 + x / 2.0 + x**2 / 12.0), rtol=1e-12)


def test_a_long_step_is_refused() -> None:
    with pytest.raises(InputError, match=r"dt is 0\.0005 s: hodgkin_huxley takes steps of at most 5e-05 s"):
        hodgkin_huxley.constants(hodgkin_huxley.Params(), 0.5e-3)
