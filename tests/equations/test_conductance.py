import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikesight.base.errors import InputError
from spikesight.equations import conductance
from spikesight.equations.reset import Subtract, ToValue
from spikesight.executors.reference import advance_in_place
from spikesight.executors.sequence import initial_state, typed_constants

DT = 0.5e-3
Follow = Callable[..., Any]

SILENT = conductance.Params(threshold=1.0)
"""The excitatory membrane of Diehl & Cook on its own: it never fires."""

INHIBITORY = conductance.Params(
    tau=10e-3, rest=-60e-3, threshold=-40e-3, reset=ToValue(-45e-3), refractory=2e-3, reversal_i=-85e-3
)


@pytest.mark.parametrize(
    ("dt", "millivolts", "at"), [(DT, 0.0629, 3.5e-3), (5e-6, 0.0620, 4.65e-3)], ids=["Euler", "dt -> 0"]
)
def test_one_input_spike(follow: Follow, dt: float, millivolts: float, at: float) -> None:
    rise = follow(conductance.EQUATION, SILENT, dt, round(10e-3 / dt), g_e=0.1).v[:, 0] + 65e-3
    assert rise.max() * 1e3 == pytest.approx(millivolts, abs=0.5e-4)
    assert (np.argmax(rise) + 1) * dt == pytest.approx(at, abs=0.01e-3)


@pytest.mark.parametrize(("dt", "millivolts"), [(DT, -74.65), (5e-6, -74.36)], ids=["Euler", "dt -> 0"])
def test_one_inhibitory_spike(follow: Follow, dt: float, millivolts: float) -> None:
    v = follow(conductance.EQUATION, SILENT, dt, round(10e-3 / dt), g_i=17.0).v
    assert v.min() * 1e3 == pytest.approx(millivolts, abs=5e-3)


@pytest.mark.parametrize(("dt", "spikes"), [(DT, 223), (5e-6, 235)], ids=["Euler", "dt -> 0"])
def test_how_many_coincident_spikes_reach_the_threshold(follow: Follow, dt: float, spikes: int) -> None:
    course = follow(conductance.EQUATION, conductance.Params(), dt, round(7e-3 / dt), g_e=0.1 * np.arange(245))
    assert np.flatnonzero(course.fired.any(axis=0)).min() == spikes


def test_one_spike_takes_the_inhibitory_neuron_over_its_threshold_in_one_step(follow: Follow) -> None:
    course = follow(conductance.EQUATION, INHIBITORY, DT, 1, g_e=[10.4, 6.67, 6.66])
    assert course.fired.tolist() == [[True, True, False]]  # 20 mV / (60 mV * 0.5 / 10) = 6.667
    np.testing.assert_allclose(course.v, [[-45e-3, -45e-3, -60e-3 + 0.05 * 6.66 * 60e-3]], rtol=1e-14)


def test_one_step_is_eulers(follow: Follow) -> None:
    random = np.random.default_rng(0)
    v, g_e, g_i = random.uniform(-0.1, 0.0, 50), random.exponential(3.0, 50), random.exponential(10.0, 50)
    course = follow(conductance.EQUATION, SILENT, DT, 1, v=v, g_e=g_e, g_i=g_i)
    np.testing.assert_allclose(
        course.v[0], v + DT / 100e-3 * ((-65e-3 - v) + g_e * (0.0 - v) + g_i * (-100e-3 - v)), rtol=1e-12
    )
    np.testing.assert_allclose(course.state["g_e"], g_e * (1.0 - DT / 1e-3), rtol=1e-15)
    np.testing.assert_allclose(course.state["g_i"], g_i * (1.0 - DT / 2e-3), rtol=1e-15)


def test_conductances_decay_geometrically_and_are_forgotten(follow: Follow) -> None:
    state = follow(conductance.EQUATION, SILENT, DT, 20, g_e=1.0, g_i=1.0).state
    assert (state["g_e"][0], state["g_i"][0]) == pytest.approx((0.5**20, 0.75**20), rel=1e-14)
    state = follow(conductance.EQUATION, SILENT, DT, 1, g_e=[1.9e-20, 2.1e-20], g_i=[1.3e-20, 1.4e-20]).state
    assert (state["g_e"] > 0.0).tolist() == [False, True]
    assert (state["g_i"] > 0.0).tolist() == [False, True]


def test_without_conductance_the_membrane_relaxes(follow: Follow) -> None:
    for dt, precision in ((DT, 1e-2), (1e-5, 2e-4)):
        v = follow(conductance.EQUATION, SILENT, dt, round(50e-3 / dt), v=-90e-3).v[-1, 0]
        assert v == pytest.approx(-65e-3 - 25e-3 * math.exp(-0.5), rel=precision)
        assert v == pytest.approx(-65e-3 - 25e-3 * (1.0 - dt / 100e-3) ** round(50e-3 / dt), rel=1e-12)


