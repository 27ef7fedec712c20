"""DDD17 and DDD20: hours of driving before a DAVIS346, with what the car's controls did."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from spikesight.base.errors import MissingData
from spikesight.datasets.folder import data_folder, find_folder
from spikesight.events.files.reading import EventFile

NAMES = ("DDD17", "ddd17", "DDD20")


@dataclass(frozen=True)
class Drive:
    """A recording in its file: events, pictures, and what the car's controls did."""

    name: str
    path: Path

    def events(self) -> EventFile:
        """Return the events, to be read whole or piece by piece."""
        return EventFile(self.path)


def ddd17(folder: Path | None = None) -> dict[str, Drive]:
    """Find the recordings that are there, `<run>/rec<number>.hdf5`, by "<run>/rec<number>".

    Their authors publish no split.
    Errors: MissingData where there is none.
    Source: Binas et al., DDD17: End-To-End DAVIS Driving Dataset, 2017; Hu et al., DDD20, 2020.
    """
    place = find_folder(data_folder(folder), NAMES, "DDD17", "<run>/rec<number>.hdf5")
    paths = {str(path.relative_to(place).with_suffix("")): path for path in sorted(place.rglob("rec*.hdf5"))}
    if not paths:
        raise MissingData(f"{place} has no <run>/rec<number>.hdf5: put the recordings of the authors there")
    return {name: Drive(name, path) for name, path in paths.items()}
