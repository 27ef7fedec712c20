import zipfile

import numpy as np
import pytest

from spikesight.base.errors import InputError, MissingData
from spikesight.datasets.folder import data_folder
from spikesight.datasets.n_mnist import NAMES, n_mnist
from spikesight.events.files.source import EventFileWarning

EVENT = bytes((1, 2, 128, 0, 9))


def packed(folder, files):
    with zipfile.ZipFile(folder / "n-mnist.zip", "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return folder


def test_a_small_one(tmp_path):
    files = {"Train/7/00002.bin": EVENT, "Train/3/00001.bin": EVENT * 2, "Test/0/00001.bin": EVENT, "Test/LICENSE": b""}
    found = n_mnist(packed(tmp_path, files))
    assert [len(stream) for stream in found.train] == [2, 1]
    assert found.train_labels.tolist() == [3, 7]
    assert found.test_labels.tolist() == [0]
    assert (found.test[0].x[0], found.test[0].y[0], found.test[0].p[0], found.test[0].t[0]) == (1, 2, True, 9)


def test_errors_say_what_to_do(tmp_path):
    with pytest.raises(MissingData, match=r"n-mnist-810\.zip"):
        n_mnist(tmp_path)
    with pytest.warns(EventFileWarning, match=r"00001\.bin.*cut off"):
        n_mnist(packed(tmp_path, {"Train/7/00001.bin": EVENT[:4], "Test/7/00001.bin": EVENT}))
    with pytest.raises(InputError, match="no Test"):
        n_mnist(packed(tmp_path, {"Train/7/00001.bin": EVENT}))
    (tmp_path / "n-mnist.zip").write_bytes(b"PK")
    with pytest.raises(InputError, match="damaged"):
        n_mnist(tmp_path)


def test_the_complete_set_is_read_when_it_is_asked_for(tmp_path):
    (tmp_path / "N-MNIST").mkdir()
    packed(tmp_path, {"Train/7/00002.bin": EVENT, "Train/3/00001.bin": EVENT * 2, "Test/0/00001.bin": EVENT})
    for half in ("Train", "Test"):
        (tmp_path / "N-MNIST" / f"{half}.zip").write_bytes((tmp_path / "n-mnist.zip").read_bytes())
    found, part = n_mnist(tmp_path), n_mnist(packed(tmp_path / "N-MNIST", {"Train/1/1.bin": b"", "Test/1/1.bin": b""}))
    assert [len(stream) for stream in found.train] == [2, 1]
    assert (found.train_labels.tolist(), found.test_labels.tolist()) == ([3, 7], [0])
    assert found.test[0].t.tolist() == [9]
    assert len(part.train) == 1


def test_damage_in_the_complete_set_is_told_when_it_is_reached(tmp_path):
    (tmp_path / "N-MNIST").mkdir()
    packed(tmp_path, {"Train/7/00002.bin": EVENT * 100, "Test/0/00001.bin": EVENT})
    data = (tmp_path / "n-mnist.zip").read_bytes()
    for half in ("Train", "Test"):
        (tmp_path / "N-MNIST" / f"{half}.zip").write_bytes(data[:60] + b"?" + data[61:])
    found = n_mnist(tmp_path)
    with pytest.raises(InputError, match=r"Train\.zip is damaged \(Train/7/00002\.bin: .*fetch it again"):
        found.train[0]


def test_the_recordings_on_this_machine():
    if not (data_folder() / NAMES[0]).is_file():
        pytest.skip("N-MNIST is not on this machine")
    found = n_mnist()
    assert (len(found.train), len(found.test)) == (750, 60)
    assert sum(len(stream) for stream in (*found.train, *found.test)) == 3_345_077
    assert found.train_labels[0] == 5
    assert np.array_equal(found.test_labels[:3], [7, 2, 1])
