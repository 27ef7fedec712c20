import numpy as np
import pytest

from spikesight.base.errors import SpikesightError
from spikesight.benchmarks import CATALOGUE, own_model


def test_figures_and_ratios(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, small in (("NEURONS", 64), ("STEPS", 400), ("TURNS", 3)):
        monkeypatch.setattr(own_model, name, small)
    report = CATALOGUE["own-model"]()
    assert report.name == "own-model"
    assert report.figures["spikes"] > 64
    assert 0.0 < report.ratios["vs_built_in"] < 20.0
    assert report.ratios["vs_numpy"] > 1.0


def test_other_spikes_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_model, "_run", lambda executor, model, params, drive: np.array([model.name]))
    with pytest.raises(SpikesightError, match="fired other spikes"):
        own_model.measure()
