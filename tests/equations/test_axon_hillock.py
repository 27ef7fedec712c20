from typing import Any

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.equations import axon_hillock
from spikesight.executors import FusedCpu

EQUATION = axon_hillock.EQUATION


def spike_steps(params: axon_hillock.Params, current: float, steps: int, dt: float) -> Any:
    drive = {"current": np.full((steps, 1), current)}
    return np.flatnonzero(FusedCpu().run(EQUATION, params, drive, dt, dtype=np.float64)[0])


@pytest.mark.parametrize("share", [0.1, 0.5, 0.8])
@pytest.mark.parametrize("feedback", [1e-12, 3e-12])
def test_the_rate_is_the_closed_one(share: float, feedback: float) -> None:
    params, dt = axon_hillock.Params(feedback=feedback), 1e-6
    current = share * params.reset
    rate = current * (1.0 - share) / (feedback * params.supply)
    intervals = np.diff(spike_steps(params, current, round(12 / rate / dt), dt)) * dt
    assert len(intervals) > 8
    ratio = share / (1.0 - share)
    np.testing.assert_allclose(intervals, 1.0 / rate, rtol=0, atol=dt * (2.0 + ratio + 1.0 / ratio))
    assert (intervals > 1.0 / rate - dt).all()


def test_how_long_the_output_stays_high() -> None:
    params, dt, current = axon_hillock.Params(), 1e-6, 0.25e-9
    first = int(spike_steps(params, current, 10_000, dt)[0])
    state, high = None, []
    for k in range(first, first + 1):
        _, state = FusedCpu().run(EQUATION, params, {"current": np.full((k + 1, 1), current)}, dt, dtype=np.float64)
    while state["high"][0] == 1.0:
        _, state = FusedCpu().run(EQUATION, params, {"current": np.full((1, 1), current)}, dt, state=state, dtype=float)
        high.append(state["v"][0])
    assert len(high) * dt == pytest.approx(params.feedback * params.supply / (params.reset - current), abs=2 * dt)
    assert high[-1] == pytest.approx(params.threshold - 0.5, abs=2e-3)  # the node falls by the swing, 0.5 V


def test_a_weak_reset_leaves_the_output_high() -> None:
    assert len(spike_steps(axon_hillock.Params(), 1.5e-9, 10_000, 1e-5)) == 1


def test_before_the_first_spike_the_node_moves_in_a_straight_line() -> None:
    drive = {"current": np.full((7, 1), 0.5e-9)}
    _, state = FusedCpu().run(EQUATION, axon_hillock.Params(), drive, 1e-4, dtype=np.float64)
    assert state["v"][0] == pytest.approx(7 * 0.5e-9 * 1e-4 / 2e-12, rel=1e-14)


def test_what_cannot_be() -> None:
    with pytest.raises(InputError, match=r"feedback is 0\.0"):
        axon_hillock.Params(feedback=0.0)
