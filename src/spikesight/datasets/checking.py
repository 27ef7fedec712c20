"""Checking the data sets that are there: checksums where anybody states them, and that all of it can be read."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from spikesight.base.errors import MissingData, MissingExtra, SpikesightError
from spikesight.base.progress import Progress
from spikesight.datasets.entry import Entry, File, Presence
from spikesight.datasets.getting import Report, silently, wanted_of
from spikesight.datasets.recorded import content_digest, digest, recorded

PARTS = ("train", "validation", "test")
MOST = 20
"""Damaged recordings that are told one by one."""


@dataclass(frozen=True)
class Checked:
    """What a check found: `wrong` tells damage, `notes` what else to know, `counts` how much is there.

    `checked` are the files whose checksum was compared.
    """

    name: str
    counts: Mapping[str, int]
    wrong: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    checked: tuple[str, ...] = field(default=())


def check(entry: Entry, folder: Path, report: Report = silently) -> Checked:
    """Check a data set: every file that has a known checksum, then every recording or image is read.

    Errors: MissingData where it is not there at all; MissingExtra where a package that reads it is not installed.
    """
    if entry.present(folder) is Presence.NO and not any((folder / file.name).exists() for file in entry.files):
        raise MissingData(f"{entry.name} is not in {folder}: {entry.advice(folder)}")
    known = recorded(folder)
    wrong, compared = [], []
    for file in (*entry.files, *(file for files in entry.sequences.values() for file in files)):
        said = _against_checksum(file, folder, known.get(file.name, {}), report)
        if said is not None:
            compared.append(file.name)
            wrong += [said] if said else []
    counts, unread = _read(entry, folder, report)
    return Checked(entry.name, counts, (*wrong, *unread), tuple(_notes(entry, folder, counts)), tuple(compared))


def _against_checksum(file: File, folder: Path, known: dict[str, object], report: Report) -> str | None:
    """Say what is wrong with a file: nothing where it is right, None where nobody states what it should be."""
    if file.content_md5:
        return _against_content(file, folder, report)
    path, wanted = folder / file.name, wanted_of(file, known)
    if not path.is_file() or not (wanted.sha256 or wanted.md5):
        return None
    with report(f"checking {path.name}", path.stat().st_size) as progress:
        said = wanted.wrong(digest(path, progress))
    return f"{path}: {said}: remove it, and fetch it again" if said else ""


def _against_content(file: File, folder: Path, report: Report) -> str | None:
    path = file.complete(folder)
    if path is None:
        return None
    with report(f"checking {path.name}", None) as progress:
        try:
            found = content_digest(path, progress)
        except SpikesightError as error:
            return str(error)
    if found.md5 == file.content_md5:
        return ""
    return f"{path}: its content has the md5 {found.md5}, as published it has {file.content_md5}: fetch it again"


def _read(entry: Entry, folder: Path, report: Report) -> tuple[dict[str, int], list[str]]:
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            data = entry.open(folder)
        except MissingExtra:
            raise  # nothing is wrong with the data
        except SpikesightError as error:
            return {}, [str(error)]
        counts = counted(data)
        with report(f"reading {entry.name}", sum(counts.values())) as progress:
            wrong = list(islice(_damage(data, progress), MOST))
    return counts, [*wrong, *(str(one.message) for one in warned[:MOST] if issubclass(one.category, UserWarning))]


def counted(data: Any) -> dict[str, int]:
    """Return how many images, recordings or sequences a data set has, by part where it has parts."""
    if isinstance(data, type):  # it makes as many as are asked for
        return {}
    if hasattr(data, "images"):
        return counted(data.images) if hasattr(data.images, "train") else {"all": len(data.images)}
    found = {part: len(getattr(data, part)) for part in PARTS if getattr(data, part, None) is not None}
    if found:
        return found
    if hasattr(data, "for_test"):  # a rule of the authors that is applied to what was read
        test = int(data.for_test.sum())
        return {"train": len(data) - test, "test": test}
    return {"all": len(data)} if hasattr(data, "__len__") else {}


def _damage(data: Any, progress: Progress) -> Iterator[str]:
    """Read all that is read only when it is asked for, and tell what cannot be."""
    for read in _readings(data):
        try:
            read()
        except SpikesightError as error:
            yield str(error)
        progress.advance(1)


def _readings(data: Any) -> Iterator[Callable[[], object]]:
    from spikesight.datasets.recordings import Recordings

    for part in (data, *(getattr(data, part, None) for part in PARTS)):
        if isinstance(part, Recordings):
            yield from (partial(part.__getitem__, number) for number in range(len(part)))
        elif isinstance(part, dict):
            yield from (partial(_to_the_end, one) for one in part.values() if hasattr(one, "events"))


def _to_the_end(one: Any) -> None:
    try:
        events = one.events()
    except MissingData:  # a sequence without this camera is a choice, and no damage
        return
    for _ in events.pieces():
        pass


def _notes(entry: Entry, folder: Path, counts: Mapping[str, int]) -> Iterator[str]:
    for part, complete in entry.counts.items():
        if part in counts and counts[part] != complete:
            yield f"{part}: {counts[part]} are there, the complete set has {complete}"
    if not entry.embedded and not any(file.sha256 or file.md5 for file in entry.files):
        yield "no published checksum is known"
