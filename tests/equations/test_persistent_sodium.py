from typing import Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from spikesight.base.errors import InputError
from spikesight.equations import persistent_sodium
from spikesight.executors import FusedCpu

EQUATION = persistent_sodium.EQUATION
DT = 0.01e-3


def run(params: Any, current: Any, seconds: float, dt: float = DT) -> Any:
    drive = np.tile(np.atleast_1d(np.asarray(current, np.float64)), (round(seconds / dt), 1))
    return FusedCpu().run(EQUATION, params, {"current": drive}, dt, dtype=np.float64)


def test_it_rests_where_its_currents_cancel() -> None:
    assert persistent_sodium.initial(persistent_sodium.Params()).v == pytest.approx(-65.953, abs=5e-4)


def test_spikes_under_a_constant_current() -> None:
    spikes, _ = run(persistent_sodium.Params(initial_v=-66.0), [4.5, 4.6, 5.0, 10.0, 20.0], 0.2)
    assert spikes.sum(axis=0).tolist() == [0, 7, 13, 28, 39]
    last = [np.diff(np.flatnonzero(column))[-1] * DT * 1e3 for column in spikes.T[1:]]
    assert last == pytest.approx([28.8, 15.11, 7.07, 5.12], abs=0.011)


def test_a_low_potassium_threshold_oscillates_below_the_level_before_it_fires() -> None:
    hopf = EQUATION.preset("hopf").params
    spikes, _ = run(hopf, [0.0, 60.0], 0.2)
    assert spikes.sum(axis=0)[0] == 0
    assert spikes.sum(axis=0)[1] > 20


def test_runge_kutta_is_of_fourth_order() -> None:
    params = persistent_sodium.Params(initial_v=-66.0)

    def slopes(_: float, state: Any) -> list[float]:
        v, n = state
        m, settled = 1 / (1 + np.exp((-20 - v) / 15)), 1 / (1 + np.exp((-25 - v) / 5))
        return [10.0 - 20 * m * (v - 60) - 10 * n * (v + 90) - 8 * (v + 80), settled - n]

    start = list(persistent_sodium.initial(params))[:2]
    truth = solve_ivp(slopes, (0.0, 4.0), start, "DOP853", rtol=1e-12, atol=1e-12).y[:, -1]
    ends = [run(params, 10.0, 4e-3, dt)[1] for dt in (0.02e-3, 0.01e-3, 0.005e-3)]
    errors = np.array([np.hypot(end["v"][0] - truth[0], end["n"][0] - truth[1]) for end in ends])
    np.testing.assert_allclose(np.log2(errors[:-1] / errors[1:]), 4.0, atol=0.3)
    assert errors[1] < 1e-4  # mV, at the usual step


def test_a_kick_through_the_level_is_a_spike_and_staying_there_is_none() -> None:
    params = persistent_sodium.Params()
    rest = {name: np.array([value]) for name, value in persistent_sodium.initial(params)._asdict().items()}
    kicked = rest | {"v": np.array([10.0])}
    spikes, after = FusedCpu().run(EQUATION, params, {"current": np.zeros((1, 1))}, DT, state=kicked)
    assert spikes.all()
    assert not FusedCpu().run(EQUATION, params, {"current": np.zeros((1, 1))}, DT, state=after)[0].any()


def test_where_there_is_no_rest_it_must_be_told_where_to_begin() -> None:
    with pytest.raises(InputError, match=r"rests nowhere between -120\.0 and 60\.0: say where it begins"):
        persistent_sodium.initial(persistent_sodium.Params(e_leak=200.0, g_k=0.0))
