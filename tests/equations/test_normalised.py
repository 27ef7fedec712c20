"""The neuron by itself: values worked out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.equations.normalised import EQUATION, Constants, Params
from spikesight.executors import FusedCpu, Reference

HALF = Params(tau=1e-3 / np.log(2.0))


@pytest.mark.parametrize("executor", [Reference(), FusedCpu()], ids=["reference", "fused"])
def test_a_spike_takes_its_threshold_in_the_next_step_before_the_leak(executor: Any) -> None:
    state, fired, membranes = None, [], []
    for k, current in enumerate((4.0, 0.0, 0.0)):
        spikes, state = executor.run(EQUATION, HALF, {"current": np.array([[current]])}, 1e-3, state=state, start=k)
        fired.append(bool(spikes[0, 0]))
        membranes.append(float(state["v"][0]))
    assert fired == [True, False, False]
    np.testing.assert_allclose(membranes, [2.0, 0.5, 0.25], rtol=1e-6)


def test_the_drive_shrinks_as_weights_grow() -> None:
    spikes, _ = Reference().run(EQUATION, Params(norm=4.0), {"current": np.full((50, 1), 3.9)}, 1e-3)
    assert not spikes.any(), "a filter twice as large is driven twice as much, and has four times the norm"
    spikes, _ = Reference().run(EQUATION, Params(norm=1.0), {"current": np.full((50, 1), 1.95)}, 1e-3)
    assert spikes.any()


def test_constants() -> None:
    told = EQUATION.constants(Params(threshold=0.5, norm=4.0), 1e-3)
    assert isinstance(told, Constants)
    assert told.taking == 2.0
    assert told.divisor == 4.0 + 1e-8


def test_parameters_that_are_no_neuron() -> None:
    with pytest.raises(InputError, match="threshold"):
        Params(threshold=-1.0)
    with pytest.raises(InputError, match="norm"):
        Params(norm=0.0)
