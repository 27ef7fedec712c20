"""Getting a data set: its files are fetched, checked and unpacked, and what came is recorded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import NamedTuple

from spikesight.base.errors import InputError, MissingData, UnknownName
from spikesight.base.progress import SILENT, Progress
from spikesight.datasets.download import DownloadError, Wanted, fetch
from spikesight.datasets.entry import Entry, File
from spikesight.datasets.recorded import NAME, Digest, digest, record, recorded
from spikesight.datasets.transfer import Limits
from spikesight.datasets.unpacking import unpack

Report = Callable[[str, int | None], AbstractContextManager[Progress]]
"""Begins to report on work with a label and so many steps, None where nobody knows; see `base.progress.progress`."""


def silently(label: str, total: int | None) -> AbstractContextManager[Progress]:
    """Report to nobody."""
    return nullcontext(SILENT)


class Got(NamedTuple):
    """A file that is there now: `url` is where it came from, empty where nobody knows; `note` for people."""

    name: str
    path: Path
    url: str
    note: str


def get(
    entry: Entry,
    folder: Path,
    report: Report = silently,
    limits: Limits | None = None,
    only: Sequence[str] = (),
) -> list[Got]:
    """Make a data set be complete in `folder`, or `only` the sequences named; what is there is left as it is.

    A file of which no published checksum is known is trusted when it comes first: its SHA-256 is recorded beside the
    data, and compared from then on. Archives stay, so that they can be checked later.
    Errors: MissingData, saying what to put where, for a set that a person has to fetch; DownloadError, InputError for a
    damaged archive, StorageFull; UnknownName for a sequence that there is not.
    """
    unknown = [name for name in only if name not in entry.sequences]
    if unknown:
        raise UnknownName(f"sequence of {entry.name}", unknown[0], entry.sequences)
    if only:
        return [_one(file, folder, report, limits) for name in only for file in entry.sequences[name]]
    missing = [file.name for file in entry.files if not (file.urls or _lies(file, folder))]
    if missing:
        raise MissingData(
            f"{', '.join(missing)} of {entry.name} cannot be fetched by a program: {entry.advice(folder)}"
        )
    return [_one(file, folder, report, limits) for file in entry.files]


def _lies(file: File, folder: Path) -> bool:
    return file.complete(folder) is not None or (folder / file.name).exists()


def _one(file: File, folder: Path, report: Report, limits: Limits | None) -> Got:
    place = file.complete(folder)
    if place is not None:
        return Got(file.name, place, "", "was there")
    path = folder / file.name
    known = recorded(folder).get(file.name, {}) if folder.is_dir() else {}
    wanted = wanted_of(file, known)
    if path.exists() or not file.urls:
        found, url, note = _checked(path, wanted, report), str(known.get("url", "")), "was there"
    else:
        found, url, note = _fetched(file, folder, path, wanted, report, limits)
    record(folder, file.name, {"bytes": found.size, "sha256": found.sha256, "url": url})
    if file.unpacked:
        place, note = folder / file.unpacked, f"{note}; unpacked"
        try:
            with report(f"unpacking {path.name}", None) as progress:
                unpack(path, place, progress)
        except InputError:
            if not known:  # a page of a hotel's network, say, is not what the file has to be from now on
                record(folder, file.name, None)
            raise
    return Got(file.name, place or path, url, note)


def wanted_of(file: File, known: dict[str, object]) -> Wanted:
    """Return what a file has to be: as its publisher states it, else as it was when it came first."""
    if file.sha256 or file.md5:
        return Wanted(file.size, file.sha256, file.md5)
    size = known.get("bytes")
    return Wanted(size if isinstance(size, int) else file.size, str(known.get("sha256", "")))


def _checked(path: Path, wanted: Wanted, report: Report) -> Digest:
    with report(f"checking {path.name}", path.stat().st_size) as progress:
        found = digest(path, progress)
    if wrong := wanted.wrong(found):
        raise InputError(f"{path} is damaged: {wrong}. Remove it, and it can be fetched again")
    return found


def _fetched(
    file: File, folder: Path, path: Path, wanted: Wanted, report: Report, limits: Limits | None
) -> tuple[Digest, str, str]:
    first = not (wanted.sha256 or wanted.md5)
    try:
        with report(f"fetching {path.name}", wanted.size) as progress:
            found, url = fetch(file.urls, path, wanted, limits, progress)
    except DownloadError as error:
        if not (file.sha256 or file.md5) and not first:
            raise DownloadError(f"{error}. What it was when it came first is told in {folder / NAME}") from error
        raise
    if not first:
        return found, url, "fetched; its checksum is right"
    return found, url, f"fetched; no published checksum is known: its sha256 {found.sha256} is recorded in {NAME}"
