import errno
import os

import numpy as np
import pytest

from spikesight.base.errors import StorageFull, TraceError
from spikesight.trace.frames import pack_columns, unpack
from spikesight.trace.tail import Tail, TailView

TABLE = "values/exc.v"


def frame(*t):
    columns = (np.array(t, "i8"), np.zeros(len(t), "i4"), np.zeros(len(t), "f4"))
    return pack_columns(len(t), [column.tobytes() for column in columns])


def read(path):
    return unpack(TABLE, path.read_bytes())[0]["t"].tolist()


def test_an_append_is_in_the_file_when_it_returns(tmp_path):
    tail = Tail(tmp_path, TABLE, 4)
    tail.append(2, frame(1, 2))
    assert read(tmp_path / "tail" / TABLE / "000004.log") == [1, 2]
    assert tail.rows == 2
    tail.close()


def test_taking_starts_the_next_log(tmp_path):
    tail = Tail(tmp_path, TABLE, 0)
    assert tail.take() is None
    tail.append(1, frame(1))
    taken = tail.take()
    tail.append(1, frame(2))
    tail.close()
    assert (taken.number, read(taken.path)) == (0, [1])
    assert read(tmp_path / "tail" / TABLE / "000001.log") == [2]


def test_age_counts_from_the_oldest_row(tmp_path):
    tail = Tail(tmp_path, TABLE, 0)
    assert tail.age() == 0.0
    tail.append(1, frame(1))
    assert 0.0 < tail.age() < 5.0
    tail.take()
    assert tail.age() == 0.0


@pytest.mark.parametrize(("code", "kind"), [(errno.ENOSPC, StorageFull), (errno.EIO, TraceError)])
def test_a_write_that_stops_midway_leaves_whole_batches_only(tmp_path, monkeypatch, code, kind):
    tail, write = Tail(tmp_path, TABLE, 0), os.write
    tail.append(1, frame(1))
    bites = iter([10])

    def stopping(descriptor, data):
        if (bite := next(bites, None)) is None:
            raise OSError(code, os.strerror(code))
        return write(descriptor, data[:bite])

    monkeypatch.setattr(os, "write", stopping)
    with pytest.raises(kind, match=os.strerror(code)) as caught:
        tail.append(1, frame(2))
    assert type(caught.value) is kind
    monkeypatch.undo()
    tail.append(1, frame(3))
    tail.close()
    assert read(tmp_path / "tail" / TABLE / "000000.log") == [1, 3]


def test_a_view_reads_every_batch_once_and_waits_for_torn_ones(tmp_path):
    path = tmp_path / "000000.log"
    whole, torn = frame(1, 2), frame(3)
    path.write_bytes(whole + torn[:-1])
    view = TailView(TABLE, 0, path)
    assert view.refresh()
    assert not view.refresh()
    assert view.columns["t"].tolist() == [1, 2]
    path.write_bytes(whole + torn)
    assert view.refresh()
    assert view.columns["t"].tolist() == [1, 2, 3]
    assert view.rows == 3
