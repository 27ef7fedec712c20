"""N-Caltech101: the pictures of Caltech-101 before an event camera that moves in three saccades."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from spikesight.base.errors import InputError
from spikesight.datasets.folder import data_folder, find_folder
from spikesight.datasets.recordings import Recordings
from spikesight.events.files.bin import Bin
from spikesight.events.files.reading import read
from spikesight.events.stream import EventStream

NAMES = ("N-Caltech101/Caltech101", "N-Caltech101", "n-caltech101", "Caltech101")
WIDTH, HEIGHT = 240, 180
"""Room for the largest recording; most are smaller."""


def n_caltech101(folder: Path | None = None) -> Recordings[EventStream]:
    """Find N-Caltech101: `<class>/image_<number>.bin`, 101 classes by their folders, one the background.

    It has no split of its own, and papers use several: `Recordings.drawn` draws one.
    Errors: MissingData where the folder is not there, InputError where nothing is in it.   Source: Orchard et al. 2015.
    """
    place = find_folder(data_folder(folder), NAMES, "N-Caltech101", "<class>/image_<number>.bin")
    paths = sorted(place.glob("*/*.bin"))
    if not paths:
        raise InputError(f"{place} has no <class>/image_<number>.bin: unpack Caltech101.zip there")
    classes = tuple(sorted({path.parent.name for path in paths}))
    labels = np.array([classes.index(path.parent.name) for path in paths], np.int64)
    return Recordings(_recording, tuple(paths), labels, classes)


def _recording(path: Path) -> EventStream:
    return read(path, Bin(WIDTH, HEIGHT)).events
