import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.equations import adaptive, leaky
from spikesight.equations.reset import Subtract
from spikesight.executors import Reference

TABLE = adaptive.Params(tau=10e-3, threshold=1.0, tau_theta=50e-3, jump=0.5, drive=leaky.Charge())
"""The 2-D LIF of the published table; its threshold Vt is 1 + theta."""


def run(params: adaptive.Params, drive: Any, dt: float, **more: Any) -> tuple[Any, dict[str, NDArray[Any]]]:
    drive = np.asarray(drive, np.float64).reshape(len(drive), -1)
    return Reference().run(adaptive.EQUATION, params, {"current": drive}, dt, dtype=np.float64, **more)


def test_two_dimensional_leaky_neuron() -> None:
    times = [0, 5, 10, 15, 20, 40, 100]
    kicks = np.zeros(21)
    kicks[np.array(times) // 5] = 1.2
    spikes, _ = run(TABLE, kicks, 5e-3)
    assert (np.flatnonzero(spikes) * 5).tolist() == [0, 10, 20]
    # What the test of each input compares: the state just before it, relaxed by one step, and the membrane kicked.
    v, vt = [], []
    for step in np.array(times) // 5:
        before = run(TABLE, kicks[:step], 5e-3)[1] if step else {"v": np.zeros(1), "theta": np.zeros(1)}
        v.append(before["v"][0] * math.exp(-0.5) + 1.2)
        vt.append(1.0 + before["theta"][0] * math.exp(-0.1))
    np.testing.assert_allclose(vt, [1.0, 1.452419, 1.409365, 1.822828, 1.744525, 1.834230, 1.251265], atol=5e-7)
    np.testing.assert_allclose(v, [1.2, 1.2, 1.927837, 1.2, 1.927837, 1.2, 1.202975], atol=5e-7)


def test_the_threshold_forgets_exponentially() -> None:
    for steps, dt in ((200, 1e-3), (1, 0.2)):
        _, after = run(TABLE, np.zeros(steps), dt, state={"v": [0.0], "theta": [0.8], "ready": [0]})
        assert after["theta"][0] == pytest.approx(0.8 * math.exp(-4.0), rel=1e-12)


def test_spikes_under_a_constant_drive_are_those_of_the_closed_form() -> None:
    # Between spikes v = I (1 - exp(-t / tau)), theta = theta_0 exp(-t / tau_theta). The next spike is at the first step
    # where v exceeds 1 + theta, and theta_0 grows by the jump there.
    dt, drive = 1e-4, 3.0
    params = adaptive.Params(tau=10e-3, threshold=1.0, tau_theta=50e-3, jump=0.2)
    t = np.arange(1, 3000) * dt
    expected, theta = [0], 0.0
    while expected[-1] < 10_000:
        later = np.flatnonzero(drive * -np.expm1(-t / 10e-3) > 1.0 + theta * np.exp(-t / 50e-3))[0]
        theta = theta * math.exp(-t[later] / 50e-3) + 0.2
        expected.append(expected[-1] + later + 1)
    spikes, _ = run(params, np.full(10_000, drive), dt)
    np.testing.assert_array_equal(np.flatnonzero(spikes) + 1, expected[1:-1])
    intervals = np.diff(expected)
    assert intervals[0] < intervals[1] < intervals[5] <= intervals[-1]  # it adapts


def test_without_jump_it_is_the_leaky_neuron() -> None:
    drive = np.random.default_rng(0).normal(1.3, 2.0, (500, 3))
    plain = leaky.Params(tau=10e-3, refractory=2e-3)
    params = adaptive.Params(tau=10e-3, refractory=2e-3, jump=0.0)
    spikes, after = Reference().run(leaky.EQUATION, plain, {"current": drive}, 1e-3)
    also, also_after = Reference().run(adaptive.EQUATION, params, {"current": drive}, 1e-3)
    assert spikes.sum() > 20
    np.testing.assert_array_equal(spikes, also)
    np.testing.assert_array_equal(after["v"], also_after["v"])


def test_the_threshold_must_be_exceeded() -> None:
    params = adaptive.Params(tau=math.inf, drive=leaky.Charge())
    assert run(params, [[1.0, np.nextafter(1.0, 2.0)]], 1e-3)[0].tolist() == [[False, True]]


def test_subtraction_takes_the_adapted_threshold() -> None:
    params = adaptive.Params(tau=math.inf, tau_theta=math.inf, jump=0.5, reset=Subtract(), drive=leaky.Charge())
    spikes, after = run(params, [2.25, 0.5], 1e-3)
    # 2.25 - 1, theta 0.5; then 1.75 - 1.5, theta 1.
    assert spikes[:, 0].tolist() == [True, True]
    assert (after["v"][0], after["theta"][0]) == (0.25, 1.0)


def test_the_threshold_decays_while_the_membrane_is_held() -> None:
    params = adaptive.Params(tau_theta=50e-3, jump=0.5, refractory=5e-3, drive=leaky.Charge())
    spikes, after = run(params, [2.0, 2.0, 2.0, 2.0], 1e-3)
    assert spikes.sum() == 1
    assert after["v"][0] == 0.0
    assert after["theta"][0] == pytest.approx(0.5 * math.exp(-3e-3 / 50e-3), rel=1e-12)


@pytest.mark.parametrize("name", ["tau", "tau_theta"])
def test_time_constants_that_are_none(name: str) -> None:
    with pytest.raises(InputError, match=rf"{name} is 0\.0; a time constant is a positive number"):
        adaptive.Params(**{name: 0.0})  # type: ignore[arg-type]


def test_a_membrane_without_leak_has_no_resistance() -> None:
    with pytest.raises(InputError, match="tau is infinite"):
        adaptive.Params(tau=math.inf)
