import os

import numpy as np
import pytest

from spikesight.base.cores import LIMIT
from spikesight.base.errors import SpikesightError
from spikesight.base.randomness import generator
from spikesight.encoding.latencies import Latencies
from spikesight.executors.reference import Reference
from spikesight.first_spike.convolution import Convolution, fire

torch = pytest.importorskip("torch", reason="the extra `train` is not installed")
from spikesight.benchmarks import CATALOGUE, plain_sdnn, sdnn  # noqa: E402


@pytest.fixture
def small(monkeypatch):
    for name, value in (("IMAGES", 12), ("DENSE_IMAGES", 2), ("PASSES", 2), ("TURNS", 1), ("DENSITIES", (0.02, 0.2))):
        monkeypatch.setattr(sdnn, name, value)


def test_figures_and_ratios(small, monkeypatch):
    monkeypatch.setenv(LIMIT, "2")
    report = CATALOGUE["sdnn"]()
    assert report.name == "sdnn"
    assert report.ratios["train_vs_dense"] > 3.0
    assert report.ratios["infer_vs_dense"] > 1.0
    assert 0.0 < report.ratios["memory_vs_dense"] < 0.1
    assert report.ratios["first_layer_over_floor"] > 1.0
    assert report.figures["ns_per_spike"] > 0.0
    assert report.curves["one layer"].x == sorted(report.curves["one layer"].x)
    assert os.environ[LIMIT] == "2"


def test_other_potentials_are_an_error(small, monkeypatch):
    monkeypatch.setattr(plain_sdnn, "one_map_per_place", lambda potentials, wave: wave)
    with pytest.raises(SpikesightError, match="other"):
        sdnn.measure()


def test_additions_are_those_of_spikes_and_the_windows_that_hold_them():
    layer = Convolution(7, (3, 3), np.inf, padding=(1, 1))
    given = Latencies(np.full((1, 2, 5, 5), 9), 9)
    given.times[0, 0, 0, 0] = given.times[0, 1, 2, 2] = 3
    assert sdnn.adds(layer, given) == (4 + 9) * 7
    counted = fire(layer, np.ones((7, 2, 3, 3)), given, Reference()).potentials.sum()
    assert sdnn.adds(layer, given) == counted


def test_inhibition_with_and_without_an_axis_of_time():
    given = Latencies(generator(0, "dense").integers(0, 16, (1, 3, 9, 9)), 15)
    layer = Convolution(5, (3, 3), 4.0)
    w = generator(0, "w").integers(0, 9, (5, 3, 3, 3)) / 8
    wave = torch.from_numpy(given.wave()[:, 0].astype(float))
    v = plain_sdnn.potentials_of(layer, torch.from_numpy(w), wave)
    kept = plain_sdnn.one_map_per_place(v, plain_sdnn.wave_of(layer, v))
    ours = fire(layer, w, given, one_map_per_place=True).latencies
    np.testing.assert_array_equal(Latencies.from_wave(kept.numpy()[:, None]).times, ours.times)
