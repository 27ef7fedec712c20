"""Spoilt runs: a short round of them, and whether failures would be seen."""

import json
import shutil

import numpy as np
import pytest

from spikesight.base.errors import SpikesightError, TraceError
from spikesight.base.randomness import generator
from spikesight.benchmarks import CATALOGUE, fuzz
from spikesight.benchmarks.fuzz import Found, measure, spoilt
from spikesight.benchmarks.mutations import MUTATIONS, _rewrite
from spikesight.benchmarks.questions import FORBIDDEN, questions
from spikesight.trace.maintenance.check import check
from spikesight.trace.reader import Trace


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    return fuzz._sound_run(tmp_path_factory.mktemp("sound"))


@pytest.fixture
def run(sound, tmp_path):
    return shutil.copytree(sound, tmp_path / "case" / "run")


def test_a_short_round_has_no_failures(tmp_path):
    found = spoilt(tmp_path, range(300, 310))
    assert found.failures == []
    assert found.answered > 300
    assert found.refused > 0
    assert found.cases.total() == 10


def test_the_catalogue_lists_it_and_its_report_is_json(monkeypatch):
    assert CATALOGUE["fuzz"] is measure
    monkeypatch.setattr(fuzz, "spoilt", lambda place, cases: Found(answered=30, refused=10))
    report = measure()
    assert report.ratios == {"refused_per_question": 0.25}
    json.dumps(report.as_json(), allow_nan=False)


def test_what_is_spoilt_is_sound_and_has_rows_sealed_and_not_counts_and_weights(sound):
    left = {(finding.where.partition("/")[0], finding.todo) for finding in check(sound, deep=True)}
    assert {where for where, _ in left} == {"tail"}
    assert any((sound / "trace" / "aggregates").rglob("*.parquet"))
    with Trace.open(sound) as trace:
        assert len(trace.snapshots("input_exc")["t"]) == len(trace.stimuli()["stim"]) == 6


def test_all_of_a_sound_run_is_answered(run):
    asked = [(name, question()) for name, question in questions(run, views=False)]
    assert len({name for name, _ in asked}) > 40


@pytest.mark.parametrize("mutation", sorted(set(MUTATIONS), key=lambda one: one.__name__), ids=lambda one: one.__name__)
def test_every_mutation_spoils_something(mutation, run):
    before = fuzz._content(run)
    spoils = [mutation(run, generator(7, "fuzz", number)) for number in range(3)]
    assert fuzz._content(run) != before
    assert all(spoils)


def test_failures_of_every_kind_would_be_told(tmp_path):
    told, found = tmp_path / "told", Found()
    told.write_text("open\tanswered\nspikes\trefused\nraster\tValueError: boom (reader.py, line 3)\n")
    fuzz._take_in(found, "case 1", told, late=False, exit_code=0)
    assert (found.answered, found.refused) == (1, 1)
    assert found.failures == ["case 1: raster: ValueError: boom (reader.py, line 3)"]
    told.write_text("open\tanswered\n")
    told.with_suffix(".said").write_text("out of memory")
    fuzz._take_in(found, "case 2", told, late=False, exit_code=-9)
    fuzz._take_in(found, "case 3", told, late=True, exit_code=-9)
    assert found.failures[1:] == [
        "case 2: after 'open' the process ended with -9 (out of memory)",
        "case 3: after 'open' no answer within 60 s",
    ]


def test_a_failure_is_an_error(monkeypatch):
    monkeypatch.setattr(fuzz, "spoilt", lambda place, cases: Found(failures=["case 4: x"]))
    with pytest.raises(SpikesightError, match="1 failures: case 4: x"):
        measure()


def test_names_of_snapshots_do_not_lead_out_of_the_folder(run, tmp_path):
    fuzz._fill(tmp_path / "outside")
    table = run / "trace" / "weights" / "input_exc"
    outside = {path: path.read_bytes() for path in (tmp_path / "outside").iterdir()}
    for path in table.glob("*.parquet"):
        _rewrite(path, "* REPLACE ('../../../../../outside/000000.safetensors' AS file)")
    assert (table / "../../../../../outside/000000.safetensors").exists()
    with Trace.open(run) as trace, pytest.raises(TraceError, match="which is no name of one"):
        assert not np.any(trace.weights("input_exc", 0) == FORBIDDEN)
    assert any("which is no name of one" in finding.what for finding in check(run))
    assert {path: path.read_bytes() for path in outside} == outside
