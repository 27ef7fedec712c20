import warnings

import numpy as np
import pytest

from spikesight.encoding.latencies import Latencies
from spikesight.first_spike.health import SilentLayer, warn_if_silent

SILENT, LOUD = Latencies(np.full((3, 4), 5), 5), Latencies(np.zeros((3, 4), int), 5)


def test_a_silent_layer_is_told_by_name_with_what_to_change():
    with pytest.warns(SilentLayer, match=r"conv2 fired for any of 3 .*lower its threshold \(now 10\)"):
        assert warn_if_silent("conv2", SILENT, 10.0, LOUD)


def test_a_silent_input_is_blamed_rather_than_the_layer():
    with pytest.warns(SilentLayer, match="conv2 was given no spike"):
        assert warn_if_silent("conv2", SILENT, 10.0, SILENT)


def test_whoever_fires_or_shall_not_fire_is_left_alone():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not warn_if_silent("conv2", LOUD, 10.0, LOUD)
        assert not warn_if_silent("conv3", SILENT, np.inf, LOUD)
        assert not warn_if_silent("conv3", SILENT[:0], 10.0)
