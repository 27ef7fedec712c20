import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.equations import current
from spikesight.equations.reset import Subtract, ToValue
from spikesight.executors import Reference

TAU, TAU_SYN = 20e-3, 5e-3
SILENT = current.Params(tau=TAU, tau_syn=TAU_SYN, threshold=math.inf)
"""Never fires: the membrane on its own."""


def run(params: current.Params, drive: Any, dt: float, **more: Any) -> tuple[Any, dict[str, NDArray[Any]]]:
    return Reference().run(current.EQUATION, params, {"current": np.asarray(drive)}, dt, dtype=np.float64, **more)


def answer(t: Any, tau: float = TAU, tau_syn: float = TAU_SYN) -> Any:
    """What a synapse of weight 1 does to a resting membrane t seconds after its spike."""
    return tau_syn / (tau_syn - tau) * (np.exp(-t / tau_syn) - np.exp(-t / tau))


@pytest.mark.parametrize(("tau", "tau_syn"), [(20e-3, 5e-3), (5e-3, 20e-3), (10e-3, 9.9e-3)])
@pytest.mark.parametrize("dt", [1e-4, 2e-3])
def test_answer_to_one_input_spike(follow: Callable[..., Any], tau: float, tau_syn: float, dt: float) -> None:
    params = current.Params(tau=tau, tau_syn=tau_syn, threshold=math.inf)
    course = follow(current.EQUATION, params, dt, 50, i=[0.3, -0.3])
    t = np.arange(1, 51)[:, None] * dt
    np.testing.assert_allclose(course.v, np.array([0.3, -0.3]) * answer(t, tau, tau_syn), rtol=1e-10)
    np.testing.assert_allclose(course.state["i"], np.array([0.3, -0.3]) * np.exp(-50 * dt / tau_syn), rtol=1e-12)


def test_peak_of_the_answer(follow: Callable[..., Any]) -> None:
    dt = 1e-5
    v = follow(current.EQUATION, SILENT, dt, 2000, i=1.0).v[:, 0]
    peak = TAU * TAU_SYN / (TAU - TAU_SYN) * math.log(TAU / TAU_SYN)  # 9.242 ms
    assert (np.argmax(v) + 1) * dt == pytest.approx(peak, abs=dt)
    assert v.max() == pytest.approx((TAU_SYN / TAU) ** (TAU / (TAU - TAU_SYN)), rel=1e-6)


def test_spike_response_model() -> None:
    # Without an output spike the membrane is the sum of the answers to all input spikes.
    dt, steps = 1e-3, 120
    random = np.random.default_rng(3)
    weights = random.normal(0.0, 0.2, steps) * (random.random(steps) < 0.3)
    state: dict[str, NDArray[Any]] = {"v": np.zeros(1), "i": np.zeros(1), "ready": np.zeros(1)}
    found = []
    for k in range(steps):
        state["i"] = state["i"] + weights[k]
        _, state = run(SILENT, np.zeros((1, 1)), dt, state=state, start=k)
        found.append(state["v"][0])
    since = (np.arange(steps)[:, None] - np.arange(steps) + 1) * dt
    expected = np.where(since > 0.0, answer(since), 0.0) @ weights
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_a_constant_drive_is_where_the_membrane_settles() -> None:
    params = current.Params(tau=TAU, tau_syn=TAU_SYN, rest=-65e-3, threshold=0.0)
    for steps, dt in ((200, 1e-4), (1, 20e-3)):
        _, after = run(params, np.full((steps, 1), 10e-3), dt)
        assert after["v"][0] == pytest.approx(-65e-3 + 10e-3 * (1.0 - math.exp(-1.0)), rel=1e-12)


@pytest.mark.parametrize("refractory", [0.0, 2e-3])
def test_intervals_under_a_constant_drive(refractory: float) -> None:
    dt = 1e-4
    params = current.Params(tau=TAU, tau_syn=TAU_SYN, threshold=15.0, refractory=refractory)
    drives = np.array([15.0, 16.0, 20.0, 30.0])
    spikes, _ = run(params, np.tile(drives, (3000, 1)), dt)
    assert not spikes[:, 0].any()
    for neuron, milliseconds in enumerate((55.4518, 27.7259, 13.8629), start=1):
        steps = math.ceil(milliseconds / 0.1)
        fired = np.flatnonzero(spikes[:, neuron])
        assert fired[0] == steps - 1
        assert set(np.diff(fired)) == {steps + round(refractory / dt)}


def test_a_spike_resets_the_membrane_and_leaves_the_synapse(follow: Callable[..., Any]) -> None:
    dt = 1e-3
    for reset, lands in ((ToValue(-0.25), -0.25), (Subtract(), 3.0 * answer(dt) - 0.1)):
        params = current.Params(tau=TAU, tau_syn=TAU_SYN, threshold=0.1, reset=reset, refractory=3e-3)
        course = follow(current.EQUATION, params, dt, 4, i=3.0)
        assert course.fired[:, 0].tolist() == [True, False, False, False]
        np.testing.assert_allclose(course.v[:, 0], lands, rtol=1e-12)  # held for three more steps
        assert course.state["i"][0] == pytest.approx(3.0 * math.exp(-4 * dt / TAU_SYN), rel=1e-12)


def test_a_forgotten_current_is_none(follow: Callable[..., Any]) -> None:
    course = follow(current.EQUATION, SILENT, 1e-3, 1, i=[1.1e-20, -1.1e-20, 2e-20, -2e-20])
    np.testing.assert_allclose(course.state["i"], np.array([0.0, 0.0, 2e-20, -2e-20]) * math.exp(-0.2), rtol=1e-12)


def test_reaching_the_threshold_is_enough(follow: Callable[..., Any]) -> None:
    params = current.Params(tau=math.inf, tau_syn=TAU_SYN)
    v = np.array([1.0, np.nextafter(1.0, 0.0)])
    assert follow(current.EQUATION, params, 1e-3, 1, v=v).fired.tolist() == [[True, False]]


def test_two_equal_time_constants_have_another_solution() -> None:
    with pytest.raises(InputError, match=r"tau and tau_syn are both 0\.02 s; choose two different values"):
        current.Params(tau=20e-3, tau_syn=20e-3)


@pytest.mark.parametrize("name", ["tau", "tau_syn"])
def test_time_constants_that_are_none(name: str) -> None:
    with pytest.raises(InputError, match=rf"{name} is -1\.0; a time constant is a positive number"):
        current.Params(**{name: -1.0})  # type: ignore[arg-type]
