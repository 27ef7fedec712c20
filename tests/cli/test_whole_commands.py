"""Commands as a user types them, in processes of their own, with the recipe that needs no download."""

from __future__ import annotations

import json
import signal
import subprocess
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from spikesight.runs.folder import Run
from spikesight.trace.reader import Trace

PATIENCE = 120.0


def until(ready: Callable[[], Any], process: subprocess.Popen[str]) -> Any:
    """Return the first answer of `ready` that is not empty; fail where the process ends before."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        answer = ready()
        if answer:
            return answer
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    raise AssertionError(f"nothing happened within {PATIENCE:.0f} s")


def lessons_recorded(folder: Path) -> int:
    """How many stimuli the only run in `folder` has recorded so far; 0 where there is none yet."""
    headers = list(folder.glob("runs/*/trace/trace.json"))
    if not headers:
        return 0
    with Trace.open(headers[0].parent) as trace:
        trace.refresh()
        return len(trace.stimuli()["stim"])


def test_ctrl_c_marks_the_run_keeps_the_trace_and_the_run_goes_on_to_the_same_end(tmp_path, start):
    interrupted, whole = tmp_path / "interrupted", tmp_path / "whole"
    for folder in (interrupted, whole):
        folder.mkdir()
    words = ("train", "diehl-cook-digits", "--quick", "--seed", "2", "--json")
    with start(interrupted, *words) as process:
        until(lambda: lessons_recorded(interrupted) > 100, process)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert out == ""
    assert err.splitlines()[-1].startswith("error: interrupted.")
    assert "Traceback" not in err
    (folder,) = (interrupted / "runs").iterdir()
    assert Run.open(folder).status() == "interrupted"
    recorded = lessons_recorded(interrupted)
    assert 100 < recorded < Run.open(folder).facts["progress"]["total"]

    told = [finished(start, interrupted, *words, "--resume", f"runs/{folder.name}"), finished(start, whole, *words)]
    weights = [
        Run.open(place / one["run"]).load_weights()[0] for place, one in zip((interrupted, whole), told, strict=True)
    ]
    assert told[0]["run"] == f"runs/{folder.name}"
    assert weights[0].keys() == weights[1].keys()
    assert all(np.array_equal(weights[0][name], weights[1][name]) for name in weights[0])
    assert lessons_recorded(interrupted) == lessons_recorded(whole)


def finished(start: Callable[..., Any], folder: Path, *words: str) -> dict[str, Any]:
    """Run a command to its end and return the JSON that is all of its standard output."""
    with start(folder, *words) as process:
        out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err
    told: dict[str, Any] = json.loads(out)
    return told


def test_reproduce_tells_value_and_control_and_leaves_a_finished_run(tmp_path, start):
    told = finished(start, tmp_path, "reproduce", "diehl-cook-digits", "--quick", "--json", "--runs", "out")
    assert told["name"] == "diehl-cook-digits"
    assert told["control"] + 0.15 < told["value"] <= 1
    assert told["seed"] == 0
    run = Run.open(tmp_path / told["run"])
    assert run.folder.parent.name == "out"
    assert run.status() == "finished"


def test_the_demo_is_live_in_the_studio_while_it_trains_and_ends_with_ctrl_c(tmp_path, start):
    with start(tmp_path, "demo") as process:
        assert process.stdout is not None
        address = process.stdout.readline().removeprefix("Studio: ").strip()
        base, _, token = address.partition("#token=")

        def ask(path: str) -> Any:
            asking = urllib.request.Request(f"{base}api/{path}", headers={"x-spikesight-token": token})
            with urllib.request.urlopen(asking, timeout=PATIENCE) as answer:
                return json.load(answer)

        (listed,) = ask("runs.json")["runs"]
        until(lambda: lessons_recorded(tmp_path) > 50, process)
        seen = ask(f"{listed['name']}/summary.json")
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=PATIENCE)
    assert listed["recipe"] == "diehl-cook-digits"
    assert seen["status"] == "running"
    assert process.returncode == 1
    assert "error: interrupted." in err
    assert Run.open(tmp_path / "runs" / listed["name"]).status() == "interrupted"


def test_a_killed_run_is_found_stopped_and_can_be_looked_at(tmp_path, start):
    with start(tmp_path, "train", "diehl-cook-digits") as process:
        until(lambda: lessons_recorded(tmp_path) > 50, process)
        process.kill()
    (folder,) = (tmp_path / "runs").iterdir()
    assert lessons_recorded(tmp_path) > 50
    (summary,) = finished(start, tmp_path, "look", f"runs/{folder.name}", "--json")
    assert summary["status"] == "stopped"
