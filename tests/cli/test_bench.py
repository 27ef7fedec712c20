"""`spikesight bench`: figures, ratios and the machine."""

import json
import sys
from types import ModuleType

import pytest

from spikesight.benchmarks import CATALOGUE
from spikesight.benchmarks.report import Report


@pytest.fixture
def quick_benchmark(monkeypatch):
    module = ModuleType("made_up_benchmark")
    report = Report("made-up", {"ms_per_image": 0.51234}, {"vs_numpy": 812.0}, {"cores": 2})
    module.measure = lambda: report  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "made_up_benchmark", module)
    monkeypatch.setattr(CATALOGUE, "_places", {"made-up": "made_up_benchmark:measure"})


def test_json_has_the_keys_that_programs_expect(quick_benchmark, spikesight):
    told = json.loads(spikesight("bench", "made-up", "--json").stdout)
    assert told == {
        "name": "made-up",
        "figures": {"ms_per_image": 0.51234},
        "ratios": {"vs_numpy": 812.0},
        "machine": {"cores": 2},
    }


def test_people_get_figures_and_ratios(quick_benchmark, spikesight):
    lines = spikesight("bench", "made-up").stdout.splitlines()
    assert lines[1].split() == ["ms_per_image", "0.5123"]
    assert lines[-1].split() == ["vs_numpy", "812"]
