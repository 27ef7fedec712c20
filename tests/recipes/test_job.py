"""A job in a process of its own: what is asked goes in, what came of it comes out, whichever way the process ends."""

import json
import signal
import subprocess
import sys
import time

import pytest

from spikesight.base.errors import RunError
from spikesight.recipes import job as module
from spikesight.recipes.job import Job, Outcome, attempt, begin, end, outcome_in, put, unfinished, work
from spikesight.runs.folder import Run


def folder_with(tmp_path, **settings):
    folder = tmp_path / "sweep" / "job-0000"
    put(folder, Job("swept", settings, seed=1))
    return folder


def test_a_result_comes_out(swept, tmp_path):
    folder = folder_with(tmp_path, alpha="0.5", beta="3")
    assert outcome_in(folder) is None
    attempt(str(folder))
    outcome = outcome_in(folder)
    assert outcome.error is None
    assert (outcome.result["value"], outcome.result["control"], outcome.result["seed"]) == (4.5, 1.0, 1)
    assert Run.open(outcome.result["run"]).status() == "finished"


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        ("refused", "this setting cannot be"),
        ("mistake", "its process ended with exit code 1, and said last: ZeroDivisionError: a mistake in the recipe"),
        ("killed", "its process was ended by signal 9, and said last: nothing"),
    ],
)
def test_what_went_wrong_is_one_line(swept, tmp_path, trouble, error):
    folder = folder_with(tmp_path, trouble=trouble)
    attempt(str(folder))
    assert outcome_in(folder) == Outcome(error=error)


def test_a_process_has_one_thread(swept, tmp_path, monkeypatch):
    monkeypatch.setattr(module.sys, "executable", "/bin/sh")
    started = []
    monkeypatch.setattr(module.subprocess, "Popen", lambda asked, env, **_: started.append(env))
    begin(folder_with(tmp_path))
    assert {started[0][name] for name in ("SPIKESIGHT_CORES", "OMP_NUM_THREADS", "NUMBA_NUM_THREADS")} == {"1"}


def test_it_goes_on_with_the_newest_run_that_has_a_checkpoint(swept, tmp_path):
    folder = folder_with(tmp_path)
    assert unfinished(folder, "swept") is None
    Run.create(folder, "swept", seed=1, config={})
    Run.create(folder, "other", seed=1, config={}).save_weights({})
    assert unfinished(folder, "swept") is None
    ready = Run.create(folder, "swept", seed=1, config={})
    ready.save_weights({})
    assert unfinished(folder, "swept") == ready.folder
    work(folder)
    assert outcome_in(folder).result["run"] == str(ready.folder)


def wait_for(ready):
    last = time.monotonic() + 60
    while not ready():
        assert time.monotonic() < last
        time.sleep(0.02)


@pytest.mark.parametrize("how", ["stop", "interrupt"])
def test_a_process_that_is_no_longer_wanted_ends_and_its_run_says_so(swept, tmp_path, how):
    folder = folder_with(tmp_path, trouble="slow")
    process = begin(folder)
    wait_for(lambda: unfinished(folder, "swept"))
    if how == "stop":
        (folder.parent / module.STOP).touch()
    else:
        process.send_signal(signal.SIGINT)
    assert process.wait(20) == -signal.SIGINT
    assert Run.open(unfinished(folder, "swept")).status() == "interrupted"
    assert outcome_in(folder) is None
    end(folder, -signal.SIGINT)
    assert "its process was ended by signal 2" in outcome_in(folder).error


def test_a_process_whose_parent_is_gone_ends(swept, tmp_path):
    folder = folder_with(tmp_path, trouble="slow")
    asked = [sys.executable, "-c", "import sys; from spikesight.recipes.job import attempt; attempt(sys.argv[1])"]
    with subprocess.Popen([*asked, str(folder)]) as parent:
        wait_for(lambda: unfinished(folder, "swept"))
        parent.kill()
    wait_for(lambda: Run.open(unfinished(folder, "swept")).status() == "interrupted")


def test_a_folder_that_is_not_here_is_told(tmp_path):
    with pytest.raises(RunError, match=r"there is no .*job\.json here"):
        begin(tmp_path)


def test_what_is_asked_is_readable(tmp_path):
    folder = folder_with(tmp_path, alpha="1")
    asked = json.loads((folder / "job.json").read_text())
    assert asked == {"recipe": "swept", "settings": {"alpha": "1"}, "seed": 1, "quick": False, "data": None}
