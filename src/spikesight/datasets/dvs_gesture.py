"""DVS128 Gesture: hands and arms before an event camera, by 29 people in three lights."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from spikesight.base.errors import InputError, MissingData
from spikesight.datasets.folder import data_folder, find_folder
from spikesight.datasets.recordings import Recordings, Split
from spikesight.events.files.reading import read
from spikesight.events.stream import EventStream

NAMES = ("DvsGesture", "dvs-gesture")
CLASSES = (
    "hand clapping",
    "right hand wave",
    "left hand wave",
    "right arm clockwise",
    "right arm counter clockwise",
    "left arm clockwise",
    "left arm counter clockwise",
    "arm roll",
    "air drums",
    "air guitar",
    "other gestures",
)
"""Label k is number k + 1 of the files."""


class Gesture(NamedTuple):
    """A gesture of a recording: from `begin` up to, not including, `end` (microseconds)."""

    path: Path
    begin: int
    end: int


def dvs_gesture(folder: Path | None = None) -> Split[EventStream]:
    """Find the gestures of the recordings that `trials_to_train.txt` and `trials_to_test.txt` name, 23 and 6 people.

    Times are those of the recording, labels as published: class 9 of user22_led is said to end after the next began.
    Errors: MissingData where a file is not there, InputError where labels are damaged.
    Source: Amir et al., A Low Power, Fully Event-Based Gesture Recognition System, 2017.
    """
    inside = "trials_to_train.txt, trials_to_test.txt, user<nn>_<light>.aedat and user<nn>_<light>_labels.csv"
    place = find_folder(data_folder(folder), NAMES, "DVS128 Gesture", inside)
    return Split(_half(place, "trials_to_train.txt"), _half(place, "trials_to_test.txt"))


def _half(place: Path, listed: str) -> Recordings[EventStream]:
    names = [line.strip() for line in _text(place / listed).splitlines() if line.strip()]
    found = [one for name in names for one in _gestures(place / Path(name).name)]
    labels = np.array([label for _, label in found], np.int64)
    return Recordings(_recording, tuple(gesture for gesture, _ in found), labels, CLASSES)


def _gestures(path: Path) -> list[tuple[Gesture, int]]:
    if not path.is_file():
        raise MissingData(f"{path} is not there, but listed as a recording: unpack DvsGesture.tar.gz again")
    labels = path.with_name(f"{path.stem}_labels.csv")
    rows = list(csv.reader(_text(labels).splitlines()))
    try:
        numbers = [tuple(map(int, row)) for row in rows[1:] if row]
        gestures = [(Gesture(path, begin, end), label - 1) for label, begin, end in numbers]
    except ValueError as error:
        raise InputError(f"{labels} is no table of class, begin and end in microseconds ({error})") from error
    for gesture, label in gestures:
        if not 0 <= label < len(CLASSES) or gesture.begin > gesture.end:
            raise InputError(f"{labels} has class {label + 1} from {gesture.begin} to {gesture.end}: it is damaged")
    return gestures


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except FileNotFoundError:
        raise MissingData(f"{path} is not there: unpack DvsGesture.tar.gz again") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is no text ({error}): unpack DvsGesture.tar.gz again") from error


@lru_cache(maxsize=1)
def _whole(path: Path) -> EventStream:
    return read(path).events


def _recording(gesture: Gesture) -> EventStream:
    """Gestures of one recording are mostly asked for one after the other: the recording is kept until the next."""
    events = _whole(gesture.path)
    return events.of((events.t >= gesture.begin) & (events.t < gesture.end))
