"""Nearest-neighbour pairs alone."""

import numpy as np
import pytest

from spikesight.circuits.plasticity.nearest import NearestStdp


def test_only_the_last_spike_of_the_other_side_counts(protocol):
    rule = NearestStdp(plus=0.02, minus=0.03)
    up = protocol(rule).run(pre=[3, 5, 9], post=[19], steps=30) - 0.5
    down = protocol(rule).run(pre=[19], post=[3, 5, 9], steps=30) - 0.5
    assert up == pytest.approx(0.02 * np.exp(-0.25), abs=1e-15)
    assert down == pytest.approx(-0.03 * np.exp(-0.25), abs=1e-15)
