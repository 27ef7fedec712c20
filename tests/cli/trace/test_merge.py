"""`spikesight trace merge`: a new run of several."""

import json

import numpy as np
from recorded_traces import TICKS, contents

from spikesight.runs.folder import Run
from spikesight.trace.reader import Trace


def test_two_runs_become_one_run_with_a_mark_for_each(run, tmp_path, spikesight):
    told = json.loads(spikesight("trace", "merge", run, run, "--to", tmp_path / "both", "--json").stdout)
    assert told["run"] == str(tmp_path / "both")
    assert [part["ticks"] for part in told["parts"]] == [[0, 12 * TICKS - 1], [12 * TICKS, 24 * TICKS - 1]]
    made = Run.open(tmp_path / "both")
    assert made.status() == "finished"
    assert (made.facts["name"], made.facts["recipe"], made.facts["seed"]) == ("both", "made-up", 4)
    assert made.facts["made"] == {"of": [str(run), str(run)], "by": "merge", "keep_times": False}
    arrays, metadata = made.load_weights()
    np.testing.assert_array_equal(arrays["exc.theta"], np.ones(6))
    assert metadata == {}
    with Trace.open(tmp_path / "both") as trace:
        assert len(trace.stimuli()["stim"]) == 24
        assert trace.marks()["name"].tolist().count("part") == 2


def test_one_alone_is_packed(run, tmp_path, spikesight):
    answer = spikesight("trace", "merge", run, "--to", tmp_path / "packed")
    assert answer.exit_code == 0
    assert answer.stdout.splitlines()[-1] == f"written: {tmp_path / 'packed'}"
    assert contents(tmp_path / "packed") == contents(run)


def test_a_folder_that_is_there_is_left_alone_and_no_trace_is_an_answer(run, tmp_path, spikesight):
    taken = spikesight("trace", "merge", run, "--to", run)
    assert taken.exit_code == 1
    assert "exists already" in taken.stderr
    empty = spikesight("trace", "merge", run, tmp_path / "nothing", "--to", tmp_path / "new")
    assert empty.exit_code == 1
    assert "is not a trace" in empty.stderr
    assert sorted(one.name for one in tmp_path.iterdir()) == [run.name]
    assert spikesight("trace", "merge", run).exit_code == 2
