from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from spikesight.equations import morris_lecar
from spikesight.executors import FusedCpu

EQUATION = morris_lecar.EQUATION
DT = 0.01e-3


def run(name: str, current: Any, seconds: float, dt: float = DT) -> Any:
    params = replace(EQUATION.preset(name).params, initial_v=-60.0)
    drive = np.tile(np.atleast_1d(np.asarray(current, np.float64)), (round(seconds / dt), 1))
    return FusedCpu().run(EQUATION, params, {"current": drive}, dt, dtype=np.float64)


def intervals(spikes: Any) -> Any:
    return [np.diff(np.flatnonzero(column))[-1:] * DT * 1e3 for column in spikes.T]


def test_it_rests_where_its_currents_cancel() -> None:
    assert morris_lecar.initial(morris_lecar.Params()).v == pytest.approx(-60.855, abs=5e-4)


def test_spikes_of_the_hopf_set() -> None:
    spikes, after = run("hopf", [60.0, 90.0, 100.0, 150.0, 250.0], 1.0)
    assert spikes.sum(axis=0).tolist() == [0, 10, 12, 15, 1]
    found = intervals(spikes)
    assert (found[1][0], found[2][0]) == pytest.approx((102.7, 85.28), abs=0.04)
    assert (after["v"][0], after["v"][4]) == pytest.approx((-36.75, 10.90), abs=0.006)


def test_spikes_of_the_saddle_node_set() -> None:
    spikes, _ = run("saddle-node", [39.0, 40.0, 41.0, 60.0, 100.0], 1.0)
    assert spikes.sum(axis=0).tolist() == [0, 1, 5, 17, 24]
    assert (np.flatnonzero(spikes[:, 1])[0] + 1) * DT * 1e3 == pytest.approx(917.7, abs=0.05)
    found = intervals(spikes)
    assert (found[3][0], found[4][0]) == pytest.approx((58.48, 41.94), abs=0.011)


def test_the_homoclinic_set_fires_and_rests_under_the_same_current() -> None:
    params = EQUATION.preset("homoclinic").params
    drive = {"current": np.full((50_000, 2), 37.0)}
    begun = {name: np.full(2, value) for name, value in morris_lecar.initial(params)._asdict().items()}
    begun["v"][1], begun["w"][1] = -20.0, 0.0
    spikes, _ = FusedCpu().run(EQUATION, params, drive, 0.02e-3, state=begun, dtype=np.float64)
    late = spikes[25_000:].sum(axis=0)
    assert late[0] == 0
    assert late[1] > 5


def test_runge_kutta_is_of_fourth_order() -> None:
    def slopes(_: float, state: Any) -> list[float]:
        v, w = state
        m, settled = 0.5 * (1 + np.tanh((v + 1.2) / 18)), 0.5 * (1 + np.tanh((v - 2) / 30))
        moved = 150.0 - 4.4 * m * (v - 120) - 8 * w * (v + 84) - 2 * (v + 60)
        return [moved / 20, 0.04 * np.cosh((v - 2) / 60) * (settled - w)]

    start = list(morris_lecar.initial(morris_lecar.Params(initial_v=-60.0)))[:2]
    truth = solve_ivp(slopes, (0.0, 40.0), start, "DOP853", rtol=1e-12, atol=1e-12).y[:, -1]
    ends = [run("hopf", 150.0, 40e-3, dt)[1] for dt in (0.4e-3, 0.2e-3, 0.1e-3)]
    errors = np.array([np.hypot(end["v"][0] - truth[0], end["w"][0] - truth[1]) for end in ends])
    np.testing.assert_allclose(np.log2(errors[:-1] / errors[1:]), 4.0, atol=0.4)
    assert errors[-1] < 1e-4  # mV, at twice the usual step
