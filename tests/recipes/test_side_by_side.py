"""Jobs side by side: as many as asked, each told when it ends, all stopped with whoever asked. A cluster is alike."""

import sys
import time
from itertools import pairwise

import pytest

from spikesight.base.errors import MissingExtra, RunError
from spikesight.recipes import job, side_by_side
from spikesight.recipes.job import Job, outcome_in, put, unfinished
from spikesight.recipes.side_by_side import Here, OnCluster
from spikesight.runs.folder import Run


@pytest.fixture
def folders(swept, tmp_path):
    """Make the folders of as many jobs as there are settings."""

    def make(*settings):
        made = [tmp_path / "sweep" / f"job-{number:04d}" for number in range(len(settings))]
        for folder, own in zip(made, settings, strict=True):
            put(folder, Job("swept", own))
        return made

    return make


def until(ready):
    last = time.monotonic() + 60
    while not ready():
        assert time.monotonic() < last
        time.sleep(0.02)


def values(made):
    return [outcome_in(folder).result["value"] for folder in made]


def test_every_job_is_told_once_when_it_has_ended(folders):
    made = folders(*({"alpha": str(k)} for k in range(5)))
    ended = []
    for folder in Here(2).attempts(made):
        assert outcome_in(folder) is not None
        ended.append(folder)
    assert sorted(ended) == made
    assert values(made) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("jobs", [1, 3])
def test_no_more_at_a_time_than_asked(folders, monkeypatch, jobs):
    alive = [0]

    class Process:
        """Ends when it was looked at three times."""

        looks, returncode = 0, 0

        def poll(self):
            self.looks += 1
            return 0 if self.looks > 3 else None

    def begin(folder):
        alive.append(alive[-1] + 1)
        return Process()

    monkeypatch.setattr(job, "begin", begin)
    monkeypatch.setattr(job, "end", lambda folder, code: alive.append(alive[-1] - 1))
    monkeypatch.setattr(side_by_side, "SECONDS_BETWEEN_LOOKS", 0.0)
    assert len(list(Here(jobs).attempts(folders(*[{}] * 7)))) == 7
    assert max(alive) == jobs
    assert alive[-1] == 0
    assert all(abs(after - before) == 1 for before, after in pairwise(alive))


def test_whoever_stops_asking_stops_the_processes(folders):
    made = folders({}, {"trouble": "slow"}, {"trouble": "slow"})
    attempts = Here(2).attempts(made)
    assert next(attempts) == made[0]
    until(lambda: unfinished(made[1], "swept"))
    attempts.close()
    assert Run.open(unfinished(made[1], "swept")).status() == "interrupted"
    assert outcome_in(made[1]) is None
    assert unfinished(made[2], "swept") is None


def test_a_process_that_does_not_end_is_killed(folders, monkeypatch):
    made = folders({"trouble": "slow"})
    monkeypatch.setattr(side_by_side, "SECONDS_TO_END", 0.0)
    process = job.begin(made[0])
    side_by_side._stop([process])
    assert process.returncode < 0


@pytest.fixture(scope="module")
def distributed():
    return pytest.importorskip("distributed")


@pytest.fixture
def cluster(distributed, swept):
    """A scheduler and two workers in processes of their own, with the environment of this test."""
    settings = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
    with distributed.LocalCluster(**settings) as made:
        yield made.scheduler_address


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_gives_the_same_answers(cluster, folders):
    made = folders({"alpha": "0.5"}, {"trouble": "mistake"}, {"beta": "7"})
    assert sorted(OnCluster(cluster).attempts(made)) == made
    assert values([made[0], made[2]]) == [0.5, 7.0]
    assert outcome_in(made[1]).error.endswith("ZeroDivisionError: a mistake in the recipe")
    missing = made[0].parent / "nowhere"
    missing.mkdir()
    assert list(OnCluster(cluster).attempts([missing])) == [missing]
    assert "on a disk that all its computers see" in outcome_in(missing).error


@pytest.mark.filterwarnings("ignore")
def test_whoever_stops_asking_a_cluster_stops_the_processes(cluster, folders):
    made = folders({}, {"trouble": "slow"})
    attempts = OnCluster(cluster).attempts(made)
    assert next(attempts) == made[0]
    until(lambda: unfinished(made[1], "swept"))
    attempts.close()
    until(lambda: Run.open(unfinished(made[1], "swept")).status() == "interrupted")


@pytest.mark.filterwarnings("ignore")
def test_no_scheduler_and_no_dask_are_told(distributed, folders, monkeypatch):
    made = folders({})
    monkeypatch.setattr(side_by_side, "SECONDS_TO_ANSWER", 0.5)
    with pytest.raises(RunError, match=r"no Dask scheduler answers at tcp://127"):
        next(OnCluster("tcp://127.0.0.1:9").attempts(made))
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingExtra, match=r"spikesight\[cluster\]"):
        next(OnCluster("tcp://127.0.0.1:9").attempts(made))
