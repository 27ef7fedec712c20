"""Files that appear whole or not at all: written beside, flushed to the disk, renamed.

A rename is atomic on POSIX file systems, so whoever reads sees the old content or the new one, after a crash too.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from spikesight.base.errors import SpikesightError, StorageFull

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def write_bytes(path: Path, data: bytes) -> None:
    """Give `path` the content `data`; a crash at any moment leaves the old file or the new one.

    Errors: StorageFull where the disk takes no more (the old file stays), OSError for any other refusal.
    """
    temporary = temporary_name(path)
    try:
        temporary.write_bytes(data)
        publish(temporary, path)
    except BaseException as error:
        temporary.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno in _FULL:
            raise _full(path, error.strerror) from error
        raise


def temporary_name(path: Path) -> Path:
    """Return the name under which `path` is written before it is renamed: hidden, in the same folder."""
    return path.with_name(f".{path.name}.{os.getpid()}.tmp")


def publish(temporary: Path, path: Path) -> None:
    """Flush the complete file `temporary` to the disk and rename it to `path`.   Errors: OSError."""
    sync(temporary)
    temporary.replace(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Wait until the disk holds the content of the file, or the entries of the folder, `path`.   Errors: OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_all(descriptor: int, data: bytes) -> None:
    """Write `data` where the operating system may take it in several bites.   Errors: OSError after the last one."""
    written = os.write(descriptor, data)
    while written < len(data):
        written += os.write(descriptor, data[written:])


@contextmanager
def storage(path: Path, refusal: type[SpikesightError]) -> Iterator[None]:
    """Turn what the operating system says while something is written to `path` into an answer.

    Errors: StorageFull for a full disk, an exhausted quota or a file-size limit; `refusal` for anything else.
    """
    try:
        yield
    except SpikesightError:
        raise
    except OSError as error:
        raise answer(path, error, refusal) from error


def answer(path: Path, error: OSError, refusal: type[SpikesightError]) -> SpikesightError:
    """Return what `storage` raises for `error`: for code that runs too often to enter a `with` each time."""
    if error.errno in _FULL:
        return _full(path, error.strerror)
    return refusal(
        f"cannot write {path}: {error.strerror or error}. Check that the folder exists and may be written, "
        "or choose another one"
    )


def full_disk_answer(path: Path, message: str) -> StorageFull | None:
    """Return StorageFull where another library's `message` about `path` carries the system's words for a full disk."""
    return _full(path, message) if any(os.strerror(code) in message for code in _FULL) else None


def _full(path: Path, reason: str | None) -> StorageFull:
    return StorageFull(
        f"cannot write {path}: {reason}. What was written before stays readable; free some space, or raise the limit, "
        "and resume the run"
    )
