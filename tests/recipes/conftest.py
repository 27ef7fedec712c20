"""A course of a second: 12 neurons, 30 small digits, twice; and the quick version of a real one, run once."""

import io
import os
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import spikesight
from spikesight.datasets.images import digits
from spikesight.estimators.diehl_cook import SHOWING, DiehlCook
from spikesight.recipes import CATALOGUE
from spikesight.recipes.contract import Order
from spikesight.recipes.course import Plan
from spikesight.runs.folder import Run
from spikesight.trace.probe import Probe
from spikesight.trace.reader import Trace

PROBES = (
    Probe("input.spikes", every=7),
    Probe("exc.spikes"),
    Probe("exc.v", units=(0, 3), every=100),
    Probe("input_exc.w", every=8),
)


@pytest.fixture
def plan():
    """Make a plan of 60 lessons."""

    def make(probes=PROBES, **changes):
        showing = replace(SHOWING, hertz=36.0, hertz_more=18.0, shown=0.1, rest=0.05)
        settings = {"n": 12, "passes": 2, "showing": showing, "mean_weight": 0.2, "max_delay": 0.0, "threads": 1}
        model = DiehlCook(**{**settings, **changes})
        return Plan("diehl-cook-digits", model, digits().first(30, 20), probes, False, {})

    return make


@pytest.fixture
def order(tmp_path):
    """Make an order that keeps quiet."""
    return lambda **changes: Order(**{"runs": tmp_path / "runs", "stream": io.StringIO(), **changes})


@pytest.fixture(scope="session")
def quick(tmp_path_factory):
    """`reproduce diehl-cook-digits --quick`, run once, as (result, folder)."""
    order = Order(quick=True, runs=tmp_path_factory.mktemp("quick"), stream=io.StringIO())
    result = CATALOGUE["diehl-cook-digits"].reproduce(order)
    return SimpleNamespace(result=result, folder=order.runs / Run.open(result.run).facts["name"])


@pytest.fixture(scope="session")
def assert_same_run():
    """Two runs ended with the same weights, bit for bit, and the same trace, row for row."""

    def check(one, other):
        kept = [Run.open(folder).load_weights()[0] for folder in (one, other)]
        assert list(kept[0]) == list(kept[1])
        for name in kept[0]:
            assert kept[0][name].tobytes() == kept[1][name].tobytes(), name
        told = [_told(folder) for folder in (one, other)]
        assert list(told[0]) == list(told[1])
        for name in told[0]:
            np.testing.assert_array_equal(told[0][name], told[1][name], err_msg=name)

    return check


def _told(folder):
    """Everything that a trace tells, by name."""
    with Trace.open(folder) as trace:
        told = {f"stimuli.{name}": np.ma.filled(column, 9) for name, column in trace.stimuli().items()}
        for layer in trace.header.layers:
            spikes = trace.spikes(layer.name)
            told |= {f"{layer.name}.{name}": column for name, column in spikes._asdict().items()}
        told |= {f"v.{name}": column for name, column in trace.values("exc", "v")._asdict().items()}
        for name in ("accuracy", "spikes_per_stimulus"):
            told[f"{name}.t"], told[name] = trace.scalars(name)
        told |= {f"marks.{name}": column for name, column in trace.marks().items()}
        told |= {f"snapshots.{name}": column for name, column in trace.snapshots("input_exc").items()}
        told["weights"] = trace.weights("input_exc")
        return told


@pytest.fixture
def swept(tmp_path, monkeypatch):
    """Make the recipe "swept" known to this process and to those it starts, as an installed package would."""
    facts = tmp_path / "installed" / "swept-1.dist-info"
    facts.mkdir(parents=True)
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: swept\nVersion: 1\n")
    (facts / "entry_points.txt").write_text("[spikesight.recipe]\nswept = swept:RECIPE\n")
    shutil.copy(Path(__file__).with_name("swept.py"), facts.parent)
    places = [str(facts.parent), str(Path(spikesight.__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(places))
    monkeypatch.syspath_prepend(facts.parent)
    return CATALOGUE["swept"]