def test_a_constant_conductance_draws_to_the_weighted_mean_of_the_reversals(follow: Follow) -> None:
    params = conductance.Params(threshold=1.0, tau=10e-3, tau_e=1e9, tau_i=1e9)
    v = follow(conductance.EQUATION, params, DT, 500, g_e=0.3, g_i=0.2).v[-1, 0]
    assert v == pytest.approx((-65e-3 + 0.3 * 0.0 + 0.2 * -100e-3) / 1.5, rel=1e-6)


def test_an_overwhelming_conductance_stops_at_its_reversal_potential(follow: Follow) -> None:
    leak = DT / 100e-3
    course = follow(conductance.EQUATION, SILENT, DT, 1, g_i=[199.0, 408.0, 1e6])
    np.testing.assert_allclose(course.v[0], -100e-3 * (1.0 - leak) - 65e-3 * leak, rtol=1e-12)
    assert course.state["g_i"].tolist() == [149.25, 306.0, 750_000.0]  # it acts as less, and decays as it is


@given(v=st.floats(-100e-3, 0.0), g_e=st.floats(0.0, 1e6), g_i=st.floats(0.0, 1e6), tau=st.floats(1.1e-3, 1.0))
def test_the_membrane_stays_between_the_reversal_potentials(v: float, g_e: float, g_i: float, tau: float) -> None:
    params = conductance.Params(tau=tau, threshold=1.0)
    state = initial_state(conductance.EQUATION, params, (1,), np.float64)
    state["v"][0], state["g_e"][0], state["g_i"][0] = v, g_e, g_i
    constants = typed_constants(conductance.EQUATION, params, DT, np.float64)
    for k in range(5):
        advance_in_place(conductance.EQUATION, state, (), k, constants)
        assert -100e-3 - 1e-12 <= state["v"][0] <= 1e-12


def test_a_spike_resets_and_holds_the_membrane(follow: Follow) -> None:
    course = follow(conductance.EQUATION, INHIBITORY, DT, 6, g_e=10.4)
    assert course.fired[:, 0].tolist() == [True] + [False] * 5
    np.testing.assert_array_equal(course.v[:5, 0], -45e-3)  # its own step, and four of refractory time
    left = 10.4 * 0.5**5  # the conductance went on decaying
    assert course.v[5, 0] == pytest.approx(-45e-3 + 0.05 * (-15e-3 + left * 45e-3), rel=1e-12)


def test_reset_by_subtraction(follow: Follow) -> None:
    params = conductance.Params(tau=10e-3, reset=Subtract())
    reached = -65e-3 + 0.05 * 15.0 * 65e-3
    course = follow(conductance.EQUATION, params, DT, 1, g_e=15.0)
    assert course.v[0, 0] == pytest.approx(reached - (-52e-3 + 65e-3), rel=1e-12)


def test_the_threshold_must_be_exceeded(follow: Follow) -> None:
    params = conductance.Params(tau=math.inf, threshold=-52e-3)
    v = [-52e-3, np.nextafter(-52e-3, 0.0)]
    assert follow(conductance.EQUATION, params, DT, 1, v=v).fired.tolist() == [[False, True]]


def test_it_begins_at_rest_or_where_it_is_told() -> None:
    assert conductance.initial(conductance.Params()).v == -65e-3
    assert conductance.initial(conductance.Params(initial_v=-105e-3)).v == -105e-3
    assert conductance.initial(conductance.Params(initial_v=0.0)).v == 0.0


@pytest.mark.parametrize("dt", [1e-3, 1.1e-3, 1.0])
def test_a_step_in_which_euler_overshoots(dt: float) -> None:
    with pytest.raises(InputError, match=rf"dt is {dt} s, but the shortest time constant is 0\.001 s.*dt <= 0\.0005 s"):
        conductance.constants(conductance.Params(), dt)
    conductance.constants(conductance.Params(), 0.99e-3)


@pytest.mark.parametrize(("name", "shortest"), [("tau", 0.2e-3), ("tau_e", 0.2e-3), ("tau_i", 0.2e-3)])
def test_every_time_constant_bounds_the_step(name: str, shortest: float) -> None:
    with pytest.raises(InputError, match=rf"the shortest time constant is {shortest} s"):
        conductance.constants(conductance.Params(**{name: shortest}), DT)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["tau", "tau_e", "tau_i"])
def test_time_constants_that_are_none(name: str) -> None:
    with pytest.raises(InputError, match=rf"{name} is 0\.0; a time constant is a positive number"):
        conductance.Params(**{name: 0.0})  # type: ignore[arg-type]
