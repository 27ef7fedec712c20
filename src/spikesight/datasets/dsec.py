"""DSEC: drives with two event cameras of 640 x 480 pixels, disparity, optical flow."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from spikesight.base.errors import InputError, MissingData
from spikesight.datasets.entries.dsec import TEST, TRAIN
from spikesight.datasets.folder import data_folder, find_folder
from spikesight.events.files.reading import EventFile

NAMES = ("DSEC", "dsec")
SIDES = ("left", "right")


@dataclass(frozen=True)
class Drive:
    """A sequence, in its folder, and whether it is of the part "train" or "test"."""

    name: str
    part: str
    folder: Path

    def events(self, side: str = "left") -> EventFile:
        """Return the events of a camera, to be read whole or piece by piece.

        Errors: InputError for no such side, MissingData where the file is not there.
        """
        return EventFile(self.file(f"events/{_side(side)}/events.h5", f"{self.name}_events_{side}.zip"))

    def rectification(self, side: str = "left") -> Path:
        """Return the file of the map from raw to rectified pixels.   Errors: as `events`."""
        return self.file(f"events/{_side(side)}/rectify_map.h5", f"{self.name}_events_{side}.zip")

    def disparities(self) -> tuple[Path, ...]:
        """Return the pictures of true disparity, in order of time; there are none for the part "test"."""
        return tuple(sorted(self.folder.glob("disparity/event/*.png")))

    def flows(self) -> tuple[Path, ...]:
        """Return the pictures of true forward optical flow, in order of time; none where they are not published."""
        return tuple(sorted(self.folder.glob("flow/forward/*.png")))

    def file(self, name: str, archive: str) -> Path:
        """Return a file of this sequence.   Errors: MissingData, saying which archive holds it and where it goes."""
        path = self.folder / name
        if not path.is_file():
            raise MissingData(f"{path} is not there: unpack {archive} into {path.parent}")
        return path


def dsec(folder: Path | None = None) -> dict[str, Drive]:
    """Find the sequences of DSEC that are there, `train/<name>/...` and `test/<name>/...`, by name.

    Errors: MissingData where there is none, InputError where a sequence lies in the other part than its authors say.
    Source: Gehrig et al., DSEC: A Stereo Event Camera Dataset for Driving Scenarios, 2021.
    """
    inside = "train/<sequence>/events/left/events.h5 and so on, as the archives of the authors unpack"
    place = find_folder(data_folder(folder), NAMES, "DSEC", inside)
    found = {
        path.name: Drive(path.name, part, path)
        for part in ("train", "test")
        for path in sorted((place / part).glob("*"))
        if path.is_dir()
    }
    if not found:
        raise MissingData(f"{place} has no sequence: put them there as train/<sequence> and test/<sequence>")
    for part, others in (("train", TEST), ("test", TRAIN)):
        wrong = [name for name, drive in found.items() if drive.part == part and name in others]
        if wrong:
            raise InputError(f"{place / part} holds {', '.join(wrong)}, which the authors name in the other part")
    return found


def _side(side: str) -> str:
    if side not in SIDES:
        raise InputError(f"cameras are {' and '.join(SIDES)}, got '{side}'")
    return side
