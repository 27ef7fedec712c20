"""An entry of the catalogue of data sets: what it is, whose terms hold, its files, how it is split and read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Final

BELOW: Final = ("", "images", "MNIST/raw")
"""Where files may lie below the data folder, as `folder.find` looks for them."""


@dataclass(frozen=True)
class File:
    """A file as it is fetched: `name` below the data folder, mirrors in order, size and checksums as published.

    `unpacked` is the file or folder that it is unpacked to; `also` are names under which the same, or a part of it, is
    read. No mirror means that a person has to fetch it.
    """

    name: str
    urls: tuple[str, ...] = ()
    size: int | None = None
    sha256: str = ""
    md5: str = ""
    unpacked: str = ""
    also: tuple[str, ...] = ()

    def found(self, folder: Path) -> Path | None:
        """Return where it is read from: unpacked, itself, or what else serves; None where there is none of these."""
        for name in (self.unpacked, self.name, *self.also):
            for place in (folder / below / name for below in BELOW if name):
                if place.exists():
                    return place
        return None


@dataclass(frozen=True)
class Entry:
    """A data set.

    `source` is who to cite, `terms` the licence as its authors state it, `page` where people fetch it. `splits` says
    how training and test are told apart, and by whom. `read` is "module:function", `counts` what it gives of the
    complete set. `by_hand` tells what to do where `page` has to be visited; no files means that it is made on the spot.
    """

    name: str
    title: str
    source: str
    terms: str
    splits: str
    read: str
    page: str = ""
    files: tuple[File, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    by_hand: str = ""

    @property
    def embedded(self) -> bool:
        """Whether it needs no file."""
        return not self.files

    @property
    def fetched(self) -> bool:
        """Whether `get` can fetch all of it."""
        return bool(self.files) and all(file.urls for file in self.files)

    @property
    def size(self) -> int | None:
        """Bytes to fetch; None where nobody states them."""
        sizes = [file.size for file in self.files]
        return None if None in sizes else sum(size for size in sizes if size is not None)

    def there(self, folder: Path) -> dict[str, Path | None]:
        """Return for each file where it is, None where it is missing."""
        return {file.name: file.found(folder) for file in self.files}

    def present(self, folder: Path) -> bool:
        """Whether everything that reading needs is there."""
        return all(self.there(folder).values())

    def open(self, folder: Path) -> Any:
        """Read it, or make it where it needs no file.   Errors: MissingData, InputError where a file is damaged."""
        module, _, name = self.read.partition(":")
        reader = getattr(import_module(module), name)
        return reader() if self.embedded else reader(folder)

    def advice(self, folder: Path) -> str:
        """Say what to do to have it in `folder`."""
        if self.embedded:
            return "nothing: it comes with Spikesight"
        if self.fetched:
            return f"type `spikesight data get {self.name}`"
        return f"{self.by_hand} Page: {self.page}. Folder: {folder}"
