"""Columns on disk are the columns that were written."""

import errno
import gc
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from spikesight.base.errors import StorageFull
from spikesight.events.files.format import Columns
from spikesight.events.recording import Frame
from spikesight.studio.events.spool import FrameSpool, Spool


def test_pieces_come_back_as_one(made):
    spool = Spool()
    cuts = [0, 10, 10, 4000, 9000]
    for first, last in pairwise(cuts):
        spool.append(made.columns.part(first, last))
    columns = spool.columns()
    spool.close()
    assert spool.events == 9000
    for got, wanted in zip(columns, made.columns, strict=True):
        assert got.dtype == wanted.dtype
        assert np.array_equal(got, wanted)


def test_nothing_at_all():
    spool = Spool()
    assert [len(column) for column in spool.columns()] == [0, 0, 0, 0]
    spool.close()


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="open files are listed by Linux only")
def test_files_have_no_name_and_go_with_the_last_reader(made):
    def nameless():
        """Files without a name that this process holds; those of earlier tests may go at any moment."""
        found = set()
        for held in Path("/proc/self/fd").iterdir():
            with suppress(FileNotFoundError):  # the list is a file too, and closed by now
                if "(deleted)" in str(held.readlink()):
                    found.add(held.stat().st_ino)
        return found

    before = nameless()
    spool = Spool()
    spool.append(made.columns)
    mine = nameless() - before
    assert len(mine) == 4
    columns = spool.columns()
    spool.close()
    assert len(columns.t) == 9000
    del columns
    gc.collect()
    assert not mine & nameless()


def test_a_full_disk_is_an_answer(made, monkeypatch):
    class Full:
        def write(self, _):
            raise OSError(errno.ENOSPC, "No space left on device")

        def close(self):
            pass

    spool = Spool()
    spool.close()
    spool._files = [Full()] * 4
    with pytest.raises(StorageFull, match="No space left"):
        spool.append(made.columns)


def test_columns_that_are_views_are_written_too():
    rows = np.zeros(5, [("t", np.int64), ("x", np.uint16)])
    rows["t"] = np.arange(5)
    spool = Spool()
    spool.append(Columns(rows["t"], rows["x"], rows["x"], np.ones(5, bool)))
    assert spool.columns().t.tolist() == [0, 1, 2, 3, 4]
    spool.close()


def test_frames_of_several_kinds():
    spool = FrameSpool()
    frames = [Frame(3, np.arange(6, dtype=np.uint8).reshape(2, 3)), Frame(9, np.ones((2, 3, 3), np.uint16))]
    spool.append(frames[:1])
    spool.append(frames[1:])
    assert spool.t.tolist() == [3, 9]
    for number, frame in enumerate(frames):
        assert spool[number].t == frame.t
        assert np.array_equal(spool[number].pixels, frame.pixels)
    spool.close()
