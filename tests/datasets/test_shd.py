import numpy as np
import pytest

from spikesight.base.errors import InputError, MissingData
from spikesight.datasets.shd import DIGITS, shd, ssc

h5py = pytest.importorskip("h5py")


def put(path, trains, labels, dtype=np.float16):
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, "w") as file:
        spikes = file.create_group("spikes")
        for name, kind, k in (("times", dtype, 0), ("units", np.uint16, 1)):
            column = spikes.create_dataset(name, (len(trains),), h5py.vlen_dtype(kind))
            for row, train in enumerate(trains):
                column[row] = np.array(train[k], kind)
        file["labels"] = np.array(labels, np.uint16)


TRAINS = [([0.0, 0.25, 0.5], [3, 699, 0]), ([], []), ([0.125], [7])]


def test_files_are_the_split_and_spikes_are_events(tmp_path):
    put(tmp_path / "SHD" / "shd_train.h5", TRAINS, [0, 19, 3])
    put(tmp_path / "shd_test.h5", TRAINS[:1], [11])
    found = shd(tmp_path)
    assert found.train.labels.tolist() == [0, 19, 3]
    assert DIGITS[found.test.labels[0]] == "eins"
    first = found.train[0]
    assert first.t.tolist() == [0, 250_000, 500_000]
    assert first.x.tolist() == [3, 699, 0]
    assert (first.width, first.height, bool(first.p.all()), first.y.max()) == (700, 1, True, 0)
    assert [len(one) for one in found.train] == [3, 0, 1]
    assert found.validation is None


def test_speech_commands_have_a_validation_set(tmp_path):
    for part, labels in (("train", [34]), ("valid", [1]), ("test", [0])):
        put(tmp_path / f"ssc_{part}.h5", TRAINS[:1], labels, np.float32)
    found = ssc(tmp_path)
    assert [part.labels.tolist() for part in (found.train, found.validation, found.test)] == [[34], [1], [0]]


@pytest.mark.parametrize(
    ("trains", "labels", "says"),
    [
        (TRAINS, [0], "1 labels of 3 recordings"),
        (TRAINS[:1], [20], "labels beyond 20"),
        ([([0.5], [700])], [1], "units are 0 to 699"),
        ([([0.5, 0.6], [7])], [1], "2 times of 1 units"),
        ([([np.nan], [7])], [1], "NaN or endless"),
    ],
    ids=["lengths", "label", "channel", "train", "nan"],
)
def test_what_cannot_be_is_said(tmp_path, trains, labels, says):
    for part in ("train", "test"):
        put(tmp_path / f"shd_{part}.h5", trains, labels)
    with pytest.raises(InputError, match=says):
        list(shd(tmp_path).train)


def test_missing_and_damaged_files(tmp_path):
    with pytest.raises(MissingData, match=r"Put SHD/shd_train\.h5 or shd_train\.h5 there"):
        shd(tmp_path)
    (tmp_path / "shd_train.h5").write_bytes(b"no HDF5")
    with pytest.raises(InputError, match=r"shd_train\.h5: at byte 0: an HDF5 file begins with"):
        shd(tmp_path)
    with h5py.File(tmp_path / "shd_train.h5", "w") as file:
        file["labels"] = np.zeros(3)
    with pytest.raises(InputError, match="labels holds float64"):
        shd(tmp_path)
