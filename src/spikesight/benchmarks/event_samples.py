"""Small sound files of every format of events, to be spoilt: written by us, made for formats that are not written."""

from __future__ import annotations

import io
import os
import struct
import tempfile
import warnings
from collections.abc import Callable
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np

from spikesight.base.errors import InputError
from spikesight.base.optional import require
from spikesight.base.randomness import generator
from spikesight.events.files.choosing import FORMATS
from spikesight.events.files.format import Format, Writable
from spikesight.events.files.reading import read
from spikesight.events.files.source import Source
from spikesight.events.stream import EventStream

EVENTS: Final = 150
LONGEST: Final = 1 << 15
"""Bytes of a larger recording that are taken, from its beginning, if they hold more than `LEAST` events."""
LEAST: Final = 7
SENSORS: Final = {"n-tidigits": (64, 1), "shd": (700, 1)}
USUAL: Final = (34, 34)
ALL_ON: Final = ("n-tidigits", "shd")
"""Formats without polarity."""


def sensor(name: str) -> tuple[int, int]:
    """Return width and height of a sensor that files of the format `name` have room for."""
    return SENSORS.get(name, USUAL)


def events(name: str, number: int = EVENTS) -> EventStream:
    """Return so many events, most of them close together, that files of the format `name` have room for."""
    random, (width, height) = generator(0, "events of a sample"), sensor(name)
    gaps = random.integers(0, 100, number)
    gaps[:: number // 2] += 20_000
    t = np.cumsum(gaps)
    p = (random.random(number) < 0.5) | (name in ALL_ON)
    x, y = (random.integers(0, size, number).astype(np.uint16) for size in (width, height))
    return EventStream(t, x, y, p, width, height)


def samples(name: str) -> list[bytes]:
    """Return sound files of the format `name`: one of ours, and the beginnings of recordings where they are at hand.

    Recordings are those of the folder that the environment's SPIKESIGHT_DATA names.
    """
    form = FORMATS[name]()
    found = []
    if isinstance(form, Writable) and name not in MADE:
        with tempfile.TemporaryDirectory(prefix="spikesight-sample-") as place:
            sample = events(name)
            form.write(Path(place) / "sample", iter((sample,)), sample.width, sample.height)
            found.append((Path(place) / "sample").read_bytes())
    elif name in MADE:
        found.append(MADE[name]())
    folder = Path(os.environ.get("SPIKESIGHT_DATA", "nowhere")) / "events" / name
    beginnings = (_beginning(form, path.read_bytes()) for path in sorted(folder.glob("*")))
    return [*found, *islice((data for data in beginnings if data), 2)]


def _beginning(form: Format, data: bytes) -> bytes:
    """The beginning of a recording, as much as holds events; nothing of what is no recording of this format."""
    if not form.sniff(Source.of(data)):
        return b""
    longest = LONGEST
    while longest < len(data) and not _some(form, data[:longest]):
        longest *= 2
    return data[:longest]


def _some(form: Format, data: bytes) -> bool:
    with warnings.catch_warnings(), suppress(InputError):
        warnings.simplefilter("ignore")
        return len(read(data, form).events) > LEAST
    return False


def _st_mnist() -> bytes:
    from scipy.io import savemat

    sample, file = events("st-mnist"), io.BytesIO()
    train = np.zeros((101, len(sample)))
    train[(sample.y % 10) * 10 + sample.x % 10, np.arange(len(sample))] = np.where(sample.p, 1.0, -1.0)
    train[100] = sample.t / 1e6
    savemat(file, {"spiketrain": train}, do_compression=True)
    return file.getvalue()


def _ddd() -> bytes:
    h5py, sample, file = require("h5py", "events"), events("ddd"), io.BytesIO()
    with h5py.File(file, "w") as made:
        rows = made.create_dataset("dvs/data", (3, 3), h5py.vlen_dtype(np.uint8), chunks=(2, 3), maxshape=(None, 3))
        for k, part in enumerate(sample.pieces(-(-len(sample) // 3))):
            words = np.stack([part.x.astype(np.uint32) << 17 | part.y << 2 | part.p << 1 | 1, part.t], 1).astype("<u4")
            head = struct.pack("<2H6I", 1, 1, 8, 4, 0, len(part), len(part), len(part))
            for column, data in enumerate((b"1487842276349913", head, words.tobytes())):
                rows[k, column] = np.frombuffer(data, np.uint8)
        made["dvs/timestamp"] = np.arange(3)
    return file.getvalue()


MADE: Final[dict[str, Callable[[], bytes]]] = {"ddd": _ddd, "st-mnist": _st_mnist}
