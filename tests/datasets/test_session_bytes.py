"""The sessions at hand, and files that are none."""

import os
from pathlib import Path

import numpy as np
import pytest

from spikesight.base.errors import InputError, MissingData
from spikesight.datasets.images import ImageSet
from spikesight.datasets.session_bytes import NAMES, seen_in_training, session_bytes

HERE = Path(os.environ.get("SPIKESIGHT_DATA", "")) / NAMES[0]


@pytest.mark.skipif(not HERE.is_file(), reason="the sessions of ISCX are not here: set SPIKESIGHT_DATA")
def test_the_sessions_at_hand():
    images, classes = session_bytes()
    assert images.train.shape == (28193, 784)
    assert images.test.shape == (3244, 784)
    assert len(classes) == 12
    assert [name.startswith("VPN-") for name in classes] == [False] * 6 + [True] * 6
    assert np.bincount(images.train_labels).min() == 253
    assert seen_in_training(images).sum() == 27


def test_what_occurs_twice():
    rows = np.arange(12, dtype=np.uint8).reshape(4, 3)
    images = ImageSet("x", (1, 3), rows[:3], np.zeros(3, np.int64), rows[2:], np.zeros(2, np.int64))
    assert seen_in_training(images).tolist() == [True, False]


def test_files_that_are_none(tmp_path):
    with pytest.raises(MissingData, match="ISCX"):
        session_bytes(tmp_path)
    path = tmp_path / Path(NAMES[0]).name
    path.write_bytes(b"nothing")
    with pytest.raises(InputError, match="damaged"):
        session_bytes(tmp_path)
    np.savez(path, x_train=np.zeros((2, 28, 28), np.uint8))
    with pytest.raises(InputError, match="but not y_train"):
        session_bytes(tmp_path)
    np.save(tmp_path / "x.npy", np.zeros(3))
    (tmp_path / "x.npy").rename(path)
    with pytest.raises(InputError, match="a single array"):
        session_bytes(tmp_path)
    other = {"x_train": np.zeros((2, 28, 28), np.uint8), "y_train": np.zeros(2), "y_test": np.zeros(1)}
    for x_test in (np.zeros((1, 5, 5), np.uint8), np.zeros((1, 28, 28))):
        np.savez(path, **other, x_test=x_test, classes=np.array(["a"]))
        with pytest.raises(InputError, match="in its part test"):
            session_bytes(tmp_path)
    empty = {"x_train": np.zeros((2, 5)), "y_train": np.zeros(2), "x_test": np.zeros((1, 5)), "y_test": np.zeros(1)}
    np.savez(path, **empty, classes=np.array(["a"]))
    with pytest.raises(InputError, match="28, 28"):
        session_bytes(tmp_path)
