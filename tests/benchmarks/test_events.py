"""The benchmark of event files reads back what it wrote, and measures each format."""

import numpy as np
import pytest

from spikesight.base.errors import SpikesightError
from spikesight.benchmarks.events import NAMES, check, measure, written


def test_it_measures_each_format():
    report = measure(events=20_000, turns=1)
    assert {f"{name}_mev_s" for name in NAMES} <= set(report.figures)
    assert {f"{name}_over_read" for name in NAMES} <= set(report.ratios)
    assert all(report.figures[f"{name}_mev_s"] > 0 for name in NAMES)


def test_events_that_differ_are_told(tmp_path):
    case = written("dat", tmp_path, 1000)
    data = np.fromfile(case.path, np.uint8)
    data[-8] ^= 1
    data.tofile(case.path)
    with pytest.raises(SpikesightError, match="other events"):
        check(case, 1000)
