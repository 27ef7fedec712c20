"""`spikesight trace export`: a run as files for other tools."""

import json

import pytest


@pytest.mark.parametrize("name", ["csv", "parquet"])
def test_a_folder_of_tables(run, tmp_path, spikesight, name):
    answer = spikesight("trace", "export", run, "--to", tmp_path / "out", "--as", name, "--json")
    assert answer.exit_code == 0, answer.stderr
    assert json.loads(answer.stdout) == {"written": str(tmp_path / "out"), "left_out": []}
    assert (tmp_path / "out" / f"spikes.exc.{name}").exists()


def test_the_name_of_a_file_says_what_it_is(run, tmp_path, spikesight):
    pytest.importorskip("h5py")
    answer = spikesight("trace", "export", run, "--to", tmp_path / "a.nwb")
    assert answer.exit_code == 0, answer.stderr
    assert "left out: stimuli" in answer.stdout
    assert (tmp_path / "a.nwb").exists()


def test_answers(run, tmp_path, spikesight):
    assert "name one of parquet" in spikesight("trace", "export", run, "--to", tmp_path / "out").stderr
    answer = spikesight("trace", "export", tmp_path, "--to", tmp_path / "out", "--as", "csv")
    assert (answer.exit_code, "is not a trace" in answer.stderr) == (1, True)
