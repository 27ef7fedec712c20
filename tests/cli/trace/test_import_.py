"""`spikesight trace import`: files of another simulator as a run."""

import json

import pytest

from spikesight.trace.reader import Trace


@pytest.fixture
def gdf(tmp_path):
    (tmp_path / "exc-5-0.gdf").write_text("7\t1\t\n9\t12\t\n")
    return tmp_path / "exc-5-0.gdf"


def test_a_run_is_made_and_told(gdf, tmp_path, spikesight):
    answer = spikesight("trace", "import", gdf, "--to", tmp_path / "run", "--tick", "0.1ms", "--json")
    assert answer.exit_code == 0, answer.stderr
    told = json.loads(answer.stdout)
    assert (told["run"], told["importer"], told["tick_ns"]) == (str(tmp_path / "run"), "nest", 100_000)
    assert told["layers"]["exc-5"]["spikes"] == 2
    with Trace.open(tmp_path / "run") as trace:
        assert trace.spikes("exc-5").t.tolist() == [1e-4, 1.2e-3]


def test_people_read_a_table(gdf, tmp_path, spikesight):
    answer = spikesight("trace", "import", gdf, "--to", tmp_path / "run", "--as", "nest", "--tick", "1ms")
    assert answer.exit_code == 0, answer.stderr
    assert "exc-5  2      2       0        0.001      0.012" in answer.stdout
    assert f"written: {tmp_path / 'run'}" in answer.stdout


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        ((), 1, "say how long one is"),
        (("--as", "nist"), 2, "Did you mean nest"),
        (("--as", "nwb"), 1, "damaged, or not what it looks like"),
        (("--tick", "soon"), 2, "is no time"),
    ],
)
def test_answers(gdf, tmp_path, spikesight, options, code, told):
    answer = spikesight("trace", "import", gdf, "--to", tmp_path / "run", *options)
    assert answer.exit_code == code
    assert told in answer.stderr
    assert not (tmp_path / "run").exists()
