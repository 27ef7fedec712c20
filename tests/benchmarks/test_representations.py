"""The benchmark of representations measures all of them, both ways, and that they agree."""

import pytest

from spikesight.base.errors import SpikesightError
from spikesight.benchmarks import representations
from spikesight.benchmarks.representations import REPRESENTATIONS, Ways, at_random, measure, of_a_bar


def test_it_measures_every_representation_on_every_stream(monkeypatch):
    monkeypatch.setattr(representations, "SENSORS", ((34, 20), (12, 40)))
    report = measure(events=2000, turns=1)
    streams = {f"{sensor}_{kind}" for sensor in ("34x20", "12x40") for kind in ("random", "bar")}
    units = {
        f"{name}_{stream}_{unit}" for name in REPRESENTATIONS for stream in streams for unit in ("mev_s", "peak_mb")
    }
    assert set(report.figures) == units | {f"{name}_mev_s" for name in REPRESENTATIONS}
    assert all(value > 0.0 for value in (*report.figures.values(), *report.ratios.values()))
    for name in REPRESENTATIONS:
        every = [report.ratios[f"{name}_over_plain_{stream}"] for stream in streams]
        assert report.ratios[f"{name}_over_plain"] == min(every)


def test_ways_that_disagree_are_told(monkeypatch):
    wrong = {"histogram": Ways(representations.histogram, lambda events: representations.histogram(events) + 1)}
    monkeypatch.setattr(representations, "REPRESENTATIONS", wrong)
    with pytest.raises(SpikesightError, match="histogram differs"):
        measure(events=100, turns=1)


def test_streams_are_what_they_say():
    for make in (at_random, of_a_bar):
        events = make(5000, 60, 40)
        assert len(events.in_order()) == 5000
        assert 0.4 < events.p.mean() < 0.6
    bar = of_a_bar(5000, 60, 40)
    assert bar.x[:500].mean() < 15 < 45 < bar.x[-500:].mean()
