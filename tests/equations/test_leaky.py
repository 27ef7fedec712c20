import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.equations import leaky
from spikesight.equations.reset import Subtract, ToValue
from spikesight.executors import FusedCpu, Reference

Floats = NDArray[np.float64]
Spikes = NDArray[np.bool_]

TABLE = leaky.Params(tau=20e-3, threshold=15.0)
"""The neuron of the published table: tau 20 ms, threshold 15, R = 1."""


def run(params: leaky.Params, current: Floats, dt: float, **more: Any) -> tuple[Spikes, dict[str, NDArray[Any]]]:
    return FusedCpu().run(leaky.EQUATION, params, {"current": current}, dt, dtype=np.float64, **more)


def state(v: float, ready: int = 0) -> dict[str, NDArray[Any]]:
    return {"v": np.array([v]), "ready": np.array([ready])}


def constant(values: Any, steps: int) -> Floats:
    return np.tile(np.atleast_1d(np.asarray(values, np.float64)), (steps, 1))


def steps_to_threshold(current: Any, params: leaky.Params, dt: float) -> Any:
    """Steps until a membrane that starts at rest (0) reaches the threshold: tau ln(I / (I - threshold)), rounded up."""
    return np.ceil(params.tau * np.log(current / (current - params.threshold)) / dt).astype(int)


@pytest.mark.parametrize("dt", [1e-4, 1e-3, 7e-3])
@pytest.mark.parametrize("rest", [0.0, -65e-3])
def test_membrane_decays_to_rest_exponentially(dt: float, rest: float) -> None:
    params = leaky.Params(tau=20e-3, rest=rest)
    v = [run(params, constant(0.0, k), dt, state=state(rest + 0.5))[1]["v"][0] for k in (1, 5, 20)]
    assert v == pytest.approx([rest + 0.5 * math.exp(-k * dt / 20e-3) for k in (1, 5, 20)], rel=1e-13)


@pytest.mark.parametrize(("dt", "steps"), [(1e-5, 2000), (1e-3, 20), (20e-3, 1)])
def test_a_constant_drive_is_solved_exactly_whatever_the_step(dt: float, steps: int) -> None:
    params = leaky.Params(tau=20e-3, threshold=1.0)
    _, after = run(params, constant(0.9, steps), dt)
    assert after["v"][0] == pytest.approx(0.9 * (1.0 - math.exp(-1.0)), rel=1e-12)


@pytest.mark.parametrize(("current", "milliseconds"), [(16.0, 55.4518), (20.0, 27.7259), (30.0, 13.8629)])
def test_time_to_first_spike_and_all_intervals(current: float, milliseconds: float) -> None:
    dt = 1e-6
    spikes, _ = run(TABLE, constant(current, 200_000), dt)
    times = (np.flatnonzero(spikes) + 1) * dt  # a spike carries the end of its step
    intervals = np.diff(times, prepend=0.0)
    np.testing.assert_allclose(intervals, milliseconds * 1e-3, atol=dt + 0.5e-7)  # a step, a digit of the table


def test_a_drive_to_the_threshold_never_gets_there() -> None:
    spikes, after = run(TABLE, constant([15.0, 14.0], 3000), 1e-4)
    assert not spikes.any()
    np.testing.assert_allclose(after["v"], np.array([15.0, 14.0]) * (1.0 - math.exp(-15.0)), rtol=1e-12)


@pytest.mark.parametrize(("refractory", "hertz"), [(0.0, 72.13), (2e-3, 63.04)])
def test_firing_rate_with_and_without_refractory_time(refractory: float, hertz: float) -> None:
    dt = 1e-5
    params = leaky.Params(tau=20e-3, threshold=15.0, refractory=refractory)
    intervals = np.diff(np.flatnonzero(run(params, constant(30.0, 100_000), dt)[0]))
    assert len(set(intervals)) == 1
    assert 1.0 / (intervals[0] * dt) == pytest.approx(hertz, rel=dt / 13.8e-3)


