"""A sweep tries every combination with every seed, survives failures and kills, and ends with one table."""

import io
import itertools
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from spikesight.base.errors import InputError, RunError, UnknownName
from spikesight.recipes.job import Outcome, outcome_in
from spikesight.recipes.side_by_side import Here
from spikesight.recipes.sweep import Report, Sweep, begin, begun, carry_out


def tried(sweep, tmp_path):
    return carry_out(begin(sweep, tmp_path / "runs"), Here(2), io.StringIO())


def test_every_combination_with_every_seed(swept):
    sweep = Sweep("swept", {"alpha": ("1", "2"), "beta": ("10", "20", "30")}, seeds=2)
    assert sweep.combinations == [{"alpha": a, "beta": b} for a, b in itertools.product("12", ("10", "20", "30"))]
    jobs = sweep.jobs
    assert [(job.settings["alpha"], job.settings["beta"], job.seed) for job in jobs[:3]] == [
        ("1", "10", 0), ("1", "10", 1), ("1", "20", 0)
    ]  # fmt: skip
    assert len(jobs) == 12


def test_the_table(swept, tmp_path):
    """The value is alpha + beta + seed, the control the seed."""
    report = tried(Sweep("swept", {"alpha": ("0.5", "2")}, 3, {"beta": "10"}), tmp_path)
    assert [(row.settings, row.seeds) for row in report.rows] == [({"alpha": "0.5"}, 3), ({"alpha": "2"}, 3)]
    assert [(row.min, row.median, row.max, row.control) for row in report.rows] == [
        (10.5, 11.5, 12.5, 1.0), (12, 13, 14, 1.0)
    ]  # fmt: skip
    assert (report.metric, report.failed) == ("sum", 0)
    told = json.loads(json.dumps(report.as_json()))
    assert [(one["settings"], one["seed"]) for one in told["results"]][3] == ({"beta": "10", "alpha": "2"}, 0)
    assert [one["result"]["value"] for one in told["results"]] == [10.5, 11.5, 12.5, 12, 13, 14]
    assert told["table"][1]["median"] == 13


def test_without_anything_to_sweep_over_it_tries_seeds(swept, tmp_path):
    (row,) = tried(Sweep("swept", {}, seeds=2), tmp_path).rows
    assert (row.settings, row.seeds, row.median) == ({}, 2, 0.5)


def test_a_failure_does_not_stop_the_others(swept, tmp_path):
    report = tried(Sweep("swept", {"trouble": ("", "refused", "mistake")}, seeds=2), tmp_path)
    fine, refused, mistake = report.rows
    assert (fine.seeds, fine.errors) == (2, [])
    assert (refused.seeds, refused.median, refused.errors) == (1, 0.0, ["this setting cannot be"])
    assert (mistake.seeds, mistake.median, mistake.control, len(mistake.errors)) == (0, None, None, 2)
    assert report.failed == 3


def test_resuming_tries_only_what_has_no_result(swept, tmp_path):
    first = tried(Sweep("swept", {"trouble": ("", "refused")}, seeds=2), tmp_path)
    kept = first.folder / "job-0000" / "outcome.json"
    before = kept.stat().st_mtime_ns
    (first.folder / "job-0001" / "outcome.json").unlink()
    stream = io.StringIO()
    again = carry_out(first.folder, Here(1), stream)
    assert kept.stat().st_mtime_ns == before
    assert [outcome.result and outcome.result["images_per_second"] for outcome in again.outcomes] == [None] * 4
    assert [outcome.result["control"] if outcome.result else None for outcome in again.outcomes] == [0, 1, 0, None]
    assert (
        "resumed" in json.dumps(again.outcomes[1].result) or len(list((first.folder / "job-0001").glob("swept-*"))) == 1
    )
    assert stream.getvalue().startswith("trying: 4/4")


