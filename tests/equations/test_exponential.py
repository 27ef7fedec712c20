from typing import Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from spikesight.base.errors import InputError
from spikesight.equations import exponential
from spikesight.equations.reset import ToValue
from spikesight.executors import FusedCpu

EQUATION = exponential.EQUATION


def run(params: Any, current: Any, seconds: float, dt: float) -> Any:
    drive = np.tile(np.atleast_1d(np.asarray(current, np.float64)), (round(seconds / dt), 1))
    return FusedCpu().run(EQUATION, params, {"current": drive}, dt, dtype=np.float64)


def to_first_spike(params: exponential.Params, current: float) -> float:
    """When the membrane runs away (seconds): ten widths over the onset, from where it takes half a microsecond."""

    def slopes(_: float, state: Any) -> list[float]:
        v, w = state
        swing = params.g * params.width * np.exp((v - params.onset) / params.width)
        moved = (current - params.g * (v - params.rest) + swing - w) / params.capacitance
        return [moved, (params.a * (v - params.rest) - w) / params.tau_w]

    def at_peak(_: float, state: Any) -> float:
        return float(state[0] - params.onset - 10 * params.width)

    at_peak.terminal = True  # type: ignore[attr-defined]
    start = list(exponential.initial(params))[:2]
    found = solve_ivp(slopes, (0.0, 1.0), start, "DOP853", events=at_peak, rtol=1e-10, atol=1e-14)
    return float(found.t_events[0][0])


@pytest.mark.parametrize("name", ["AdEx", "EIF"])
def test_euler_is_of_first_order(name: str) -> None:
    params = EQUATION.preset(name).params
    truth = to_first_spike(params, 1e-9)
    steps = np.array([0.1e-3, 0.05e-3, 0.025e-3, 0.0125e-3, 0.00625e-3])
    first = [(np.flatnonzero(run(params, 1e-9, 0.05, dt)[0])[0] + 1) * dt for dt in steps]
    late = np.abs(np.array(first) - truth)
    assert (late < 5.0 * steps).all()
    assert late[-1] < 0.04e-3


def test_before_the_spike_errors_halve_with_the_step() -> None:
    params = exponential.Params()

    def end(dt: float) -> float:
        return float(run(params, 0.5e-9, 20e-3, dt)[1]["v"][0])

    best = 2.0 * end(0.1e-3 / 512) - end(0.1e-3 / 256)
    errors = np.array([abs(end(0.1e-3 / 2**k) - best) for k in range(5)])
    np.testing.assert_allclose(np.log2(errors[:-1] / errors[1:]), 1.0, atol=0.1)


def test_without_adaptation_the_rheobase_is_the_published_one() -> None:
    # dv/dt at its minimum, v = onset, is zero at I = g (onset - rest - width).
    params = EQUATION.preset("EIF").params
    rheobase = params.g * (params.onset - params.rest - params.width)
    spikes, _ = run(params, rheobase * np.array([0.99, 1.01]), 2.0, 0.1e-3)
    assert spikes.any(axis=0).tolist() == [False, True]


def test_with_adaptation_intervals_grow() -> None:
    times = np.flatnonzero(run(exponential.Params(), 1e-9, 1.0, 0.1e-3)[0])
    intervals = np.diff(times)
    assert len(intervals) > 5
    assert intervals[-1] > 1.3 * intervals[0]
    without = np.diff(np.flatnonzero(run(EQUATION.preset("EIF").params, 1e-9, 1.0, 0.1e-3)[0]))
    assert np.ptp(without[1:]) <= 1


def test_a_narrow_upswing_is_the_leaky_neuron() -> None:
    # width -> 0: an upswing that is nothing below the onset and everything above it.
    params = exponential.Params(a=0.0, b=0.0, width=1e-5, peak=-50e-3, reset=ToValue(-70.6e-3))
    found = (np.flatnonzero(run(params, 1e-9, 0.05, 1e-6)[0])[0] + 1) * 1e-6
    tau, drive = params.capacitance / params.g, 1e-9 / params.g
    assert found == pytest.approx(tau * np.log(drive / (drive - (params.onset - params.rest))), rel=0.01)


@pytest.mark.parametrize("refractory_steps", [0, 1, 5])
def test_the_membrane_is_held_for_the_refractory_time(refractory_steps: int) -> None:
    dt = 0.1e-3
    params = exponential.Params(refractory=refractory_steps * dt)
    spikes, _ = run(params, 1e-6, 50 * dt, dt)  # 0.36 V per step: fires whenever it may
    assert np.diff(np.flatnonzero(spikes)).tolist() == [refractory_steps + 1] * (spikes.sum() - 1)


def test_long_steps_and_bad_constants() -> None:
    with pytest.raises(InputError, match=r"exponential takes steps of at most 0\.0046"):
        exponential.constants(exponential.Params(), 5e-3)
    with pytest.raises(InputError, match=r"width is 0\.0"):
        exponential.Params(width=0.0)
