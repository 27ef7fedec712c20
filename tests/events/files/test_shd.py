import h5py
import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.events.files.reading import read
from spikesight.events.files.shd import LONGEST, Shd, read_all, write_all
from spikesight.events.files.source import EventFileError
from spikesight.events.stream import EventStream

SECONDS = [[0.0, 0.5, 0.25], [1.5]]
UNITS = [[3, 699, 0], [7]]


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "shd_test.h5"
    with h5py.File(path, "w") as file:
        for name, rows, kind in (("times", SECONDS, np.float16), ("units", UNITS, np.uint16)):
            table = file.create_dataset(f"spikes/{name}", (2,), h5py.vlen_dtype(kind))
            for k, row in enumerate(rows):
                table[k] = np.array(row, kind)
        file["labels"] = np.array([4, 19], np.uint16)
        file["extra/speaker"] = np.array([1, 0], np.uint16)
    return path


def spikes(t, width=700, height=1, on=True):
    return EventStream(t, [0] * len(t), [0] * len(t), [on] * len(t), width, height)


def test_a_recording_is_a_stream_of_700_channels(path):
    recording = read(path)
    assert recording.format == "shd"
    assert recording.events.rows.tolist() == [(0, 3, 0, True), (500_000, 699, 0, True), (250_000, 0, 0, True)]
    assert (recording.events.width, recording.events.height) == (700, 1)
    assert read(path, Shd(recording=1)).events.t.tolist() == [1_500_000]
    with pytest.raises(InputError, match="holds 2 recordings, asked for 2"):
        read(path, Shd(recording=2))


def test_all_recordings_with_labels_and_speakers(path, tmp_path):
    spoken = read_all(path)
    assert [len(events) for events in spoken.recordings] == [3, 1]
    assert spoken.labels.tolist() == [4, 19]
    assert spoken.speakers.tolist() == [1, 0]
    write_all(tmp_path / "again.h5", spoken.recordings, spoken.labels)
    again = read_all(tmp_path / "again.h5")
    assert again.labels.tolist() == [4, 19]
    assert again.speakers is None
    assert [events.rows.tolist() for events in again.recordings] == [e.rows.tolist() for e in spoken.recordings]


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        ("times", np.array([0, np.nan, 1], np.float16), "NaN"),
        ("times", np.array([0, 1], np.float16), "2 times of 3 units"),
        ("units", np.array([0, 1, 700], np.uint16), "units are 0 to 699"),
    ],
)
def test_values_that_cannot_be_are_told(path, name, values, words):
    with h5py.File(path, "r+") as file:
        file[f"spikes/{name}"][0] = values
    with pytest.raises(EventFileError, match=f"recording 0: .*{words}"):
        read(path)


def test_labels_of_another_number_are_told(path, tmp_path):
    with h5py.File(path, "r+") as file:
        del file["labels"]
        file["labels"] = [1]
    with pytest.raises(EventFileError, match="1 labels or speakers for 2"):
        read_all(path)
    with pytest.raises(InputError, match="1 labels for 0"):
        write_all(tmp_path / "a.h5", [], [1])


@pytest.mark.parametrize(
    ("events", "words"),
    [
        (spikes([1], on=False), "no polarity"),
        (spikes([LONGEST]), "room for"),
        (spikes([1], height=2), "700 x 2"),
        (spikes([1], width=701), "701 x 1"),
    ],
)
def test_what_it_has_no_room_for_is_refused(events, words, tmp_path):
    with pytest.raises(InputError, match=words):
        write_all(tmp_path / "a.h5", [events])
    assert not list(tmp_path.iterdir())


def test_recordings_that_are_only_announced_are_told(tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        for name in ("times", "units"):
            kind = h5py.vlen_dtype(np.float16 if name == "times" else np.uint16)
            file.create_dataset(f"spikes/{name}", (1 << 50,), kind, chunks=(4,))
    with pytest.raises(EventFileError, match="1125899906842624 recordings are announced, 0 are there"):
        read_all(tmp_path / "a.h5")
