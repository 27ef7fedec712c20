"""CIFAR-10 as it lies on disk: binary records, or a zip of pictures."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from spikesight.base.errors import InputError, MissingData
from spikesight.datasets.cifar10 import BINARY, CLASSES, TEST, TRAIN, cifar10, cifar10_small
from spikesight.datasets.folder import data_folder


def record(label: int, red: int, green: int, blue: int) -> bytes:
    return bytes([label, *[red] * 1024, *[green] * 1024, *[blue] * 1024])


def binary(folder: Path, data: bytes) -> Path:
    (folder / BINARY).mkdir()
    for name in (*TRAIN, *TEST):
        (folder / BINARY / name).write_bytes(data)
    return folder


def jpeg(colour: tuple[int, int, int], size: tuple[int, int] = (32, 32)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "JPEG")
    return file.getvalue()


def packed(folder: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(folder / "cifar10-jpeg-6k.zip", "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return folder


def test_binary_records_are_planes(tmp_path: Path) -> None:
    found = cifar10(binary(tmp_path, record(7, 1, 2, 3) + record(0, 4, 5, 6)))
    assert (len(found.train), len(found.test), found.shape) == (10, 2, (32, 32))
    assert found.test_labels.tolist() == [7, 0]
    assert found.test.reshape(2, 3, 32, 32)[:, :, 5, 9].tolist() == [[1, 2, 3], [4, 5, 6]]


@pytest.mark.parametrize(
    ("data", "says"),
    [(b"", "cut off"), (record(1, 0, 0, 0)[:-1], "cut off"), (record(10, 0, 0, 0), "label 10")],
    ids=["empty", "cut", "labels"],
)
def test_a_damaged_binary_file_is_told(tmp_path: Path, data: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says):
        cifar10(binary(tmp_path, data))


def test_pictures_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    files = {"train/ship/0002.jpg": jpeg((255, 0, 0)), "train/cat/0001.jpg": jpeg((0, 0, 255))}
    found = cifar10_small(packed(tmp_path, {**files, "test/dog/0001.jpg": jpeg((0, 255, 0)), "README": b""}))
    assert found.train_labels.tolist() == [CLASSES.index("cat"), CLASSES.index("ship")]
    assert found.test_labels.tolist() == [5]
    means = found.train.reshape(2, 3, -1).mean(2)
    assert means[0, 2] > 250
    assert means[1, 0] > 250
    assert means[1, 1:].max() < 5


def test_what_is_missing_or_damaged_is_told(tmp_path: Path) -> None:
    with pytest.raises(MissingData, match=r"cifar10-jpeg-6k\.zip"):
        cifar10_small(tmp_path)
    with pytest.raises(MissingData, match="data_batch_1"):
        cifar10(tmp_path)
    good = {"test/dog/0001.jpg": jpeg((0, 0, 0))}
    for files, says in (
        ({"train/dog/1.jpg": b"no picture"}, "no picture"),
        ({"train/dog/1.jpg": jpeg((0, 0, 0), (16, 32))}, "32 x 16"),
        ({"train/cow/1.jpg": jpeg((0, 0, 0))}, "cow"),
        ({}, "no train"),
    ):
        with pytest.raises(InputError, match=says):
            cifar10_small(packed(tmp_path, {**files, **good}))
    (tmp_path / "cifar10-jpeg-6k.zip").write_bytes(b"PK")
    with pytest.raises(InputError, match="damaged"):
        cifar10_small(tmp_path)


def test_the_set_on_this_machine() -> None:
    if not (data_folder() / "images" / "cifar10-jpeg-6k.zip").is_file():
        pytest.skip("the small CIFAR-10 is not on this machine")
    found = cifar10_small()
    assert found.train.shape == (5000, 3072)
    assert found.test.shape == (1000, 3072)
    assert np.bincount(found.train_labels).tolist() == [500] * 10
    assert np.bincount(found.test_labels).tolist() == [100] * 10
    assert len(set(found.train_labels[:20])) > 5
