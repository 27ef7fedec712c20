import os
from pathlib import Path

import numpy as np
import pytest

from spikesight.base.errors import InputError, MissingData
from spikesight.base.randomness import generator
from spikesight.datasets.eth80 import eth80


def made_up(folder, **other):
    n = 12
    arrays = {
        "x": np.arange(n * 6, dtype=np.uint8).reshape(n, 2, 3),
        "y": np.repeat([0, 1], 6).astype(np.uint8),
        "object": np.tile([4, 4, 7, 7, 8, 8], 2).astype(np.uint8),
        "angles": np.tile([[0, 90], [22, 0]], (6, 1)).astype(np.int16),
        "classes": np.array(["cup", "dog"]),
    }
    np.savez(folder / "eth80-gray64.npz", **{**arrays, **other})
    return folder


def test_a_small_one_split_by_objects(tmp_path):
    views = eth80(made_up(tmp_path))
    assert (views.images.shape, views.shape, views.classes) == ((12, 6), (2, 3), ("cup", "dog"))
    assert views.angles[1].tolist() == [22, 0]
    images = views.split(2, generator(0, "split"))
    assert (len(images.train), len(images.test), images.shape) == (8, 4, (2, 3))
    assert np.bincount(images.test_labels).tolist() == [2, 2]
    assert not set(map(bytes, images.train)) & set(map(bytes, images.test))


def test_errors_say_what_to_do(tmp_path):
    with pytest.raises(MissingData, match=r"eth80-gray64\.npz"):
        eth80(tmp_path)
    (tmp_path / "eth80-gray64.npz").write_bytes(b"PK")
    with pytest.raises(InputError, match="damaged"):
        eth80(tmp_path)


@pytest.mark.skipif("SPIKESIGHT_DATA" not in os.environ, reason="SPIKESIGHT_DATA names no folder with ETH-80")
def test_the_set_itself():
    try:
        views = eth80(Path(os.environ["SPIKESIGHT_DATA"]))
    except MissingData as missing:
        pytest.skip(str(missing))
    assert views.images.shape[1] == 64 * 64
    assert views.classes == ("apple", "car", "cow", "cup", "dog", "horse", "pear", "tomato")
    for label in range(8):
        _, count = np.unique(views.objects[views.labels == label], return_counts=True)
        assert (count == 41).all()
    assert views.angles[:, 0].max() == 90
