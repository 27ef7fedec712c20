"""A neuron that nobody talks to comes to rest, and costs no more than one that is busy."""

import numpy as np
import pytest

from spikesight.equations import adaptive, current, leaky
from spikesight.equations.negligible import NEGLIGIBLE, without_dust
from spikesight.executors import Reference


def test_dust_is_swept_on_both_sides_and_nothing_else():
    values = np.array([-1.0, -2 * NEGLIGIBLE, -NEGLIGIBLE, -1e-30, 0.0, 1e-30, NEGLIGIBLE, 2 * NEGLIGIBLE, 1.0])
    swept = without_dust(values, np.where, NEGLIGIBLE, 0.0)
    assert swept.tolist() == [-1.0, -2 * NEGLIGIBLE, 0.0, 0.0, 0.0, 0.0, 0.0, 2 * NEGLIGIBLE, 1.0]


@pytest.mark.parametrize("model", [leaky, adaptive, current])
@pytest.mark.parametrize("kick", [0.4, -0.4, 30.0])
def test_a_silent_neuron_ends_exactly_at_rest(model, kick):
    drive = np.zeros((4000, 1))
    drive[0] = kick
    _, state = Reference().run(model.EQUATION, model.Params(), {"current": drive}, 1e-3, dtype=np.float32)
    assert all(values == 0.0 for name, values in state.items() if name != "ready")
