"""MVSEC: two event cameras of 346 x 260 pixels on a drone, a car, a motorbike, with depth."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from spikesight.base.errors import MissingData
from spikesight.datasets.folder import data_folder, find_folder
from spikesight.events.files.mvsec import Mvsec, Side
from spikesight.events.files.reading import EventFile

NAMES = ("MVSEC", "mvsec")


@dataclass(frozen=True)
class Sequence:
    """A sequence: its file of events and pictures, and that of the truth where it is there."""

    name: str
    data: Path
    truth: Path | None

    def events(self, camera: Side = Side.LEFT) -> EventFile:
        """Return the events of a camera, to be read whole or piece by piece."""
        return EventFile(self.data, Mvsec(camera))


def mvsec(folder: Path | None = None) -> dict[str, Sequence]:
    """Find the sequences of MVSEC that are there, `<scene>/<name>_data.hdf5` and `<name>_gt.hdf5`, by name.

    Its authors publish no split.
    Errors: MissingData where there is none.
    Source: Zhu et al., The Multivehicle Stereo Event Camera Dataset, 2018.
    """
    inside = "<scene>/<name>_data.hdf5 and <scene>/<name>_gt.hdf5"
    place = find_folder(data_folder(folder), NAMES, "MVSEC", inside)
    found = {}
    for path in sorted(place.rglob("*_data.hdf5")):
        name = path.name.removesuffix("_data.hdf5")
        truth = path.with_name(f"{name}_gt.hdf5")
        found[name] = Sequence(name, path, truth if truth.is_file() else None)
    if not found:
        raise MissingData(f"{place} has no <scene>/<name>_data.hdf5: put the files of the authors there")
    return found
