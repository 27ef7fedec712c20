import h5py
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikesight.base.errors import InputError
from spikesight.events.files.dsec import Dsec, _Milliseconds, between
from spikesight.events.files.reading import EventFile, read
from spikesight.events.files.source import EventFileError
from spikesight.events.files.writing import write
from spikesight.events.stream import EventStream

TIMES = [0, 500, 2100, 5000, 5000, 7100, 7200, 7200, 8100, 9000]
BEGINS = [0, 2, 2, 3, 3, 3, 5, 5, 8, 9]
LATE = 1_600_000_000_000_000


def stream(t, width=640, height=480):
    count = np.arange(len(t))
    return EventStream(t, count % width, count % height, count % 2, width, height)


@pytest.fixture
def path(tmp_path):
    write(tmp_path / "events.h5", stream(TIMES).later(LATE), Dsec())
    return tmp_path / "events.h5"


def test_the_layout_is_that_of_dsec(path):
    with h5py.File(path) as file:
        assert file["ms_to_idx"][()].tolist() == BEGINS
        assert file["t_offset"][()] == LATE
        assert file["events/t"][()].tolist() == TIMES
        kinds = {name: file[name].dtype for name in ("events/x", "events/y", "events/p", "events/t", "ms_to_idx")}
    assert [str(kind) for kind in kinds.values()] == ["uint16", "uint16", "uint8", "uint32", "uint64"]


def test_times_are_absolute(path):
    recording = read(path)
    assert recording.format == "dsec"
    assert recording.events.rows.tolist() == stream(TIMES).later(LATE).rows.tolist()
    assert [len(piece) for piece in EventFile(path).pieces(4)] == [4, 4, 2]


@given(st.lists(st.integers(0, 9000), min_size=1), st.data())
def test_milliseconds_begin_where_they_do_in_any_pieces(t, data):
    t = np.array(t)
    cut = data.draw(st.integers(0, len(t)))
    clock = _Milliseconds()
    begins = np.concatenate([clock.begun(t[:cut]), clock.begun(t[cut:])])
    assert begins.tolist() == [int(np.argmax(t >= 1000 * ms)) for ms in range(t.max() // 1000 + 1)]


@given(st.integers(-3000, 12000), st.integers(-3000, 12000))
def test_between_is_what_a_stream_cuts(tmp_path_factory, first, last):
    path = tmp_path_factory.getbasetemp() / "between.h5"
    if not path.exists():
        write(path, stream(TIMES).later(LATE), Dsec())
    got = between(path, LATE + first, LATE + last)
    expected = [t for t in TIMES if first <= t < last]
    assert (got.t - LATE).tolist() == expected


def test_between_reads_only_what_lies_between(path, monkeypatch):
    from spikesight.events.files.hdf5 import Table

    read_rows = []
    monkeypatch.setattr(Table, "rows", lambda self, a, b, old=Table.rows: read_rows.append((a, b)) or old(self, a, b))
    assert (between(path, LATE + 5500, LATE + 7150).t - LATE).tolist() == [7100]
    assert read_rows[2:] == [(3, 8)] * 4


def test_a_table_of_milliseconds_that_leads_nowhere_is_told(path):
    with h5py.File(path, "r+") as file:
        file["ms_to_idx"][3] = 99
    with pytest.raises(EventFileError, match="leads to 99"):
        between(path, LATE + 3000, LATE + 4000)
    with h5py.File(path, "r+") as file:
        del file["ms_to_idx"]
    with pytest.raises(EventFileError, match="ms_to_idx cannot be read"):
        between(path, LATE, LATE + 1)


@pytest.mark.parametrize(
    ("name", "value", "words"), [("x", 640, "x is 0 to 639"), ("y", 480, "y is 0 to 479"), ("p", 2, "p is 0 to 1")]
)
def test_values_that_cannot_be_are_told(path, name, value, words):
    with h5py.File(path, "r+") as file:
        file[f"events/{name}"][5] = value
    with pytest.raises(EventFileError, match=rf"at byte \d\d+: {words}"):
        read(path)


def test_columns_of_different_lengths_are_told(path):
    with h5py.File(path, "r+") as file:
        file["events/x"].resize((4,))
    with pytest.raises(EventFileError, match="equally long"):
        read(path)


def test_what_it_has_no_room_for_is_refused(tmp_path):
    for events, words in (
        (stream([5, 4]), "room"),
        (stream([0, 1 << 32]), "room"),
        (stream([1 << 62, (1 << 62) + 1]).later(1), "room"),
        (stream([0], width=1280), r"Dsec\(1280, 480\)"),
    ):
        with pytest.raises(InputError, match=words):
            write(tmp_path / "a.h5", events, Dsec())
    write(tmp_path / "a.h5", stream([7, 9, 8, 7]), Dsec())
    assert read(tmp_path / "a.h5").events.t.tolist() == [7, 9, 8, 7]
