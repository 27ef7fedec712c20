"""Unpacking what was fetched: zip, tar and gzip, into a folder that appears whole or not at all.

Nothing of an archive lands outside of that folder, links and devices are refused, and it may not grow without bound.
"""

from __future__ import annotations

import gzip
import io
import shutil
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final, NamedTuple

from spikesight.base.atomic import publish, storage, temporary_name
from spikesight.base.errors import InputError
from spikesight.base.progress import SILENT, Progress
from spikesight.base.whole_folder import whole_folder
from spikesight.datasets.damage import undamaged

PIECE: Final = 1 << 20
GROWTH: Final = 200
"""No data set unpacks to more than so many times its archive; zeros that were packed to do harm do."""
MEMBERS: Final = 5_000_000
MOST_AT_ONCE: Final = 1 << 24
"""Bytes that are read of a tar in one go; a head that announces more is made to fill the memory."""
LEAST_ROOM: Final = 1 << 24
"""Bytes that any archive may unpack to."""
_Bytes = IO[bytes] | gzip.GzipFile | io.BufferedReader


class _Member(NamedTuple):
    name: PurePosixPath
    open: Callable[[], IO[bytes]]


def unpack(archive: Path, to: Path, progress: Progress = SILENT) -> None:
    """Unpack a zip, tar or tar.gz into the new folder `to`, or a gz into the new file `to`.

    Where all of an archive lies in one folder, that one becomes `to`. `progress` is told bytes.
    Errors: InputError where the archive is damaged or would write elsewhere, or where `to` exists; StorageFull.
    """
    name = archive.name.lower()
    room = _Room(archive, max(LEAST_ROOM, GROWTH * archive.stat().st_size), progress)
    with undamaged(archive):
        if name.endswith(".gz") and not name.endswith(".tar.gz"):
            _one_file(archive, to, room)
        elif name.endswith(".zip"):
            with zipfile.ZipFile(archive) as opened:
                _all(_of_zip(opened, archive), to, room)
        else:
            with gzip.open(archive) if name.endswith(".gz") else archive.open("rb") as file:
                _all(_of_tar(file, archive), to, room)


class _Room:
    """Counts what was written, up to a bound."""

    def __init__(self, archive: Path, most: int, progress: Progress) -> None:
        self.archive, self.left, self.progress = archive, most, progress

    def copy(self, source: IO[bytes], to: IO[bytes]) -> None:
        while piece := source.read(PIECE):
            self.left -= len(piece)
            if self.left < 0:
                raise InputError(
                    f"{self.archive} unpacks to more than {GROWTH} times its size: it is no data set, remove it"
                )
            to.write(piece)
            self.progress.advance(len(piece))


def _one_file(archive: Path, to: Path, room: _Room) -> None:
    if to.exists():
        raise InputError(f"{to} exists already: remove it first")
    temporary = temporary_name(to)
    try:
        with storage(to, InputError), undamaged(archive), temporary.open("wb") as file:
            with gzip.open(archive) as source:
                room.copy(source, file)  # type: ignore[arg-type]
            file.flush()
            publish(temporary, to)
    finally:
        temporary.unlink(missing_ok=True)


def _all(members: Iterator[_Member], to: Path, room: _Room) -> None:
    with whole_folder(to, InputError) as folder:
        with storage(to, InputError), undamaged(room.archive):
            for count, member in enumerate(members):
                if count >= MEMBERS:
                    raise InputError(f"{room.archive} has more than {MEMBERS} files: it is no data set, remove it")
                place = folder / member.name
                place.parent.mkdir(parents=True, exist_ok=True)
                if place.exists():
                    raise InputError(f"{room.archive} holds {member.name} twice: it is damaged, fetch it again")
                with member.open() as source, place.open("xb") as file:
                    room.copy(source, file)
        _lift(folder)


def _lift(folder: Path) -> None:
    """Where all lies in one folder, put what is in it one higher."""
    inside = list(folder.iterdir())
    if len(inside) != 1 or not inside[0].is_dir():
        return
    top = inside[0].rename(folder / f".{inside[0].name}.lifted")
    for path in list(top.iterdir()):
        path.rename(folder / path.name)
    shutil.rmtree(top)


def _of_zip(opened: zipfile.ZipFile, archive: Path) -> Iterator[_Member]:
    for one in opened.infolist():
        kind = one.external_attr >> 28
        if one.is_dir():
            continue
        if kind not in (0, 0o10):  # of Unix: nothing told, or a file
            raise InputError(f"{archive} holds {one.filename}, which is a link or a device: such are not unpacked")
        if one.flag_bits & 1:
            raise InputError(f"{archive} is locked with a password: unpack it by hand")
        yield _Member(_inside(one.filename, archive), lambda one=one: opened.open(one))  # type: ignore[misc]


class _Blocks:
    """The bytes of a tar, of which no head may take too many, and the last of which can be looked at again."""

    def __init__(self, file: _Bytes) -> None:
        self.file, self.last = file, b""
        self.seek, self.tell = file.seek, file.tell

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes.   Errors: ReadError where these are too many."""
        if not 0 <= size <= MOST_AT_ONCE:
            raise tarfile.ReadError(f"a head of {size} bytes is announced")
        self.last = self.file.read(size)
        return self.last


def _of_tar(file: _Bytes, archive: Path) -> Iterator[_Member]:
    blocks = _Blocks(file)
    opened, count = tarfile.TarFile(fileobj=blocks), 0  # type: ignore[arg-type]
    while (one := opened.next()) is not None:
        opened.members.clear()  # type: ignore[attr-defined]  # it would keep all of them
        count += 1
        if count > MEMBERS:
            raise InputError(f"{archive} has more than {MEMBERS} files: it is no data set, remove it")
        if one.isdir():
            continue
        if not one.isfile():
            raise InputError(f"{archive} holds {one.name}, which is a link or a device: such are not unpacked")

        def contents(one: tarfile.TarInfo = one) -> Any:
            return opened.extractfile(one)

        yield _Member(_inside(one.name, archive), contents)
    # The reader takes a damaged head, and the end of a file that was cut off, for the end of the archive.
    if blocks.last != bytes(tarfile.BLOCKSIZE):
        raise tarfile.ReadError("it ends too early, or has a damaged head")
    while file.read(PIECE):  # up to the checksum of a gz
        pass


def _inside(name: str, archive: Path) -> PurePosixPath:
    path = PurePosixPath(name.replace("\\", "/"))
    parts = [part for part in path.parts if part != "."]
    if path.is_absolute() or not parts or ".." in parts or "\0" in name or ":" in parts[0]:
        raise InputError(f"{archive} holds '{name}', which would land outside of its folder: it is not unpacked")
    return PurePosixPath(*parts)
