"""`spikesight bench`: figures, ratios and the machine."""

import json
import sys
from types import ModuleType

import pytest

from spikesight.benchmarks import CATALOGUE, CURVED
from spikesight.benchmarks.report import Curve, Report


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


def test_a_benchmark_without_curves_is_refused_before_it_is_measured(
    quick_benchmark, spikesight, tmp_path, monkeypatch
):
    pytest.importorskip("matplotlib", reason="the extra `plot` is not installed")
    monkeypatch.setattr(sys.modules["made_up_benchmark"], "measure", lambda: pytest.fail("measured all the same"))
    told = spikesight("bench", "made-up", "--plot", str(tmp_path / "curves.svg"))
    assert told.exit_code == 2
    assert "draws the curves of event-convolution, psn, scaling, sdnn; others have none" in told.output


def test_benchmarks_with_curves_are_benchmarks():
    assert {name: CATALOGUE[name] for name in CURVED} == dict(CURVED)


def test_curves_are_drawn_or_refused_before_anything_is_measured(quick_benchmark, spikesight, tmp_path, monkeypatch):
    pytest.importorskip("matplotlib", reason="the extra `plot` is not installed")
    wrong = spikesight("bench", "made-up", "--plot", str(tmp_path / "curves.txt"))
    assert wrong.exit_code != 0
    assert "ms_per_image" not in wrong.stdout
    monkeypatch.setattr(CURVED, "_places", {"made-up": "made_up_benchmark:measure"})
    curve = Curve("rate (Hz)", "seconds", [1.0, 10.0], {"all": [1.0, 2.0]})
    report = Report("made-up", {}, {}, {}, {"rate": curve})
    monkeypatch.setattr(sys.modules["made_up_benchmark"], "measure", lambda: report)
    told = spikesight("bench", "made-up", "--json", "--plot", str(tmp_path / "curves.svg"))
    assert json.loads(told.stdout)["curves"]["rate"]["y"] == {"all": [1.0, 2.0]}
    assert (tmp_path / "curves.svg").exists()
