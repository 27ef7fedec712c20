"""`spikesight look`: it serves, or it says in JSON what it would show."""

import json
import signal
import urllib.request
from pathlib import Path

import pytest

from spikesight.runs.folder import Run


@pytest.fixture
def run(tmp_path) -> Path:
    run = Run.create(tmp_path, "made-up", seed=4, config={})
    run.update(status="finished", metrics={"accuracy": 0.9})
    return run.folder


def test_json_is_a_list_of_summaries(run, spikesight):
    one, same = json.loads(spikesight("look", run, run, "--json").stdout)
    assert one == same
    assert (one["name"], one["recipe"], one["status"], one["seed"]) == (run.name, "made-up", "finished", 4)


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_what_is_not_a_run_is_an_answer(form, tmp_path, spikesight):
    answer = spikesight("look", tmp_path, *form)
    assert answer.exit_code == 1
    assert answer.stderr.startswith(f"error: {tmp_path} is not a run")


def test_it_serves_until_ctrl_c(run, start):
    with start(run.parent, "look", run) as process:
        address = process.stdout.readline().removeprefix("Studio: ").strip()
        base, _, token = address.partition("#token=")
        asking = urllib.request.Request(f"{base}api/runs.json", headers={"x-spikesight-token": token})
        with urllib.request.urlopen(asking, timeout=20) as answer:
            assert [one["name"] for one in json.load(answer)["runs"]] == [run.name]
        assert process.stdout.readline() == "The studio stays until Ctrl-C.\n"
        process.send_signal(signal.SIGINT)
        rest, told = process.communicate(timeout=20)
    assert (process.returncode, rest, told) == (0, "Studio closed.\n", "")
