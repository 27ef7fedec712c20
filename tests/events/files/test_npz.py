import numpy as np
import pytest

from spikesight.events.files.npz import Npz
from spikesight.events.files.reading import EventFile, read
from spikesight.events.files.source import EventFileError
from spikesight.events.files.writing import write
from spikesight.events.stream import EventStream, joined

T = np.array([-5, 0, 7, 7, 2**60])
EVENTS = EventStream(T, np.arange(5), np.arange(5)[::-1], T % 2 == 1, 30, 20)


def test_what_is_written_is_read_again_and_mapped(tmp_path):
    path = tmp_path / "a.npz"
    write(path, EVENTS)
    whole = EventFile(path).read().events
    assert np.array_equal(whole.rows, EVENTS.rows)
    assert (whole.width, whole.height) == (30, 20)
    assert isinstance(whole.t.base, np.memmap)
    assert np.array_equal(joined(*EventFile(path).pieces(2)).rows, EVENTS.rows)
    assert np.array_equal(read(path.read_bytes()).events.rows, EVENTS.rows)
    assert np.array_equal(np.load(path)["t"], T)


def test_no_events(tmp_path):
    write(tmp_path / "a.npz", EVENTS.of(slice(0)))
    assert len(read(tmp_path / "a.npz").events) == 0
    assert not list(EventFile(tmp_path / "a.npz").pieces(3))


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_archives_of_others(tmp_path, save):
    path = tmp_path / "b.npz"
    save(path, timestamps=T, x_pos=EVENTS.x.astype(float), y_pos=EVENTS.y, polarity=np.where(EVENTS.p, 1, -1))
    assert np.array_equal(read(path).events.rows, EVENTS.rows)
    save(path, EVENTS.rows)
    assert np.array_equal(read(path).events.rows, EVENTS.rows)
    assert np.array_equal(joined(*EventFile(path).pieces(2)).rows, EVENTS.rows)
    assert read(path).events.width == 5


def test_seconds(tmp_path):
    np.savez(tmp_path / "a.npz", t=np.array([0.5, 0.0000014]), x=[1, 2], y=[1, 2], p=[0, 1])
    with pytest.raises(EventFileError, match="seconds=True"):
        read(tmp_path / "a.npz")
    assert read(tmp_path / "a.npz", Npz(seconds=True)).events.t.tolist() == [500000, 1]


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"t": [1], "x": [1], "y": [1]}, "no column p"),
        ({"t": [1], "x": [1], "y": [1], "p": [2]}, "column p"),
        ({"t": [1], "x": [-1], "y": [1], "p": [1]}, "column x"),
        ({"t": [1, 2], "x": [1], "y": [1], "p": [1]}, "equally long"),
        ({"t": [1], "x": [9], "y": [1], "p": [1], "width": 9, "height": 9}, "no x = 9"),
        ({"t": np.array([None]), "x": [9], "y": [1], "p": [1]}, "no column t"),
    ],
)
def test_what_is_not_one_is_refused(tmp_path, arrays, words):
    np.savez(tmp_path / "a.npz", **arrays)
    with pytest.raises(EventFileError, match=f"at byte 0: .*{words}"):
        read(tmp_path / "a.npz")


def test_damaged_archives_are_told(tmp_path):
    write(tmp_path / "a.npz", EVENTS)
    data = (tmp_path / "a.npz").read_bytes()
    for cut in range(40, len(data), 7):
        with pytest.raises(EventFileError):
            read(data[:cut], Npz())
