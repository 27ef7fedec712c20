import os
from pathlib import Path

import numpy as np
import pytest

from spikesight.base.errors import InputError, MissingData
from spikesight.datasets.faces_motorbikes import CLASSES, faces_motorbikes


def made_up(folder, flags=bool):
    np.savez(
        folder / "caltech-face-motor-gray80.npz",
        x=np.arange(36, dtype=np.uint8).reshape(6, 2, 3),
        y=np.array([0, 1, 0, 1, 0, 1], np.uint8),
        split=np.array([0, 0, 0, 0, 1, 1], np.uint8),
        in_training_set=np.array([1, 1, 0, 0, 0, 0], flags),
    )
    return folder


def test_a_small_one(tmp_path):
    images = faces_motorbikes(made_up(tmp_path))
    assert (images.train.shape, images.test.shape, images.shape) == ((4, 6), (2, 6), (2, 3))
    assert images.test_labels.tolist() == [0, 1]
    np.testing.assert_array_equal(images.test[0], np.arange(24, 30))
    assert len(faces_motorbikes(tmp_path, classifier_only=True).train) == 2


def test_flags_may_be_numbers(tmp_path):
    images = faces_motorbikes(made_up(tmp_path, np.uint8), classifier_only=True)
    np.testing.assert_array_equal(images.train, np.arange(12).reshape(2, 6))


def test_errors_say_what_to_do(tmp_path):
    with pytest.raises(MissingData, match=r"caltech-face-motor-gray80\.npz"):
        faces_motorbikes(tmp_path)
    np.savez(tmp_path / "caltech-face-motor-gray80.npz", x=np.zeros(3))
    with pytest.raises(InputError, match="not y, split"):
        faces_motorbikes(tmp_path)


@pytest.mark.skipif("SPIKESIGHT_DATA" not in os.environ, reason="SPIKESIGHT_DATA names no folder with the pictures")
def test_the_set_itself():
    try:
        images = faces_motorbikes(Path(os.environ["SPIKESIGHT_DATA"]))
    except MissingData as missing:
        pytest.skip(str(missing))
    assert images.shape == (80, 125)
    assert len(CLASSES) == len(np.unique(images.train_labels)) == 2
    assert (len(images.train), len(images.test)) == (474, 198)
    assert len(faces_motorbikes(Path(os.environ["SPIKESIGHT_DATA"]), classifier_only=True).train) == 400