KILLED = """
import io, sys
from pathlib import Path
from spikesight.recipes.side_by_side import Here
from spikesight.recipes.sweep import Sweep, begin, carry_out

folder = begin(Sweep("swept", {"trouble": ("", "slow")}), Path(sys.argv[1]))
print(folder, flush=True)
carry_out(folder, Here(1), io.StringIO())
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_after_a_kill_it_loses_at_most_what_was_not_finished(swept, tmp_path, how):
    with subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True) as process:  # fmt: skip
        folder = type(tmp_path)(process.stdout.readline().strip())
        slow, last = folder / "job-0001", time.monotonic() + 60
        while not list(slow.glob("swept-*/weights.safetensors")):
            assert time.monotonic() < last
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(how)
        process.wait(30)
    (run,) = slow.glob("swept-*/run.json")
    while json.loads(run.read_text())["status"] != "interrupted":  # without its parent the job ends soon
        assert time.monotonic() < last
        time.sleep(0.02)
    assert [outcome_in(folder / f"job-{number:04d}") is not None for number in range(2)] == [True, False]
    report = carry_out(folder, Here(2), io.StringIO())
    assert [outcome.result["seconds"] for outcome in report.outcomes] == [0, 1], "only the second went on"


def test_an_interrupted_job_goes_on_from_its_checkpoint(swept, tmp_path):
    """The recipe is slow only in a run that is new."""
    folder = begin(Sweep("swept", {"trouble": ("slow",)}), tmp_path)
    job = folder / "job-0000"

    class Impatient:
        """Begins the job, and interrupts it when it has a checkpoint."""

        def attempts(self, folders):
            attempts = Here(1).attempts(folders)
            pid = os.getpid()
            waiter = subprocess.Popen(
                ["sh", "-c", f"until ls {job}/swept-*/weights.safetensors; do sleep 0.05; done; kill -INT {pid}"],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            try:
                yield from attempts
            finally:
                waiter.wait(30)

    with pytest.raises(KeyboardInterrupt):
        carry_out(folder, Impatient(), io.StringIO())
    report = carry_out(folder, Here(1), io.StringIO())
    assert report.failed == 0
    assert report.outcomes[0].result["seconds"] == 1.0, "it was resumed"
    assert len(list(job.glob("swept-*"))) == 1


def test_what_cannot_be_swept_is_refused_before_anything_starts(swept, tmp_path):
    with pytest.raises(UnknownName, match="Did you mean alpha"):
        Sweep("swept", {"alhpa": ("1",)})
    with pytest.raises(InputError, match=r"'beta' takes a value of type int, got '1\.5'"):
        Sweep("swept", {"beta": ("1", "1.5")})
    with pytest.raises(InputError, match="'alpha' is swept over, so it cannot be set to '3'"):
        Sweep("swept", {"alpha": ("1",)}, settings={"alpha": "3"})
    with pytest.raises(InputError, match="a value for every setting"):
        Sweep("swept", {"alpha": ()})
    with pytest.raises(UnknownName, match="no recipe"):
        Sweep("sweeping", {})
    with pytest.raises(RunError, match="is not the folder of a sweep"):
        begun(tmp_path)


def test_sweeps_of_the_same_second_have_folders_of_their_own(swept, tmp_path):
    sweep = Sweep("swept", {"beta": ["1", "2"]}, 2, quick=True)
    folders = {begin(sweep, tmp_path) for _ in range(3)}
    assert len(folders) == 3
    assert all(begun(folder) == sweep for folder in folders)


def test_medians_are_over_what_worked(swept, tmp_path):
    results = [Outcome({"metric": "m", "value": value, "control": None}) for value in (3.0, 1.0)]
    report = Report(tmp_path, Sweep("swept", {}, seeds=3), [*results, Outcome(error="no")])
    (row,) = report.rows
    assert (row.seeds, row.median, row.min, row.max, row.control, row.errors) == (2, 2.0, 1.0, 3.0, None, ["no"])
