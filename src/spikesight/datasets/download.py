"""Fetching a file from the first of its mirrors that gives it: whole and right, or not at all."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from spikesight.base.atomic import publish
from spikesight.base.errors import SpikesightError, StorageFull
from spikesight.base.progress import SILENT, Progress
from spikesight.datasets.recorded import Digest, digest
from spikesight.datasets.transfer import Interrupted, Limits, Refused, transfer


class DownloadError(SpikesightError, OSError):
    """A file could not be fetched. The message says what each address answered, and what to do."""


@dataclass(frozen=True)
class Wanted:
    """What is known of a file beforehand: its bytes and checksums, as far as its publisher states them."""

    size: int | None = None
    sha256: str = ""
    md5: str = ""

    def wrong(self, found: Digest) -> str:
        """Say what is wrong with a file; nothing where it is right as far as can be known."""
        if self.size is not None and found.size != self.size:
            return f"it has {found.size} bytes, the right one has {self.size}"
        for kind in ("sha256", "md5"):
            stated, got = getattr(self, kind), getattr(found, kind)
            if stated and got != stated:
                return f"its {kind} is {got}, the right one's is {stated}"
        return ""


def fetch(
    urls: tuple[str, ...],
    path: Path,
    wanted: Wanted | None = None,
    limits: Limits | None = None,
    progress: Progress = SILENT,
) -> tuple[Digest, str]:
    """Fetch `path` from the first of `urls` that gives it, and return its checksums and that address.

    It appears when it is whole and right. Until then a hidden file beside it holds what has come, and the next call
    goes on with that. Processes that fetch one file wait for each other. An existing file is checked, not fetched.
    `progress` is told bytes. Errors: DownloadError, StorageFull.
    """
    wanted, limits = wanted or Wanted(), limits or Limits()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _partial(path) as part:
            if part is None:
                return _already(path, wanted), ""
            return _from_mirrors(urls, path, part, wanted, limits, progress)
    except OSError as error:
        if isinstance(error, SpikesightError):
            raise
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise StorageFull(
                f"no room for {path} ({error.strerror}): what has come is kept. Free some space, and type it again"
            ) from error
        raise DownloadError(
            f"{path} cannot be written ({error.strerror or error}): name another folder with --data or SPIKESIGHT_DATA"
        ) from error


@contextmanager
def _partial(path: Path) -> Iterator[IO[bytes] | None]:
    """Yield the partial file, which no other process has; None where `path` is there already."""
    name = path.with_name(f".{path.name}.part")
    while not path.exists():
        with name.open("ab+") as part:
            fcntl.flock(part, fcntl.LOCK_EX)
            # While this one waited, another may have finished: the name is then gone, or of another file.
            if not name.exists() or name.stat().st_ino != os.fstat(part.fileno()).st_ino:
                continue
            if path.exists():
                name.unlink()
                break
            yield part
            return
    yield None


def _already(path: Path, wanted: Wanted) -> Digest:
    found = digest(path)
    if wrong := wanted.wrong(found):
        raise DownloadError(f"{path} is there, but {wrong}: remove it, and it can be fetched again")
    return found


def _from_mirrors(
    urls: tuple[str, ...], path: Path, part: IO[bytes], wanted: Wanted, limits: Limits, progress: Progress
) -> tuple[Digest, str]:
    progress.advance(part.seek(0, os.SEEK_END))
    answers = []
    for url in urls:
        try:
            found = _from_one(url, part, wanted, limits, progress)
        except (Refused, Interrupted) as error:
            answers.append(f"{url}: {error}")
            continue
        state = Path(f"{part.name}.json")
        publish(Path(part.name), path)
        state.unlink(missing_ok=True)
        return found, url
    kept = part.seek(0, os.SEEK_END)
    advice = (
        f"{kept} bytes are kept: type the same again to go on" if kept else f"put the file there by hand, as {path}"
    )
    raise DownloadError(f"{path.name} could not be fetched. {'; '.join(answers) or 'No address is known'}. {advice}")


def _from_one(url: str, part: IO[bytes], wanted: Wanted, limits: Limits, progress: Progress) -> Digest:
    """Try one address until it gives the right file.   Errors: Refused, or the last Interrupted."""
    anew, pause = False, limits.pause
    for left in reversed(range(limits.tries)):
        begun = part.seek(0, os.SEEK_END)
        _check_room(part, begun, wanted)
        try:
            transfer(url, part, wanted.size, bool(wanted.sha256 or wanted.md5), limits, progress)
        except Interrupted:
            part.flush()
            if not left:
                raise
            time.sleep(pause)
            pause *= 2.0
            continue
        finally:
            part.flush()
        found = digest(Path(part.name))
        wrong = wanted.wrong(found)
        if not wrong:
            return found
        part.truncate(0)
        Path(f"{part.name}.json").unlink(missing_ok=True)
        progress.advance(-found.size)
        if anew or not begun:  # a file put together from two attempts deserves one more, from its beginning on
            raise Refused(wrong)
        anew = True
    raise Refused("it never gave the right file")


def _check_room(part: IO[bytes], have: int, wanted: Wanted) -> None:
    if wanted.size is None:
        return
    missing, free = wanted.size - have, shutil.disk_usage(Path(part.name).parent).free
    if missing > free:
        raise OSError(errno.ENOSPC, f"{missing} bytes are missing, {free} are free", part.name)
