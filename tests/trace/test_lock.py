import errno
import fcntl
import os
import subprocess
import sys

import pytest

from spikesight.base.errors import TraceError
from spikesight.trace.lock import is_being_written, only_writer, writing_process
from spikesight.trace.writer import TraceWriter


@pytest.fixture
def trace(folder, header):
    TraceWriter.create(folder, header).close()
    return folder


def test_the_lock_is_free_again_after_the_block_and_after_an_error_in_it(trace):
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), only_writer(trace):
            raise ZeroDivisionError
    with only_writer(trace), pytest.raises(TraceError, match="still being written by another process"):
        TraceWriter.resume(trace, 0)


def test_a_writer_that_went_on_under_the_lock_keeps_it_after_the_block(trace):
    with only_writer(trace) as lock:
        writer = TraceWriter.go_on(trace, 0, lock)
    with pytest.raises(TraceError, match="still being written"):
        TraceWriter.resume(trace, 0)
    writer.close()
    TraceWriter.resume(trace, 0).close()


def test_the_lock_of_a_killed_process_is_free(trace):
    held = (
        "import pathlib, sys, time; from spikesight.trace.lock import only_writer\n"
        "with only_writer(pathlib.Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", held, trace], stdout=subprocess.PIPE) as other:
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(TraceError, match="still being written"), only_writer(trace):
            pass
        other.kill()
    with only_writer(trace):
        pass


@pytest.mark.parametrize("number", [errno.EWOULDBLOCK, errno.EAGAIN])
def test_busy_is_told_as_another_process(trace, monkeypatch, number):
    refuse(monkeypatch, number)
    with pytest.raises(TraceError, match="by another process: wait for it"), only_writer(trace):
        pass


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOTSUP, errno.EBADF])
def test_a_file_system_without_locks_is_told_as_that(trace, monkeypatch, number):
    refuse(monkeypatch, number)
    with pytest.raises(TraceError, match=r"cannot be locked .*choose a folder on a file system") as told:
        TraceWriter.resume(trace, 0)
    assert os.strerror(number) in str(told.value)
    assert "another process" not in str(told.value)


def refuse(monkeypatch, number):
    def flock(descriptor, operation):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", flock)


def test_no_trace_and_a_trace_that_may_not_be_written(trace, tmp_path, monkeypatch):
    with pytest.raises(TraceError, match="is not a trace"), only_writer(tmp_path / "nothing"):
        pass

    def refused(path, flags):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(os, "open", refused)
    with pytest.raises(TraceError, match=r"cannot write .*Permission denied"), only_writer(trace):
        pass


def test_who_writes_is_known_while_it_writes(trace):
    assert not is_being_written(trace)
    assert writing_process(trace) is None
    with only_writer(trace):
        assert is_being_written(trace)
        if sys.platform == "linux":
            assert writing_process(trace) == os.getpid()
    assert not is_being_written(trace)


def test_who_only_looks_is_waited_for(trace, monkeypatch):
    with (trace / "trace.json").open() as looking:
        fcntl.flock(looking, fcntl.LOCK_SH)
        monkeypatch.setattr("time.sleep", lambda seconds: fcntl.flock(looking, fcntl.LOCK_UN))
        with only_writer(trace):
            assert is_being_written(trace)
