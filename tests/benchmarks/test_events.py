"""The benchmark of event files reads back what it wrote, and measures each format."""

import subprocess

import numpy as np
import pytest

from spikesight.base.errors import SpikesightError
from spikesight.benchmarks.events import NAMES, SLACK, bound, check, measure, peak, written


def test_it_measures_each_format(monkeypatch):
    # All formats would start twenty processes.
    monkeypatch.setattr("spikesight.benchmarks.events.NAMES", measured := NAMES[:1])
    report = measure(events=20_000, turns=1)
    assert {f"{name}_mev_s" for name in measured} <= set(report.figures)
    assert {f"{name}_over_read" for name in measured} <= set(report.ratios)
    assert all(report.figures[f"{name}_mev_s"] > 0 for name in measured)


def test_events_that_differ_are_told(tmp_path):
    case = written("dat", tmp_path, 1000)
    data = np.fromfile(case.path, np.uint8)
    data[-8] ^= 1
    data.tofile(case.path)
    with pytest.raises(SpikesightError, match="other events"):
        check(case, 1000)


def test_a_limit_of_memory_is_one(tmp_path, monkeypatch):
    case = written("dat", tmp_path, 2_000_000)
    assert bound(case.path) == SLACK
    peak(case, "bounded")
    monkeypatch.setattr("spikesight.benchmarks.events._CHILD", LIMITED)
    with pytest.raises(subprocess.CalledProcessError):
        peak(case, "bounded")


LIMITED = """
import sys
from spikesight.benchmarks import events
events.FEW = 1 << 22
events.in_child(*sys.argv[1:])
"""
