import errno
import os

import pytest

from spikesight.base.errors import StorageFull
from spikesight.runs.folder import Run
from spikesight.runs.running import running


def end(run, error=None):
    with running(run) as same:
        assert same is run
        assert Run.open(run.folder).facts["status"] == "running"
        if error is not None:
            raise error


def test_a_run_that_ends_is_finished(run):
    end(run)
    facts = Run.open(run.folder).facts
    assert (facts["status"], facts["error"]) == ("finished", None)


def test_a_run_that_fails_says_why_in_one_line(run):
    with pytest.raises(ValueError, match="no such"):
        end(run, ValueError("no such\n  thing"))
    facts = Run.open(run.folder).facts
    assert (facts["status"], facts["error"]) == ("failed", "no such thing")


def test_an_error_without_words_is_named(run):
    with pytest.raises(ZeroDivisionError):
        end(run, ZeroDivisionError())
    assert Run.open(run.folder).facts["error"] == "ZeroDivisionError"


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])
def test_a_run_that_is_stopped_is_interrupted(run, kind):
    with pytest.raises(kind):
        end(run, kind())
    facts = Run.open(run.folder).facts
    assert (facts["status"], facts["error"]) == ("interrupted", None)


def test_going_on_clears_what_happened_before(run):
    with pytest.raises(ValueError, match="first"):
        end(run, ValueError("first"))
    run.update(process={"pid": 1})
    end(run)
    facts = Run.open(run.folder).facts
    assert (facts["status"], facts["error"], facts["process"]["pid"]) == ("finished", None, os.getpid())


def test_what_went_wrong_first_is_told_where_the_disk_is_full(run, monkeypatch):
    def full(*arguments):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def fail():
        with running(run):
            monkeypatch.setattr(os, "fsync", full)
            raise StorageFull("the trace is full")

    with pytest.raises(StorageFull, match="the trace is full") as caught:
        fail()
    assert "could not be marked as failed" in caught.value.__notes__[0]
