"""`spikesight trace repair`: what was done, what was lost, and whether the run may go on."""

import json

import pytest

from spikesight.base.errors import RunError
from spikesight.recipes.going_on import check_same
from spikesight.runs.folder import Run
from spikesight.trace.lock import only_writer


def test_a_sound_trace(run, spikesight):
    answer = spikesight("trace", "repair", run)
    assert (answer.exit_code, answer.stdout) == (0, f"{run}: nothing to mend\n")


def test_what_is_lost_is_told_and_the_run_may_go_on(run, spikesight):
    (run / "trace" / "spikes" / "exc" / "000000.parquet").unlink()
    told = json.loads(spikesight("trace", "repair", run, "--json").stdout)
    assert [words.partition(":")[0] for words in told["lost"]] == ["spikes/exc/000000.parquet"]
    assert told["resumable"]
    assert spikesight("trace", "check", run, "--deep").exit_code == 0
    check_same(Run.open(run), "made-up", {"n": 5})


def test_without_its_list_the_run_cannot_go_on(run, spikesight):
    (run / "trace" / "manifest.jsonl").unlink()
    answer = spikesight("trace", "repair", run)
    assert answer.exit_code == 0
    assert "manifest.jsonl: was gone" in answer.stdout
    assert answer.stdout.splitlines()[-1].startswith("The run cannot be resumed")
    with pytest.raises(RunError, match="the list of its segments was lost"):
        check_same(Run.open(run), "made-up", {"n": 5})


def test_a_trace_that_is_being_written_is_refused(run, spikesight):
    with only_writer(run / "trace"):
        answer = spikesight("trace", "repair", run)
    assert answer.exit_code == 1
    assert "still being written" in answer.stderr
