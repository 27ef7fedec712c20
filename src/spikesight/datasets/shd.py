"""Spiking Heidelberg Digits and Spiking Speech Commands: words through an artificial cochlea of 700 channels."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from spikesight.base.errors import InputError
from spikesight.base.optional import require
from spikesight.datasets.folder import data_folder, find
from spikesight.datasets.recordings import Recordings, Split
from spikesight.events.stream import EventStream

CHANNELS = 700
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
    with _opened(path) as file:
        labels = np.asarray(file["labels"], np.int64).reshape(-1)
        rows = {len(file["spikes"][name]) for name in ("times", "units")} | {len(labels)}
    if len(rows) != 1 or not set(np.unique(labels)) <= set(range(len(classes))):
        raise InputError(f"{path} has {sorted(rows)} labels and trains, or labels beyond {len(classes)}: it is damaged")
    return Recordings(_utterance, tuple(Utterance(path, row) for row in range(len(labels))), labels, classes)


def _utterance(one: Utterance) -> EventStream:
    with _opened(one.path) as file:
        times = np.asarray(file["spikes"]["times"][one.row], np.float64)
        units = np.asarray(file["spikes"]["units"][one.row], np.int64)
    right = times.shape == units.shape and bool(np.isfinite(times).all()) and bool((np.abs(times) < 1e6).all())
    if not right or bool((units < 0).any()) or bool((units >= CHANNELS).any()):
        raise InputError(f"{one.path}: recording {one.row} has times or channels that cannot be: fetch it again")
    t = np.rint(times * 1e6).astype(np.int64)
    zero, on = np.zeros(len(t), np.uint16), np.ones(len(t), np.bool_)
    told = (f"recording {one.row} of {one.path}",)
    return EventStream(t, units.astype(np.uint16), zero, on, CHANNELS, 1, told)


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    h5py = require("h5py", "events")
    try:
        with h5py.File(path, "r") as file:
            yield file
    except (OSError, KeyError, ValueError, RuntimeError, TypeError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{path} is damaged, or no file of spikes/times, spikes/units, labels ({error})") from error
