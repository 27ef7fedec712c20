import hashlib
import json

import numpy as np
import pytest

from spikesight.base.errors import InputError, RunError
from spikesight.runs.folder import Run
from spikesight.trace.importers import bring, original_ids, prepare, story
from spikesight.trace.importers.nest import NEST


@pytest.fixture
def gdf(tmp_path):
    (tmp_path / "exc-5-0.gdf").write_text("7\t0.1\t\n9\t0.2\t\n")
    return tmp_path / "exc-5-0.gdf"


def test_a_run_says_where_it_comes_from(gdf, tmp_path):
    run = bring([gdf], tmp_path / "run", name="from NEST")
    facts = Run.open(tmp_path / "run").facts
    assert (facts["name"], facts["recipe"], facts["status"]) == ("from NEST", "imported", "finished")
    assert run.status() == "finished"
    assert facts["metrics"] == {"spikes": 2}
    (file,) = facts["config"]["files"]
    digest = hashlib.sha256(gdf.read_bytes()).hexdigest()
    assert file == {"name": "exc-5-0.gdf", "bytes": len(gdf.read_bytes()), "sha256": digest}
    assert story(run)["layers"]["exc-5"]["senders"] == 2
    assert original_ids(run)["exc-5"].tolist() == [7, 9]


def test_what_is_there_already_stays(gdf, tmp_path):
    (tmp_path / "run").mkdir()
    with pytest.raises(RunError, match="exists already"):
        bring([gdf], tmp_path / "run")
    assert not list((tmp_path / "run").iterdir())


def test_a_file_that_changes_meanwhile_leaves_nothing(gdf, tmp_path):
    prepared = prepare([gdf])
    gdf.write_text("7\t0.1\t\n9\tx\t\n")
    with pytest.raises(InputError, match="not a row of numbers"):
        prepared.write(tmp_path / "run")
    gdf.write_text("7\t0.1\t\n8\t0.2\t\n")
    with pytest.raises(InputError, match="still being written"):
        prepared.write(tmp_path / "run")
    assert [path.name for path in tmp_path.iterdir()] == [gdf.name]


def test_an_importer_can_be_said(gdf, tmp_path):
    renamed = gdf.rename(tmp_path / "spikes.out")
    with pytest.raises(InputError, match="no importer recognises"):
        bring([renamed], tmp_path / "run")
    run = bring([renamed], tmp_path / "run", importer=NEST)
    assert story(run)["importer"] == "nest"


def test_units_that_count_from_zero_need_no_list(tmp_path):
    np.savez(tmp_path / "a.npz", t=[0.1, 0.2], unit=[0, 1])
    run = bring([tmp_path / "a.npz"], tmp_path / "run")
    assert not (run.folder / "units.safetensors").exists()
    assert original_ids(run)["a"].tolist() == [0, 1]


def test_damaged_stories_and_units(gdf, tmp_path):
    run = bring([gdf], tmp_path / "run")
    (run.folder / "units.safetensors").write_bytes(b"x")
    with pytest.raises(RunError, match="damaged"):
        original_ids(run)
    (run.folder / "imported.json").write_text(json.dumps([1]))
    with pytest.raises(RunError, match="does not tell"):
        story(run)
    (run.folder / "imported.json").unlink()
    with pytest.raises(RunError, match="was not imported"):
        story(run)
