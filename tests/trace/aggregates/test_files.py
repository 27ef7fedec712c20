from pathlib import Path

import numpy as np
import pytest

from spikesight.trace.aggregates.files import FOLDER, Aggregate, drop, is_whole, listed, write
from spikesight.trace.manifest import Segment
from spikesight.trace.segments import connect


def segment(number, rows):
    return Segment("spikes/exc", f"spikes/exc/{number:06d}.parquet", rows, 0, 9, 0, 0)


SEGMENTS = [segment(0, 10), segment(1, 20), segment(4, 40)]


def made(folder, first, last, rows, kind="time"):
    facts = {"kind": kind, "first": first, "last": last, "rank": 0, "width": 16, "rows": rows, "known": 0}
    with connect(threads=1) as connection:
        return write(connection, folder, "spikes/exc", facts, {"spikes": np.array([rows])}, 2048)


def test_the_name_says_everything(tmp_path):
    one = made(tmp_path, 1, 4, 60)
    assert Aggregate.at(one.path) == one
    assert is_whole(one)
    assert listed(tmp_path, "spikes/exc", SEGMENTS) == [one]


def test_only_files_that_count_exactly_the_listed_rows_are_listed(tmp_path):
    good = [made(tmp_path, 0, 1, 30), made(tmp_path, 1, 4, 60), made(tmp_path, 4, 4, 40)]
    for first, last, rows in ((0, 1, 31), (2, 3, 0), (0, 9, 69), (5, 9, 0)):
        made(tmp_path, first, last, rows)
    assert sorted(listed(tmp_path, "spikes/exc", SEGMENTS), key=lambda one: one.first) == good
    drop(tmp_path, SEGMENTS)
    assert set((tmp_path / FOLDER / "exc").iterdir()) == {one.path for one in good}
    drop(tmp_path, SEGMENTS[:2])
    assert list((tmp_path / FOLDER / "exc").iterdir()) == [good[0].path]


@pytest.mark.parametrize("name", ["time.parquet", "time-0-1-0-16-5-0-00000000.parquet", "../x", "time-0.txt"])
def test_other_names_are_none(name):
    assert Aggregate.at(Path(name)) is None


def test_no_folder_no_files(tmp_path):
    assert listed(tmp_path, "spikes/exc", SEGMENTS) == []
    assert listed(tmp_path, "spikes/exc", []) == []
    drop(tmp_path, SEGMENTS)


def test_other_content_is_not_whole(tmp_path):
    one = made(tmp_path, 0, 1, 30)
    data = one.path.read_bytes()
    one.path.write_bytes(data[:-1])
    assert not is_whole(one)
    one.path.unlink()
    assert not is_whole(one)
