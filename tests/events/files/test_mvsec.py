import h5py
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikesight.base.errors import InputError
from spikesight.events.files.mvsec import LONGEST, Mvsec, Side, _microseconds, dated
from spikesight.events.files.reading import EventFile, read
from spikesight.events.files.source import EventFileError
from spikesight.events.files.writing import write
from spikesight.events.stream import EventStream

ROWS = [(10.0, 20.0, 1504645177.4237499, -1.0), (345.0, 259.0, 1504645177.4237504, 1.0)]


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "outdoor_data.hdf5"
    with h5py.File(path, "w") as file:
        file["davis/left/events"] = np.array(ROWS)
        file["davis/right/events"] = np.array(ROWS[:1])
        file["davis/left/image_raw"] = np.arange(24, dtype=np.uint8).reshape(3, 2, 4)
        file["davis/left/image_raw_ts"] = np.array([1.0, 2.0, 2.5])
    return path


def test_rows_are_events_of_one_camera(path):
    recording = read(path)
    assert recording.format == "mvsec"
    assert recording.events.rows.tolist() == [(1504645177423750, 10, 20, False), (1504645177423750, 345, 259, True)]
    assert len(read(path, Mvsec(camera=Side.RIGHT)).events) == 1
    assert [len(piece) for piece in EventFile(path).pieces(1)] == [1, 1]


@given(st.integers(-LONGEST, LONGEST))
def test_seconds_give_back_every_microsecond(t):
    assert _microseconds(np.array([t]) / 1e6).tolist() == [t]


def test_what_lies_beside_is_read_in_parts(path):
    found = dated(path, "image_raw", first=1, last=3)
    assert found.t.tolist() == [2_000_000, 2_500_000]
    assert found.values.tolist() == np.arange(24).reshape(3, 2, 4)[1:].tolist()
    with pytest.raises(InputError, match="holds 3 of image_raw"):
        dated(path, "image_raw", last=4)
    with pytest.raises(EventFileError, match="flow_dist cannot be read"):
        dated(path, "flow_dist")
    with pytest.raises(EventFileError, match="right/image_raw"):
        dated(path, "image_raw", Side.RIGHT)


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        (0, 346.0, "x is a whole number below 346"),
        (1, 0.5, "y is a whole number"),
        (2, np.nan, "times are seconds"),
        (2, 1e30, "times are seconds"),
        (3, 0.0, "polarity is -1"),
    ],
)
def test_values_that_cannot_be_are_told(path, column, value, words):
    with h5py.File(path, "r+") as file:
        file["davis/left/events"][1, column] = value
    with pytest.raises(EventFileError, match=rf"at byte \d\d+: {words}"):
        read(path)


def test_rows_of_three_numbers_are_told(path):
    with h5py.File(path, "r+") as file:
        del file["davis/left/events"]
        file["davis/left/events"] = np.zeros((2, 3))
    with pytest.raises(EventFileError, match="got 3 numbers"):
        read(path)


def test_what_it_has_no_room_for_is_refused(tmp_path):
    for events in (
        EventStream([LONGEST + 1], [0], [0], [0], 346, 260),
        EventStream([0], [0], [0], [0], 347, 260),
    ):
        with pytest.raises(InputError, match=r"room|Mvsec\(width=347"):
            write(tmp_path / "a.hdf5", events)
    assert not list(tmp_path.iterdir())
