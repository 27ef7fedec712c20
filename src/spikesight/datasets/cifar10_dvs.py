"""CIFAR10-DVS: pictures of CIFAR-10 that moved before a DVS128."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from spikesight.base.errors import InputError
from spikesight.datasets.cifar10 import CLASSES
from spikesight.datasets.folder import data_folder, find_folder
from spikesight.datasets.recordings import Recordings
from spikesight.events.files.reading import read
from spikesight.events.stream import EventStream

NAMES = ("CIFAR10-DVS", "cifar10-dvs")
SIDE = 128


def cifar10_dvs(folder: Path | None = None) -> Recordings[EventStream]:
    """Find CIFAR10-DVS: `<class>/cifar10_<class>_<number>.aedat`, 1,000 recordings of each class, by their numbers.

    It has no split of its own, and papers use several: `Recordings.drawn` draws one.
    Errors: MissingData where the folder is not there, InputError where a class is missing.   Source: Li et al. 2017.
    """
    place = find_folder(data_folder(folder), NAMES, "CIFAR10-DVS", "<class>/cifar10_<class>_<number>.aedat")
    paths = {name: sorted((place / name).glob("*.aedat"), key=_number) for name in CLASSES}
    missing = [f"{name}.zip" for name in CLASSES if not paths[name]]
    if missing:
        raise InputError(f"{place} lacks classes: unpack {', '.join(missing)} there, each into a folder of its name")
    labels = np.concatenate([np.full(len(paths[name]), k, np.int64) for k, name in enumerate(CLASSES)])
    return Recordings(_recording, tuple(path for name in CLASSES for path in paths[name]), labels, CLASSES)


def upright(events: EventStream) -> EventStream:
    """Turn a recording as a DVS128 stores it so that the picture stands upright, as published loaders show it.

    Errors: InputError where the sensor is not square.
    """
    if events.width != events.height:
        raise InputError(f"pictures are turned on a square sensor, got {events.width} x {events.height}")
    x = (events.width - 1 - events.y).astype(np.uint16)
    return replace(events, x=x, y=events.x.copy()).after("turned upright")


def _recording(path: Path) -> EventStream:
    return upright(read(path).events)


def _number(path: Path) -> tuple[int, str]:
    last = path.stem.rpartition("_")[2]
    return (int(last) if last.isdigit() else -1, path.name)
