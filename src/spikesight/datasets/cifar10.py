"""CIFAR-10: colour photographs of ten classes, 32 x 32; its binary files, or pictures in a zip."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError, MissingData
from spikesight.datasets.damage import undamaged
from spikesight.datasets.folder import data_folder, find
from spikesight.datasets.images import ImageSet

CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")

BINARY = "cifar-10-batches-bin"
TRAIN, TEST = tuple(f"data_batch_{number}.bin" for number in range(1, 6)), ("test_batch.bin",)
RECORD = 1 + 3 * 32 * 32
"""Bytes of an item: the label, then the red, green and blue planes."""

SHAPE = (32, 32)
"""Of a plane; an image has three, one after the other."""

Half = tuple[NDArray[np.uint8], NDArray[np.int64]]


def cifar10(folder: Path | None = None) -> ImageSet:
    """Read the original CIFAR-10 from the folder `cifar-10-batches-bin`: 50,000 and 10,000 images of uint8.

    Rows are flat images (3, 32, 32): the planes of red, green and blue.
    Errors: MissingData where a file is not there, InputError where one is damaged.
    Source: Krizhevsky, 2009.
    """
    place = data_folder(folder)
    train, test = (_joined([_records(_binary(place, name)) for name in names]) for names in (TRAIN, TEST))
    return ImageSet("cifar10", SHAPE, *train, *test)


def cifar10_small(folder: Path | None = None) -> ImageSet:
    """Read 6,000 of the images from a zip with `train/<class>/<number>.jpg` and `test/<class>/<number>.jpg`.

    JPEG has changed their pixels a little: for trying things out, not for published figures. In the order of their
    numbers, whatever the class. Errors: MissingData where the file is not there, InputError where it is damaged.
    """
    path = find(data_folder(folder), ["cifar10-jpeg-6k.zip"], "The small CIFAR-10")
    with undamaged(path), zipfile.ZipFile(path) as archive:
        train, test = (_pictures(archive, path, half) for half in ("train", "test"))
    return ImageSet("cifar10-jpeg-6k", SHAPE, *train, *test)


def _binary(place: Path, name: str) -> Path:
    for path in (place / BINARY / name, place / "images" / BINARY / name):
        if path.is_file():
            return path
    raise MissingData(
        f"CIFAR-10 is not in {place}. Put {BINARY}/{name} and its neighbours there (the archive 'CIFAR-10 binary "
        "version' holds them), or name another folder with --data or SPIKESIGHT_DATA."
    )


def _records(path: Path) -> Half:
    data = np.frombuffer(path.read_bytes(), np.uint8)
    if not len(data) or len(data) % RECORD:
        raise InputError(f"{path} has {len(data)} bytes, no multiple of {RECORD}: it is cut off, or not CIFAR-10")
    items = data.reshape(-1, RECORD)
    labels = items[:, 0].astype(np.int64)
    if labels.max() >= len(CLASSES):
        raise InputError(f"{path} has a label {labels.max()}, not 0 to 9: it is CIFAR-100, or damaged")
    return items[:, 1:], labels


def _joined(halves: Sequence[Half]) -> Half:
    images, labels = zip(*halves, strict=True)
    return np.concatenate(images), np.concatenate(labels)


def _pictures(archive: zipfile.ZipFile, path: Path, half: str) -> Half:
    names = [PurePosixPath(name) for name in archive.namelist() if name.endswith(".jpg")]
    mine = sorted((name for name in names if name.parts[-3:-2] == (half,)), key=lambda name: (name.stem, name.parts))
    if not mine:
        raise InputError(f"{path} has no {half}/<class>/<number>.jpg: it is not this set")
    unknown = {name.parts[-2] for name in mine} - set(CLASSES)
    if unknown:
        raise InputError(f"{path} has classes {sorted(unknown)}, those of CIFAR-10 are {', '.join(CLASSES)}")
    labels = np.array([CLASSES.index(name.parts[-2]) for name in mine], np.int64)
    return np.stack([_planes(archive.read(str(name)), f"{path}: {name}") for name in mine]), labels


def _planes(data: bytes, where: str) -> NDArray[np.uint8]:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data), formats=["JPEG"]) as picture:
            pixels = np.asarray(picture.convert("RGB"))
    except (UnidentifiedImageError, OSError) as error:
        raise InputError(f"{where} is no picture that can be read ({error}): fetch it again") from error
    if pixels.shape != (32, 32, 3):
        raise InputError(f"{where} is {pixels.shape[0]} x {pixels.shape[1]}, expected 32 x 32")
    return pixels.transpose(2, 0, 1).reshape(-1)
