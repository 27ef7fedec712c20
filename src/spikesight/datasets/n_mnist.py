"""N-MNIST: MNIST digits before an event camera that moves in three saccades; read from a zip file."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.datasets.folder import data_folder, find
from spikesight.events.files.bin import Bin
from spikesight.events.files.reading import read
from spikesight.events.stream import EventStream

NAMES = ("events/n-mnist-810.zip", "n-mnist-810.zip", "n-mnist.zip")


class EventSet(NamedTuple):
    """Training and test recordings and their labels (N,), by number of the recording."""

    train: Sequence[EventStream]
    train_labels: NDArray[np.int64]
    test: Sequence[EventStream]
    test_labels: NDArray[np.int64]


def n_mnist(folder: Path | None = None) -> EventSet:
    """Read N-MNIST, or a part of it, from a zip with `Train/<label>/<number>.bin` and `Test/<label>/<number>.bin`.

    Errors: MissingData where the file is not there, InputError where it is damaged.   Source: Orchard et al. 2015.
    """
    path = find(data_folder(folder), NAMES, "N-MNIST")
    try:
        with zipfile.ZipFile(path) as archive:
            return EventSet(*_half(archive, path, "Train"), *_half(archive, path, "Test"))
    except zipfile.BadZipFile as error:
        raise InputError(f"{path} is damaged ({error}): fetch it again") from error


def _half(archive: zipfile.ZipFile, path: Path, half: str) -> tuple[list[EventStream], NDArray[np.int64]]:
    names = [PurePosixPath(name) for name in archive.namelist() if name.endswith(".bin")]
    mine = sorted((name for name in names if name.parts[-3:-2] == (half,)), key=lambda name: (name.stem, name.parts))
    if not mine:
        raise InputError(f"{path} has no {half}/<label>/<number>.bin: it is not N-MNIST")
    streams = [read(archive.read(str(name)), Bin(), f"{path}: {name}").events.in_order() for name in mine]
    return streams, np.array([int(name.parts[-2]) for name in mine], np.int64)
