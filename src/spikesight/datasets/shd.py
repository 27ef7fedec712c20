"""Spiking Heidelberg Digits and Spiking Speech Commands: words through an artificial cochlea of 700 channels."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from spikesight.base.errors import InputError
from spikesight.datasets.folder import data_folder, find
from spikesight.datasets.recordings import Recordings, Split
from spikesight.events.files.hdf5 import Hdf5
from spikesight.events.files.reading import read
from spikesight.events.files.shd import TIMES, Shd
from spikesight.events.files.source import Source
from spikesight.events.stream import EventStream

DIGITS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("null", "eins", "zwei", "drei", "vier", "fuenf", "sechs", "sieben", "acht", "neun"),
)
"""In English, then in German."""
WORDS = 35


class Utterance(NamedTuple):
    """Recording number `row` of a file."""

    path: Path
    row: int


def shd(folder: Path | None = None) -> Split[EventStream]:
    """Find the Spiking Heidelberg Digits: `shd_train.h5` and `shd_test.h5`, the split of its authors, 20 classes.

    A spike is an event at x = its channel, y = 0, ON. Errors: MissingData where a file is not there, InputError where
    it is damaged, MissingExtra without h5py.   Source: Cramer et al. 2022.
    """
    train, test = (_part(folder, "SHD", f"shd_{part}", DIGITS) for part in ("train", "test"))
    return Split(train, test)


def ssc(folder: Path | None = None) -> Split[EventStream]:
    """Find the Spiking Speech Commands: `ssc_train.h5`, `ssc_valid.h5`, `ssc_test.h5`, 35 classes by their numbers.

    Spikes and errors as for `shd`.   Source: Cramer et al. 2022.
    """
    classes = tuple(f"word {k}" for k in range(WORDS))
    train, valid, test = (_part(folder, "SSC", f"ssc_{part}", classes) for part in ("train", "valid", "test"))
    return Split(train, test, valid)


def _part(folder: Path | None, what: str, name: str, classes: tuple[str, ...]) -> Recordings[EventStream]:
    path = find(data_folder(folder), (f"{what}/{name}.h5", f"{name}.h5"), what)
    with Hdf5(Source.of(path)) as file:
        labels = file.table("labels", 1).all().astype(np.int64)
        trains = len(file.data_set(TIMES))
    if len(labels) != trains or not set(np.unique(labels)) <= set(range(len(classes))):
        raise InputError(
            f"{path} has {len(labels)} labels of {trains} recordings, or labels beyond {len(classes)}: fetch it again"
        )
    return Recordings(_utterance, tuple(Utterance(path, row) for row in range(trains)), labels, classes)


def _utterance(one: Utterance) -> EventStream:
    return read(one.path, Shd(one.row)).events.after(f"recording {one.row}")
