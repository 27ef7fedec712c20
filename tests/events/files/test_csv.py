import numpy as np
import pytest

from spikesight.events.files.csv import Csv
from spikesight.events.files.reading import EventFile, read
from spikesight.events.files.source import EventFileError, EventFileWarning
from spikesight.events.files.writing import write
from spikesight.events.stream import EventStream, joined


def test_what_is_written_is_read_again(tmp_path):
    t = np.array([-5, 0, 7, 7, 2**62])
    events = EventStream(t, np.arange(5), np.arange(5)[::-1], t % 2 == 1, 30, 20)
    write(tmp_path / "a.csv", events)
    again = EventFile(tmp_path / "a.csv").read().events
    assert np.array_equal(again.rows, events.rows)
    assert (again.width, again.height) == (30, 20)
    assert np.array_equal(joined(*EventFile(tmp_path / "a.csv").pieces(2)).rows, events.rows)


def test_columns_are_found_by_name():
    data = b"%geometry:640,480\nx;polarity;other;y;timestamp\n1;-1;9;2;10\n3;1;9;4;11\n"
    events = read(data).events
    assert events.rows.tolist() == [(10, 1, 2, False), (11, 3, 4, True)]
    assert events.width == 640


def test_seconds_are_rounded():
    data = b"t,x,y,p\n0.0000014,3,4,1\n"
    assert read(data, Csv(seconds=True)).events.rows.tolist() == [(1, 3, 4, True)]
    with pytest.raises(EventFileError, match="table of numbers"):
        read(data)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"t,x,y\n1,2,3\n", "names the columns"),
        (b"t,x,y,p\n1,2,3\n", "table of numbers"),
        (b"t,x,y,p\n1,2,3,2\n", "p is from -1"),
        (b"# 3 x 4\nt,x,y,p\n1,3,3,1\n", "x is from 0 to 2"),
    ],
)
def test_what_is_not_one_is_refused(data, words):
    with pytest.raises(EventFileError, match=f"at byte.*{words}"):
        read(data, Csv())


@pytest.mark.parametrize("rest", ["2", "2,3", "2,3,4", "2,3,4,"])
def test_a_line_that_is_cut_off_is_left_out_and_told(rest):
    data = f"t,x,y,p\n1,1,2,1\n{rest}".encode()
    with pytest.warns(EventFileWarning, match=f"at byte {len(data) - len(rest)}: .*cut off"):
        assert len(read(data).events) == 1
    with pytest.warns(EventFileWarning, match="cut off"):
        assert [len(piece) for piece in EventFile(data).pieces(1)] == [1]