@pytest.mark.parametrize("refractory", [0.0, 2e-3])
def test_firing_rate_over_current(refractory: float) -> None:
    dt, steps = 1e-4, 10_000
    currents = np.linspace(15.3, 90.0, 50)
    params = leaky.Params(tau=20e-3, threshold=15.0, refractory=refractory)
    first = steps_to_threshold(currents, params, dt)
    again = first + round(refractory / dt)
    counts = run(params, constant(currents, steps), dt)[0].sum(axis=0)
    np.testing.assert_array_equal(counts, (steps - first) // again + 1)
    assert counts[0] < 14 < 170 < counts[-1]


def test_two_inputs_fire_the_neuron_when_they_come_together() -> None:
    # Neuron j gets its second input j steps after the first: it fires up to tau ln(w / (threshold - w)) = 4.0547 ms.
    dt, n = 1e-5, 600
    params = leaky.Params(tau=10e-3, threshold=1.0, drive=leaky.Charge())
    kicks = np.zeros((n, n))
    kicks[0] += 0.6
    kicks[np.arange(n), np.arange(n)] += 0.6
    fired = run(params, kicks, dt)[0].any(axis=0)
    assert np.flatnonzero(fired).tolist() == list(range(406))  # 4.05 ms, not 4.06


@pytest.mark.parametrize(("reset", "at_10_ms"), [(ToValue(0.0), 0.7), (Subtract(), 0.775556)])
def test_both_resets_fire_alike_and_differ_in_the_membrane(reset: Any, at_10_ms: float) -> None:
    params = leaky.Params(tau=10e-3, threshold=1.0, reset=reset, drive=leaky.Charge())
    kicks = constant(0.7, 5)
    spikes, _ = run(params, kicks, 5e-3)
    assert (np.flatnonzero(spikes) * 5).tolist() == [5, 15]
    assert run(params, kicks[:3], 5e-3)[1]["v"][0] == pytest.approx(at_10_ms, abs=5e-7)


@pytest.mark.parametrize("reset", [ToValue(0.0), Subtract()])
def test_spike_response_model_with_the_matching_kernel(reset: Any) -> None:
    # Inputs act as exp(-s / tau). Subtraction: each earlier spike acts as -threshold exp(-s / tau). To 0: only inputs
    # after the last spike act.
    tau, dt, steps = 10e-3, 1e-3, 400
    kicks = np.random.default_rng(5).exponential(0.12, steps)
    times = np.arange(steps) * dt
    spike_times: list[float] = []
    membrane: list[float] = []
    for k, now in enumerate(times):
        acting = times[: k + 1] > (spike_times[-1] if spike_times and isinstance(reset, ToValue) else -1.0)
        v = np.sum((kicks[: k + 1] * np.exp(-(now - times[: k + 1]) / tau))[acting])
        if isinstance(reset, Subtract):
            v -= sum(math.exp(-(now - then) / tau) for then in spike_times)
        membrane.append(v)
        if v >= 1.0:
            spike_times.append(now)
            membrane[-1] -= v if isinstance(reset, ToValue) else 1.0
    params = leaky.Params(tau=tau, threshold=1.0, reset=reset, drive=leaky.Charge())
    now_state, found, fired = None, [], []
    for k in range(steps):
        spikes, now_state = run(params, kicks[k : k + 1, None], dt, state=now_state, start=k)
        found.append(now_state["v"][0])
        fired.append(spikes[0, 0])
    assert 20 < len(spike_times) < 200
    assert times[np.array(fired)].tolist() == spike_times
    np.testing.assert_allclose(found, membrane, atol=1e-12)


def test_without_leak_it_integrates_and_fires_exactly() -> None:
    # Powers of two: no rounding anywhere. C dv/dt = I: 2^-3 V a step, fires at each eighth step.
    params = leaky.Params(tau=math.inf, threshold=1.0, drive=leaky.Capacitor(2.0**-7))
    spikes, _ = run(params, constant(1.0, 64), 2.0**-10)
    assert np.flatnonzero(spikes).tolist() == list(range(7, 64, 8))
    assert run(params, constant(1.0, 5), 2.0**-10)[1]["v"][0] == 5 / 8


@pytest.mark.parametrize("tau", [1e2, 1e5, 1e8])
def test_integrate_and_fire_is_the_limit_of_slow_leak(tau: float) -> None:
    current = np.random.default_rng(1).uniform(0.0, 1e-9, (200, 3))
    leaking, ideal = (
        run(leaky.Params(tau=t, threshold=1.0, drive=leaky.Capacitor(1e-9)), current, 1e-3)[1]["v"]
        for t in (tau, math.inf)
    )
    np.testing.assert_allclose(ideal, current.sum(axis=0) * 1e6, rtol=1e-12)
    lost = 1.0 - leaking / ideal  # 0.2 s of leak, half of it on average for a steady input
    np.testing.assert_allclose(lost, 0.1 / tau, rtol=0.2, atol=1e-13)


def test_kicks_without_leak_add_up() -> None:
    params = leaky.Params(tau=math.inf, threshold=1.0, drive=leaky.Charge())
    spikes, after = run(params, np.array([[0.25], [0.5], [0.125], [0.0], [0.125], [0.5]]), 1e-3)
    assert np.flatnonzero(spikes).tolist() == [4]
    assert after["v"][0] == 0.5


def test_a_capacitor_is_a_resistor_of_tau_over_capacitance() -> None:
    current = np.random.default_rng(2).normal(1.2e-9, 3e-9, (300, 4))
    by_c = leaky.Params(tau=20e-3, threshold=15e-3, drive=leaky.Capacitor(200e-12))
    by_r = leaky.Params(tau=20e-3, threshold=15e-3, drive=leaky.Resistor(20e-3 / 200e-12))
    (spikes, after), (also_spikes, also_after) = run(by_c, current, 1e-3), run(by_r, current, 1e-3)
    assert spikes.sum() > 10
    np.testing.assert_array_equal(spikes, also_spikes)
    np.testing.assert_allclose(after["v"], also_after["v"], rtol=1e-10)


def test_reaching_the_threshold_is_enough() -> None:
    params = leaky.Params(tau=math.inf, threshold=1.0, drive=leaky.Charge())
    below = np.nextafter(1.0, 0.0)
    assert run(params, np.array([[1.0, below]]), 1e-3)[0].tolist() == [[True, False]]


@pytest.mark.parametrize("refractory_steps", [0, 1, 4])
def test_the_membrane_is_held_for_the_refractory_time(refractory_steps: int) -> None:
    dt = 1e-3
    params = leaky.Params(
        tau=10e-3, threshold=1.0, reset=ToValue(0.25), refractory=refractory_steps * dt, drive=leaky.Charge()
    )
    kicks = np.array([[1.0], *[[0.5]] * refractory_steps])
    spikes, after = run(params, kicks, dt)
    assert np.flatnonzero(spikes).tolist() == [0]
    assert after["v"][0] == 0.25  # what arrived meanwhile is lost
    assert after["ready"][0] == refractory_steps + 1
    _, later = run(params, constant(0.5, 1), dt, state=after, start=len(kicks))
    assert later["v"][0] == pytest.approx(0.25 * math.exp(-0.1) + 0.5)


def test_a_very_strong_input_fires_at_every_step_that_may() -> None:
    params = leaky.Params(refractory=3e-3)
    spikes, _ = Reference().run(leaky.EQUATION, params, {"current": constant(1e4, 20)}, 1e-3)
    assert np.flatnonzero(spikes).tolist() == [0, 4, 8, 12, 16]


@pytest.mark.parametrize("tau", [0.0, -20e-3, math.nan])
def test_time_constants_that_are_none(tau: float) -> None:
    with pytest.raises(InputError, match=r"tau is .*; a time constant is a positive number of seconds"):
        leaky.Params(tau=tau)


def test_a_membrane_without_leak_has_no_resistance() -> None:
    with pytest.raises(InputError, match=r"tau is infinite.*Use drive=Capacitor"):
        leaky.Params(tau=math.inf)
    with pytest.raises(InputError, match="tau is infinite"):
        leaky.Params(tau=math.inf, drive=leaky.Resistor(5.0))
