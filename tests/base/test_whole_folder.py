"""A folder is there with all its files, or not at all."""

import os
import signal
import subprocess
import sys

import pytest

from spikesight.base.errors import TraceError
from spikesight.base.whole_folder import whole_folder

MAKE_AND_WAIT = """
import sys, time
from pathlib import Path
from spikesight.base.errors import TraceError
from spikesight.base.whole_folder import whole_folder
with whole_folder(Path(sys.argv[1]), TraceError) as folder:
    (folder / "a").write_text("1")
    print("begun", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "deep" / "new"


def names(path):
    return sorted(one.name for one in path.parent.iterdir())


def test_it_appears_at_the_end_with_everything(path):
    with whole_folder(path, TraceError) as folder:
        (folder / "inner").mkdir()
        (folder / "inner" / "a").write_text("1")
        assert not path.exists()
        assert folder.name.startswith(".")
    assert (path / "inner" / "a").read_text() == "1"
    assert names(path) == ["new"]


def make(path, meanwhile):
    with whole_folder(path, TraceError) as folder:
        (folder / "a").write_text("1")
        meanwhile()


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_error_leaves_nothing(path, error):
    def fail():
        raise error

    with pytest.raises(error):
        make(path, fail)
    assert names(path) == []


def test_what_exists_is_left_alone(path):
    path.mkdir(parents=True)
    with pytest.raises(TraceError, match="exists already"), whole_folder(path, TraceError):
        pytest.fail("begun all the same")
    assert names(path) == ["new"]


def test_a_place_that_cannot_be_written_is_an_answer(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(TraceError, match="cannot write"), whole_folder(tmp_path / "file" / "new", TraceError):
        pytest.fail("begun all the same")


def test_what_appeared_meanwhile_is_not_overwritten(path):
    def another_makes_it():
        path.mkdir()
        (path / "theirs").write_text("")

    with pytest.raises(TraceError, match="cannot write"):
        make(path, another_makes_it)
    assert [one.name for one in path.iterdir()] == ["theirs"]
    assert names(path) == ["new"]


def test_what_a_killed_process_left_goes_with_the_next_but_not_that_of_a_live_one(path):
    asked = [sys.executable, "-c", MAKE_AND_WAIT, str(path)]
    with (
        subprocess.Popen(asked, stdout=subprocess.PIPE, text=True) as killed,
        subprocess.Popen(asked, stdout=subprocess.PIPE, text=True) as alive,
    ):
        for process in (killed, alive):
            assert process.stdout.readline() == "begun\n"
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        assert names(path) == sorted(f".new.{process.pid}.tmp" for process in (killed, alive))
        with whole_folder(path, TraceError):
            assert names(path) == sorted(f".new.{pid}.tmp" for pid in (alive.pid, os.getpid()))
        alive.kill()
