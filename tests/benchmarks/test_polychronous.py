"""The benchmark of Polychronization, shrunk to seconds: its report, and that it notices a wrong engine."""

import json

import numpy as np
import pytest

from spikesight.base.errors import SpikesightError
from spikesight.benchmarks import CATALOGUE
from spikesight.benchmarks import polychronous as benchmark
from spikesight.benchmarks.plain_polychronous import PlainPolychronous


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(benchmark, "SECONDS", 3)
    monkeypatch.setattr(benchmark, "BLOCKS", 1)
    monkeypatch.setattr(benchmark, "PLAIN_STEPS", 300)
    monkeypatch.setattr(benchmark, "CHECKED", 300)


def test_the_report():
    told = json.loads(json.dumps(CATALOGUE["polychronous"]().as_json()))
    figures, ratios = told["figures"], told["ratios"]
    assert all(np.isfinite(value) and value > 0 for value in (*figures.values(), *ratios.values()))
    assert figures["real_time_factor"] == pytest.approx(1 / figures["seconds_per_biological_second"])
    seconds = figures["seconds_per_biological_second_numpy"], figures["seconds_per_biological_second"]
    assert ratios == {"vs_numpy": pytest.approx(seconds[0] / seconds[1])}
    assert 2 < figures["rate_hz"] < 15
    events = figures["rate_hz"] * 1000 * 100 * figures["real_time_factor"]
    assert figures["synaptic_events_per_second"] == pytest.approx(events)
    assert ratios["vs_numpy"] > 5


def test_an_engine_that_fires_other_spikes_is_noticed(monkeypatch):
    advance = PlainPolychronous.advance
    monkeypatch.setattr(PlainPolychronous, "advance", lambda self, kicked: advance(self, kicked, outside=21.0))
    with pytest.raises(SpikesightError, match="did not fire the spikes of a plain NumPy loop"):
        benchmark.measure()
