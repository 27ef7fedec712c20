"""N-MNIST: MNIST digits before an event camera that moves in three saccades; read from a zip file."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.datasets.damage import undamaged
from spikesight.datasets.folder import data_folder, find
from spikesight.datasets.recordings import Recordings
from spikesight.events.files.bin import Bin
from spikesight.events.files.reading import read
from spikesight.events.stream import EventStream

NAMES = ("events/n-mnist-810.zip", "n-mnist-810.zip", "n-mnist.zip")
COMPLETE = ("N-MNIST/Train.zip", "N-MNIST/Test.zip")
"""As the authors publish it: 60,000 recordings and 10,000."""


CLASSES = tuple("0123456789")


class EventSet(NamedTuple):
    """Training and test recordings and their labels (N,), by number of the recording."""

    train: Sequence[EventStream]
    train_labels: NDArray[np.int64]
    test: Sequence[EventStream]
    test_labels: NDArray[np.int64]


def n_mnist(folder: Path | None = None) -> EventSet:
    """Read N-MNIST: `N-MNIST/Train.zip` and `N-MNIST/Test.zip`, or a zip of a part of it, which is read at once.

    Both hold `Train/<label>/<number>.bin` and `Test/<label>/<number>.bin`. Recordings of the complete set are read when
    they are asked for: all of them together take more memory than most computers have.
    Errors: MissingData where the file is not there, InputError where it is damaged.   Source: Orchard et al. 2015.
    """
    place = data_folder(folder)
    whole = [place / name for name in COMPLETE]
    if all(path.is_file() for path in whole):
        train, test = (_later(path, half) for path, half in zip(whole, ("Train", "Test"), strict=True))
        return EventSet(train, train.labels, test, test.labels)
    path = find(place, (" and ".join(COMPLETE), *NAMES), "N-MNIST")
    with undamaged(path), zipfile.ZipFile(path) as archive:
        return EventSet(*_half(archive, path, "Train"), *_half(archive, path, "Test"))


def _half(archive: zipfile.ZipFile, path: Path, half: str) -> tuple[list[EventStream], NDArray[np.int64]]:
    names, labels = _names(archive, path, half)
    return [_recording(archive, path, name) for name in names], labels


def _names(archive: zipfile.ZipFile, path: Path, half: str) -> tuple[list[str], NDArray[np.int64]]:
    names = [PurePosixPath(name) for name in archive.namelist() if name.endswith(".bin")]
    mine = sorted((name for name in names if name.parts[-3:-2] == (half,)), key=lambda name: (name.stem, name.parts))
    if not mine:
        raise InputError(f"{path} has no {half}/<label>/<number>.bin: it is not N-MNIST")
    unknown = sorted({name.parts[-2] for name in mine} - set(CLASSES))
    if unknown:
        raise InputError(f"{path} has the labels {', '.join(unknown)} in {half}, those of N-MNIST are 0 to 9")
    return [str(name) for name in mine], np.array([int(name.parts[-2]) for name in mine], np.int64)


def _recording(archive: zipfile.ZipFile, path: Path, name: str) -> EventStream:
    return read(archive.read(name), Bin(), f"{path}: {name}").events.in_order()


class _Packed(NamedTuple):
    """A recording in a zip, which is read later."""

    path: Path
    name: str


def _later(path: Path, half: str) -> Recordings[EventStream]:
    with undamaged(path):
        names, labels = _names(_kept_open(path, os.getpid()), path, half)
    return Recordings(_packed, tuple(_Packed(path, name) for name in names), labels, CLASSES)


def _packed(place: _Packed) -> EventStream:
    with undamaged(*place):
        return _recording(_kept_open(place.path, os.getpid()), *place)


@lru_cache(maxsize=2)
def _kept_open(path: Path, process: int) -> zipfile.ZipFile:
    """Open it once, for its table of contents alone takes a second to read; each process has its own."""
    return zipfile.ZipFile(path)
