"""A disk that takes no more: an answer, and everything written before stays readable."""

import errno
import json
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest

from spikesight.base.errors import StorageFull, TraceError
from spikesight.trace.manifest import read_manifest
from spikesight.trace.reader import Trace
from spikesight.trace.writer import TraceWriter

APPEND_UNTIL_FULL = """
import json, resource, sys
from itertools import count
from pathlib import Path
import numpy as np
from spikesight.base.errors import StorageFull
from spikesight.trace.reader import Trace
from spikesight.trace.schema import Header, Layer
from spikesight.trace.writer import TraceWriter

def full_after(folder, limit, batch):
    writer, rng = TraceWriter.create(folder, Header("r", 500_000, (Layer("exc", (400,)),))), np.random.default_rng(0)
    if limit:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    told = 0
    try:
        for stim in count():
            writer.spikes("exc", np.arange(told, told + batch), rng.integers(0, 400, batch), stim)
            told += batch
            if stim % 3 == 2:
                writer.seal()
    except StorageFull as error:
        message = str(error)
    try:
        writer.close()
        closed = "closed"
    except StorageFull as error:
        closed = "full"
    with Trace.open(folder) as trace:
        t = trace.spikes("exc").t
    return {"told": told, "kept": len(t), "whole": bool((np.rint(t * 2000) == np.arange(len(t))).all()),
            "message": message, "closed": closed}

print(json.dumps(full_after(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
"""


def append_until_full(folder, limit, batch, wrapped=()):
    command = [*wrapped, sys.executable, "-c", APPEND_UNTIL_FULL, str(folder), str(limit), str(batch)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


# The log grows by 16 bytes a spike: the first limit is hit by a log of three batches, the second by sealing a batch.
@pytest.mark.parametrize(("limit", "batch"), [(20_000, 500), (900, 18)])
def test_a_file_that_may_not_grow(folder, limit, batch):
    found = append_until_full(folder, limit, batch)
    assert os.strerror(errno.EFBIG) in found["message"]
    assert "What was written before stays readable" in found["message"]
    assert found["kept"] == found["told"] > 0
    assert found["whole"]


def test_a_disk_without_space(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    unshare = shutil.which("unshare")
    mount = f'mount -t tmpfs -o size=1m none {disk} && exec "$@"'
    wrapped = [unshare, "--user", "--map-root-user", "--mount", "sh", "-c", mount, "sh"]
    if not unshare or subprocess.run([*wrapped, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this system lets no one mount a small disk of their own")
    found = append_until_full(disk / "trace", 0, 2000, wrapped)
    assert os.strerror(errno.ENOSPC) in found["message"]
    assert found["kept"] == found["told"] > 50_000
    assert found["whole"]


def record(writer, stim):
    writer.spikes("exc", np.arange(100 * stim, 100 * stim + 100), np.arange(100) % 10, stim)


def ticks(folder):
    with Trace.open(folder) as trace:
        return np.rint(trace.spikes("exc").t * 2000)


def refuse(code):
    def call(*arguments):
        raise OSError(code, os.strerror(code))

    return call


@pytest.mark.parametrize(
    ("code", "kind"), [(errno.ENOSPC, StorageFull), (errno.EDQUOT, StorageFull), (errno.EIO, TraceError)]
)
def test_sealing_that_fails_loses_nothing(folder, header, monkeypatch, code, kind):
    writer = TraceWriter.create(folder, header)
    record(writer, 0)
    writer.seal()
    record(writer, 1)
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", refuse(code))
        with pytest.raises(kind, match=os.strerror(code)) as caught:
            writer.seal()
    assert type(caught.value) is kind
    np.testing.assert_array_equal(ticks(folder), np.arange(200))
    assert len(read_manifest(folder)) == 1
    assert not [path for path in folder.rglob("*") if path.suffix == ".tmp"]
    with pytest.raises(kind):
        record(writer, 2)
    writer.close()  # which was told already
    with TraceWriter.resume(folder, 1) as resumed:
        record(resumed, 1)
    np.testing.assert_array_equal(ticks(folder), np.arange(200))


def test_rows_stay_in_their_log_until_their_segment_is_listed(folder, header, monkeypatch):
    writer = TraceWriter.create(folder, header)
    record(writer, 0)
    monkeypatch.setattr("spikesight.trace.manifest.write_all", refuse(errno.ENOSPC))
    with pytest.raises(StorageFull):
        writer.seal()
    writer.close()
    assert (folder / "spikes" / "exc" / "000000.parquet").exists()
    np.testing.assert_array_equal(ticks(folder), np.arange(100))


def test_trouble_in_the_background_surfaces_at_close(folder, header, monkeypatch):
    writer = TraceWriter.create(folder, header)
    record(writer, 0)
    monkeypatch.setattr(os, "fsync", refuse(errno.ENOSPC))
    with pytest.raises(StorageFull):
        writer.close()
    np.testing.assert_array_equal(ticks(folder), np.arange(100))
    with pytest.raises(TraceError, match="closed"):
        record(writer, 1)


def test_the_first_error_is_not_hidden_by_the_second(folder, header, monkeypatch):
    def fail():
        with TraceWriter.create(folder, header) as writer:
            record(writer, 0)
            monkeypatch.setattr(os, "fsync", refuse(errno.ENOSPC))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError) as caught:
        fail()
    assert "Closing the trace failed too" in caught.value.__notes__[0]


def test_a_bug_in_the_thread_is_told_too(folder, header, monkeypatch):
    writer = TraceWriter.create(folder, header)
    record(writer, 0)
    monkeypatch.setattr("spikesight.trace.sealer.write_segment", lambda *arguments: 1 / 0)
    with pytest.raises(TraceError, match="The rows are safe in"):
        writer.seal()
    writer.close()
    np.testing.assert_array_equal(ticks(folder), np.arange(100))


def test_a_snapshot_that_does_not_fit_is_not_listed(folder, header, monkeypatch):
    with TraceWriter.create(folder, header) as writer:
        writer.weights("input_exc", 0, 0, np.zeros((16, 10)))
        with monkeypatch.context() as patched:
            patched.setattr("pathlib.Path.write_bytes", refuse(errno.ENOSPC))
            with pytest.raises(StorageFull):
                writer.weights("input_exc", 1, 1, np.ones((16, 10)))
        writer.weights("input_exc", 2, 2, np.ones((16, 10)))
    with Trace.open(folder) as trace:
        assert trace.snapshots("input_exc")["stim"].tolist() == [0, 2]
        assert trace.weights("input_exc", 1)[0, 0] == 1.0


def test_a_trace_that_cannot_begin(folder, header, monkeypatch):
    monkeypatch.setattr(os, "fsync", refuse(errno.ENOSPC))
    with pytest.raises(StorageFull):
        TraceWriter.create(folder, header)
