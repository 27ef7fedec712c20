"""An entry of the catalogue of data sets: what it is, whose terms hold, its files, how it is split and read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from importlib import import_module
from inspect import isfunction
from pathlib import Path
from typing import Any, Final

BELOW: Final = ("", "images", "MNIST/raw")
"""Where files may lie below the data folder, as `folder.find` looks for them."""


class Presence(Enum):
    """How much of a data set is there."""

    ALL = "yes"
    PART = "a part"
    NO = "no"


@dataclass(frozen=True)
class File:
    """A file as it is fetched: `name` below the data folder, mirrors in order, size and checksums as published.

    `unpacked` is the file or folder that it is unpacked to, `also` are other names under which the same is read,
    `parts` those of a part of it. `content_md5` is of what is in a gz, which may be packed anew without harm. No mirror
    means that a person has to fetch it.
    """

    name: str
    urls: tuple[str, ...] = ()
    size: int | None = None
    sha256: str = ""
    md5: str = ""
    content_md5: str = ""
    unpacked: str = ""
    also: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()

    def complete(self, folder: Path) -> Path | None:
        """Return where all of it is read from; None where it is not there, or still packed."""
        return _first(folder, (self.unpacked or self.name, *self.also))

    def found(self, folder: Path) -> Path | None:
        """Return where it, or else a part of it, is read from; None where there is neither."""
        return self.complete(folder) or _first(folder, self.parts)


def _first(folder: Path, names: tuple[str, ...]) -> Path | None:
    places = (folder / below / name for name in names for below in BELOW)
    return next((place for place in places if place.exists()), None)


@dataclass(frozen=True)
class Entry:
    """A data set.

    `source` is who to cite, `terms` the licence as its authors state it, `page` where people fetch it. `splits` says
    how training and test are told apart, and by whom. `read` is "module:function", `counts` what it gives of the
    complete set. `sequences` can be fetched one by one, by name. `by_hand` tells what to do where `page` has to be
    visited; no files means that it is made on the spot.
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
    sequences: Mapping[str, tuple[File, ...]] = field(default_factory=dict)
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

    def present(self, folder: Path) -> Presence:
        """Say how much of it is in `folder`."""
        if all(file.complete(folder) for file in self.files):
            return Presence.ALL
        return Presence.PART if all(file.found(folder) for file in self.files) else Presence.NO

    def open(self, folder: Path) -> Any:
        """Read it; what is made up gives what makes it.   Errors: MissingData, InputError for damage."""
        module, _, name = self.read.partition(":")
        reader = getattr(import_module(module), name)
        if self.embedded:
            return reader() if isfunction(reader) else reader
        return reader(folder)

    def advice(self, folder: Path) -> str:
        """Say what to do to have it in `folder`."""
        if self.embedded:
            return "nothing: it comes with Spikesight"
        if self.fetched:
            return f"type `spikesight data get {self.name}`"
        return f"{self.by_hand} Page: {self.page}. Folder: {folder}"
