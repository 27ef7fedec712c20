import numpy as np
import pytest

from spikesight.events.files.parquet import Parquet
from spikesight.events.files.reading import EventFile, read
from spikesight.events.files.source import EventFileError
from spikesight.events.files.writing import write
from spikesight.events.stream import EventStream, joined

T = np.array([-5, 0, 7, 7, 2**62])
EVENTS = EventStream(T, np.arange(5), np.arange(5)[::-1], T % 2 == 1, 30, 20)


def test_what_is_written_is_read_again(tmp_path):
    path = tmp_path / "it's.parquet"
    write(path, EVENTS)
    again = read(path).events
    assert np.array_equal(again.rows, EVENTS.rows)
    assert (again.width, again.height) == (30, 20)
    assert np.array_equal(joined(*EventFile(path).pieces(2)).rows, EVENTS.rows)
    assert np.array_equal(read(path.read_bytes()).events.rows, EVENTS.rows)
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_no_events(tmp_path):
    write(tmp_path / "a.parquet", EVENTS.of(slice(0)))
    assert len(read(tmp_path / "a.parquet").events) == 0


def test_many_events_keep_their_order(tmp_path):
    t = np.arange(300000)[::-1]
    events = EventStream(t, t % 30, t % 20, t % 3 == 0, 30, 20)
    write(tmp_path / "a.parquet", events)
    assert np.array_equal(read(tmp_path / "a.parquet").events.rows, events.rows)


def test_a_damaged_table_is_told(tmp_path):
    write(tmp_path / "a.parquet", EVENTS)
    data = (tmp_path / "a.parquet").read_bytes()
    for cut in (4, 50, len(data) - 1):
        with pytest.raises(EventFileError, match="at byte 0"):
            read(data[:cut], Parquet())
