"""The benchmark of traces at a size that takes seconds: what it measures is there, and adds up."""

import numpy as np
import pytest

from spikesight.base.errors import SpikesightError
from spikesight.benchmarks import slowdown, trace


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    monkeypatch.setattr(trace, "PACKED", 200_000)
    monkeypatch.setattr(trace, "ZOOMS", 5)
    monkeypatch.setattr(trace, "UNITS", 3)
    monkeypatch.setattr(slowdown, "ratios", lambda: {"recording_slowdown": 1.0})


def test_it_measures_what_the_limits_are_about():
    report = trace._measure("trace", (100_000, 200_000), ("1e5", "2e5"))
    assert report.figures["spikes_at_2e5"] == pytest.approx(2 * report.figures["spikes_at_1e5"], rel=0.7)
    assert report.figures["bytes_per_spike"] == report.figures["bytes_per_spike_at_2e5"]
    assert 0 < report.figures["row_bytes_per_spike_ms_ticks"] < 12
    wanted = {"zoom_2e5_over_1e5", "open_2e5_over_1e5", "packed_ms_ticks", "packed_us_ticks", "writing_over_bare"}
    wanted |= {"unit_unsorted_over_sorted", "whole_raster_scan_over_aggregates", "selectivity_scan_over_aggregates"}
    assert set(report.ratios) == wanted | {"server_memory_over_store", "recording_slowdown"}
    growing = {name for name in report.figures if name.startswith("writer_memory_growth")}
    assert all(report.figures[name] < 500 for name in growing)
    others = [value for name, value in report.figures.items() if name not in growing]
    assert all(np.isfinite(value) and value > 0 for value in (*others, *report.ratios.values()))


def test_sums_that_are_not_exact_are_told(monkeypatch):
    monkeypatch.setattr(trace, "_raster", lambda *_: np.zeros((1, 1), np.uint32))
    with pytest.raises(SpikesightError, match="please report"):
        trace._measure("trace", (100_000, 100_000), ("1e5", "1e5+"))
