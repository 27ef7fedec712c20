import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.equations import adaptive_conductance as model
from spikesight.equations import conductance
from spikesight.equations.adaptive_conductance import EQUATION

DT = 0.5e-3
PRESENTATION = 0.5
"""Seconds: 350 ms shown, 150 ms of rest."""

EXCITATORY = model.Params(threshold=-72e-3, theta=20e-3)
"""Diehl & Cook: -52 mV, written as -72 mV and a theta that begins at 20 mV."""


def drifted(presentations: int, dtype: type[np.floating[Any]]) -> Any:
    """Return theta after so many silent presentations, drifting once in each as the engine does."""
    state: Any = model.initial(EXCITATORY)._replace(theta=np.full(1, EXCITATORY.theta, dtype))  # type: ignore[arg-type]
    for _ in range(presentations):
        state = model.drift(state, EXCITATORY, PRESENTATION)
    assert state.theta.dtype == dtype
    return state.theta[0]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("presentations", "millivolts", "digit"), [(60_000, 0.9957, 1e-4), (180_000, 0.00247, 1e-5)])
def test_theta_after_silence(
    dtype: type[np.floating[Any]], presentations: int, millivolts: float, digit: float
) -> None:
    theta = drifted(presentations, dtype)
    assert theta * 1e3 == pytest.approx(millivolts, abs=digit / 2)
    # Each drift rounds by up to half a unit in the last place, to either side: a random walk of so many steps.
    walk = 4.0 * math.sqrt(presentations) * float(np.finfo(dtype).eps) / 2
    assert theta == pytest.approx(20e-3 * math.exp(-presentations * PRESENTATION / 1e4), rel=walk)


def test_drift_is_exact_over_any_time() -> None:
    state = model.initial(EXCITATORY)
    in_two = model.drift(model.drift(state, EXCITATORY, 3e3), EXCITATORY, 7e3)
    assert in_two.theta == pytest.approx(20e-3 / math.e, rel=1e-14)
    assert model.drift(state, EXCITATORY, 1e4).theta == pytest.approx(20e-3 / math.e, rel=1e-14)
    assert model.drift(state, EXCITATORY, 0.0) == state
    assert model.drift(state, EXCITATORY, math.inf).theta == 0.0
    assert model.drift(state, EXCITATORY, 1e3)._replace(theta=state.theta) == state  # nothing else moves


def test_a_silent_neuron_ends_up_firing_at_rest(follow: Callable[..., Any]) -> None:
    # Theta falls below 7 mV after 1e4 ln(20 / 7) = 1.0498e4 s: the threshold is then below rest.
    theta = np.array([20e-3 * math.exp(-k * PRESENTATION / 1e4) for k in (0, 20_990, 21_000)])
    course = follow(EQUATION, EXCITATORY, DT, 1, theta=theta)
    assert course.fired.tolist() == [[False, False, True]]


@pytest.mark.parametrize(("dt", "spikes"), [(DT, 223), (5e-6, 235)], ids=["Euler", "dt -> 0"])
def test_how_many_coincident_spikes_reach_the_threshold(follow: Callable[..., Any], dt: float, spikes: int) -> None:
    course = follow(EQUATION, EXCITATORY, dt, round(7e-3 / dt), g_e=0.1 * np.arange(245))
    assert np.flatnonzero(course.fired.any(axis=0)).min() == spikes


def test_each_spike_raises_the_threshold(follow: Callable[..., Any]) -> None:
    course = follow(EQUATION, EXCITATORY, DT, 60, g_e=[0.0, 60.0, 3e6])
    spikes = course.fired.sum(axis=0)
    assert spikes[0] == 0 < spikes[1] < spikes[2]
    np.testing.assert_allclose(course.state["theta"], 20e-3 + spikes * 0.05e-3, rtol=1e-14)


def test_with_theta_held_still_it_is_the_conductance_neuron_of_that_threshold(follow: Callable[..., Any]) -> None:
    fields = {"g_e": np.linspace(0.0, 120.0, 50), "g_i": np.linspace(0.0, 5.0, 50)}
    ours = follow(EQUATION, model.frozen(EXCITATORY), DT, 80, **fields)
    plain = follow(conductance.EQUATION, conductance.Params(threshold=-72e-3 + 20e-3), DT, 80, **fields)
    assert 10 < ours.fired.sum() < ours.fired.size / 4
    np.testing.assert_array_equal(ours.fired, plain.fired)
    np.testing.assert_array_equal(ours.v, plain.v)


def test_frozen_holds_what_was_learned(follow: Callable[..., Any]) -> None:
    course = follow(EQUATION, model.frozen(EXCITATORY), DT, 5, g_e=60.0)
    assert course.fired.any()
    assert course.state["theta"].tolist() == [20e-3]
    assert model.drift(model.initial(EXCITATORY), model.frozen(EXCITATORY), 1e9).theta == 20e-3


def test_an_adapted_neuron_needs_more(follow: Callable[..., Any]) -> None:
    course = follow(EQUATION, EXCITATORY, DT, 14, g_e=0.1 * 223, theta=[20e-3, 20.05e-3])
    assert course.fired.any(axis=0).tolist() == [True, False]


@pytest.mark.parametrize("name", ["tau", "tau_e", "tau_i", "tau_theta"])
def test_time_constants_that_are_none(name: str) -> None:
    with pytest.raises(InputError, match=rf"{name} is -1\.0; a time constant is a positive number"):
        model.Params(**{name: -1.0})  # type: ignore[arg-type]


def test_a_step_in_which_euler_overshoots() -> None:
    with pytest.raises(InputError, match=r"dt is 0\.001 s, but the shortest time constant is 0\.001 s"):
        model.constants(EXCITATORY, 1e-3)
