"""The closed form, and the same from the equation, executed."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikesight.analysis.coincidence import widest_separation
from spikesight.base.errors import InputError
from spikesight.equations import leaky
from spikesight.equations.leaky import Charge, Params
from spikesight.executors import FusedCpu, Reference


def test_by_hand():
    assert widest_separation(0.6, 1.0, 10e-3) * 1e3 == pytest.approx(4.0547, abs=5e-5)
    assert widest_separation(0.5, 1.0, 10e-3) == 0.0
    assert widest_separation(0.4, 1.0, 10e-3) == 0.0
    assert widest_separation(1.0, 1.0, 10e-3) == math.inf


@pytest.mark.parametrize("executor", [Reference(), FusedCpu()], ids=lambda executor: executor.name)
@pytest.mark.parametrize(("weight", "tau"), [(0.6, 10e-3), (0.6, 20e-3), (0.9, 10e-3), (0.51, 5e-3)])
def test_a_neuron_fires_just_within_it(executor, weight, tau):
    dt, steps = 0.01e-3, 3000
    drive = np.zeros((steps, steps))
    drive[0] = weight
    drive[np.arange(steps), np.arange(steps)] += weight
    drive[0, 0] = 2 * weight
    neuron = Params(tau=tau, threshold=1.0, drive=Charge())
    spikes, _ = executor.run(leaky.EQUATION, neuron, {"current": drive}, dt, dtype=np.float64)
    fires = spikes.any(axis=0)
    widest = min(widest_separation(weight, 1.0, tau), dt * steps)
    np.testing.assert_array_equal(fires, dt * np.arange(steps) < widest)


@given(weight=st.floats(0.01, 0.99), tau=st.floats(1e-3, 1.0))
def test_two_inputs_at_the_edge_just_reach_the_threshold(weight, tau):
    edge = widest_separation(weight, 1.0, tau)
    reached = weight * math.exp(-edge / tau) + weight
    assert reached == pytest.approx(1.0) if weight > 0.5 else reached <= 1.0 + 1e-9


def test_what_is_no_input():
    for weight, threshold in ((0.0, 1.0), (1.0, 0.0), (math.nan, 1.0)):
        with pytest.raises(InputError, match="above 0"):
            widest_separation(weight, threshold, 10e-3)
