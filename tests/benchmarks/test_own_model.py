import numpy as np
import pytest

from spikesight.base.errors import SpikesightError
from spikesight.benchmarks import CATALOGUE, own_model
from spikesight.circuits.engine import Fired


def test_figures_and_ratios(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, small in (("NEURONS", 64), ("STEPS", 400), ("TURNS", 3)):
        monkeypatch.setattr(own_model, name, small)
    report = CATALOGUE["own-model"]()
    assert report.name == "own-model"
    assert report.figures["spikes"] > 64
    assert 0.0 < report.ratios["vs_built_in"] < 20.0
    assert report.ratios["vs_numpy"] > 1.0


def test_other_spikes_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def advance(engine, currents, steps):
        model = engine.network.populations[0].equation.name
        return Fired(np.array([len(model)]), np.zeros(1, np.int32))

    monkeypatch.setattr(own_model, "_advance", advance)
    with pytest.raises(SpikesightError, match="fired other spikes"):
        own_model.measure()
