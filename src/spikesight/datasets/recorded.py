"""What was fetched, from where, and its SHA-256: kept beside the data, as many publishers state no checksum."""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import json
import os
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from spikesight.base.atomic import write_bytes
from spikesight.base.errors import InputError
from spikesight.base.progress import SILENT, Progress

NAME: Final = "spikesight-data.json"
PIECE: Final = 1 << 20


class Digest(NamedTuple):
    """Bytes of a file, and its checksums in hexadecimal digits."""

    size: int
    sha256: str
    md5: str


def digest(path: Path, progress: Progress = SILENT) -> Digest:
    """Read a file and compute its checksums; `progress` is told bytes.   Errors: OSError."""
    with path.open("rb") as file:
        return _digest(file, progress)


def content_digest(path: Path, progress: Progress = SILENT) -> Digest:
    """Compute the checksums of what is in a gz, or of a file that is not packed; `progress` is told bytes.

    Errors: InputError where a gz is damaged, OSError.
    """
    if path.suffix != ".gz":
        return digest(path, progress)
    try:
        with gzip.open(path) as file:
            return _digest(file, progress)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(f"{path} is damaged ({error}): remove it, and fetch it again") from error


def _digest(file: Any, progress: Progress) -> Digest:
    sha256, md5, size = hashlib.sha256(), hashlib.md5(usedforsecurity=False), 0
    while piece := file.read(PIECE):
        sha256.update(piece)
        md5.update(piece)
        size += len(piece)
        progress.advance(len(piece))
    return Digest(size, sha256.hexdigest(), md5.hexdigest())


def recorded(folder: Path) -> dict[str, dict[str, Any]]:
    """Return what is recorded of the files of a data folder, by name.   Errors: InputError where it is damaged."""
    path = folder / NAME
    try:
        told = json.loads(path.read_text())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise InputError(
            f"{path} cannot be read ({error}): repair it, or remove it and fetch the data again"
        ) from error
    if not isinstance(told, dict) or not all(isinstance(facts, dict) for facts in told.values()):
        raise InputError(f"{path} is no record of fetched files: repair it, or remove it and fetch the data again")
    return told


def record(folder: Path, name: str, facts: Mapping[str, Any] | None) -> None:
    """Keep the facts of a file, or forget them; processes that do so at once wait for each other.

    Errors: InputError where what is kept is damaged, StorageFull, OSError.
    """
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        every = recorded(folder)
        every.pop(name, None)
        if facts is not None:
            every[name] = dict(facts)
        write_bytes(folder / NAME, (json.dumps(every, indent=1, sort_keys=True) + "\n").encode())
    finally:
        os.close(held)
