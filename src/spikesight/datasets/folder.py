"""Where data sets are looked for."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from spikesight.base.cache import cache_folder
from spikesight.base.errors import MissingData


def data_folder(given: Path | None = None) -> Path:
    """Return `given`, else the folder that SPIKESIGHT_DATA names, else the one in the user's cache."""
    if given is not None:
        return given
    named = os.environ.get("SPIKESIGHT_DATA")
    return Path(named) if named else cache_folder("data")


def find(folder: Path, names: Sequence[str], what: str) -> Path:
    """Return the first of the files `names` that exists in `folder` or where data sets are often kept below it.

    Errors: MissingData, saying which file to put where.
    """
    for name in names:
        for place in (folder / name, folder / "images" / name, folder / "MNIST" / "raw" / name):
            if place.is_file():
                return place
    raise _missing(folder, names, what)


def find_folder(folder: Path, names: Sequence[str], what: str, inside: str) -> Path:
    """Return the first of the folders `names` that exists in `folder`; `inside` tells people what lies in it.

    Errors: MissingData, saying which folder to put where, and what it holds.
    """
    for name in names:
        if (folder / name).is_dir():
            return folder / name
    raise _missing(folder, [f"the folder {name}" for name in names], what, f" It holds {inside}.")


def _missing(folder: Path, names: Sequence[str], what: str, inside: str = "") -> MissingData:
    return MissingData(
        f"{what} is not in {folder}. Put {' or '.join(names)} there, "
        f"or name another folder with --data or SPIKESIGHT_DATA.{inside} "
        "`spikesight data list` tells what can be fetched, and from where."
    )
