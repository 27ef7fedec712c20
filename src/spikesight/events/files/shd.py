"""The HDF5 files of SHD and SSC: spikes of an artificial cochlea of 700 channels, many recordings in a file.

A recording is the stream of a sensor of 700 x 1 pixels, all ON. Times are seconds, in the published files of half
precision; they are rounded to microseconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.base.optional import require
from spikesight.events.files.format import Columns, Likeness, Reading
from spikesight.events.files.hdf5 import Hdf5, likeness
from spikesight.events.files.ragged import Ragged
from spikesight.events.files.source import Source
from spikesight.events.stream import EventStream, joined

CHANNELS: Final = 700
TIMES, UNITS = "spikes/times", "spikes/units"
LONGEST: Final = 1 << 50
"""Microseconds; seconds of double precision give back each one of so many exactly."""


@dataclass(frozen=True)
class Shd:
    """Recording number `recording` of a file of SHD or SSC.

    Source: Cramer et al., The Heidelberg spiking data sets for the systematic evaluation of SNNs, 2020.
    """

    recording: int = 0

    name: ClassVar[str] = "shd"
    title: ClassVar[str] = "HDF5 files of SHD and SSC: spikes of a cochlea"
    suffixes: ClassVar[tuple[str, ...]] = (".h5",)

    def sniff(self, source: Source) -> Likeness:
        """Yes, for an HDF5 file with times and units of spikes.   Errors: EventFileError for a damaged HDF5 file."""
        return likeness(source, TIMES, UNITS)

    def open(self, source: Source) -> Reading:
        """Begin to read."""
        return _Reading(source, self.recording)

    def write(self, path: Path, pieces: Iterator[EventStream], width: int, height: int) -> None:
        """Write a file with one recording, and no label.

        Errors: InputError for other sensors, OFF events, and times beyond 35 years; OSError.
        """
        write_all(path, [joined(EventStream(*Columns.room(0), width, height), *pieces)])


class _Reading(Reading):
    def __init__(self, source: Source, recording: int) -> None:
        super().__init__(source, "SHD HDF5", CHANNELS, 1)
        self._recording = recording

    def pieces(self, events: int) -> Iterator[Columns]:
        with Hdf5(self.source) as file, closing(_Spikes(file)) as spikes:
            if not 0 <= self._recording < len(spikes):
                raise InputError(f"{self.source.name} holds {len(spikes)} recordings, asked for {self._recording}")
            columns = spikes.columns(self._recording)
        for first in range(0, len(columns.t), events):
            yield columns.own(first, first + events)


class _Spikes:
    def __init__(self, file: Hdf5) -> None:
        self._source = file.source
        self._times, self._units = Ragged(file, TIMES, "f"), Ragged(file, UNITS, "iu")
        if len(self._times.shape) != 1 or self._times.shape != self._units.shape:
            raise file.source.damaged(0, f"times are of shape {self._times.shape}, units of {self._units.shape}")

    def __len__(self) -> int:
        return int(self._times.shape[0])

    def all(self) -> Iterator[Columns]:
        """All recordings.   Errors: EventFileError, where more are announced than stored too."""
        if len(self) > self._times.rows:
            raise self._source.damaged(0, f"{len(self)} recordings are announced, {self._times.rows} are there")
        return map(self.columns, range(len(self)))

    def close(self) -> None:
        self._times.close()
        self._units.close()

    def columns(self, recording: int) -> Columns:
        seconds, unit = self._times.row(recording).astype(np.float64), self._units.row(recording)
        told = f"recording {recording}:"
        if len(seconds) != len(unit):
            raise self._source.damaged(self._times.offset, f"{told} {len(seconds)} times of {len(unit)} units")
        if not (np.abs(seconds) < LONGEST * 1e-6).all():
            raise self._source.damaged(
                self._times.offset, f"{told} times are seconds, and NaN or endless ones are here"
            )
        if len(unit) and (unit.min() < 0 or unit.max() >= CHANNELS):
            raise self._source.damaged(
                self._units.offset, f"{told} units are 0 to 699, got {unit.min()} to {unit.max()}"
            )
        t = np.rint(seconds * 1e6).astype(np.int64)
        return Columns(t, unit.astype(np.uint16), np.zeros(len(t), np.uint16), np.ones(len(t), bool))


class Spoken(NamedTuple):
    """All recordings of a file, their labels (N,), and who spoke each (N,), where the file tells; else None."""

    recordings: list[EventStream]
    labels: NDArray[np.int64] | None
    speakers: NDArray[np.int64] | None


def read_all(where: Path | str | bytes) -> Spoken:
    """Read all recordings of a file.   Errors: EventFileError where it is damaged, MissingExtra without h5py."""
    source = Source.of(where)
    with Hdf5(source) as file:
        labels, speakers = (_per_recording(file, name) for name in ("labels", "extra/speaker"))
        with closing(_Spikes(file)) as spikes:
            read = f"read from {source.name} as shd"
            streams = [
                EventStream(*columns, CHANNELS, 1, (read, f"recording {k}")) for k, columns in enumerate(spikes.all())
            ]
    for told in (labels, speakers):
        if told is not None and len(told) != len(streams):
            raise source.damaged(0, f"{len(told)} labels or speakers for {len(streams)} recordings")
    return Spoken(streams, labels, speakers)


def _per_recording(file: Hdf5, name: str) -> NDArray[np.int64] | None:
    return file.table(name, 1).all().astype(np.int64) if file.has(name) else None


def write_all(path: Path, recordings: Sequence[EventStream], labels: Sequence[int] | None = None) -> None:
    """Write recordings, and their labels, to a new file.   Errors: as `Shd.write`, and for another number of labels."""
    h5py = require("h5py", "events")
    for events in recordings:
        _check(events)
    if labels is not None and len(labels) != len(recordings):
        raise InputError(f"{len(labels)} labels for {len(recordings)} recordings")
    with h5py.File(path, "w") as file:
        columns: tuple[tuple[str, type[Any], list[NDArray[Any]]], ...] = (
            (TIMES, np.float64, [events.t / 1e6 for events in recordings]),
            (UNITS, np.uint16, [events.x for events in recordings]),
        )
        for name, kind, rows in columns:
            table = file.create_dataset(name, (len(rows),), h5py.vlen_dtype(kind))
            for k, row in enumerate(rows):
                table[k] = row
        if labels is not None:
            file["labels"] = np.asarray(labels, np.int64)


def _check(events: EventStream) -> None:
    if events.height != 1 or events.width > CHANNELS:
        raise InputError(f"SHD files have {CHANNELS} x 1 channels, these events have {events.width} x {events.height}")
    if not events.p.all():
        raise InputError("SHD files have no polarity: every event is ON, but some of these are OFF")
    if len(events) and (events.t.min() <= -LONGEST or events.t.max() >= LONGEST):
        raise InputError(
            f"seconds of double precision have room for {LONGEST} us, these are {events.t.min()} to {events.t.max()}"
        )
