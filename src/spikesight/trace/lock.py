"""One process at a time writes a trace: the one that holds the system's lock on its header. It goes with the process,
whichever way that ends and on whichever host it ran.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from spikesight.base.atomic import storage
from spikesight.base.errors import TraceError
from spikesight.trace.header import read_header
from spikesight.trace.layout import HEADER

_LOCKS: Final = Path("/proc/locks")
_A_LOOK: Final = 0.02
"""Seconds; longer than it takes to see whether a trace is being written."""


@contextmanager
def only_writer(folder: Path) -> Iterator[int]:
    """Keep all others from writing the trace in `folder`; yields a descriptor, and a copy of it keeps the lock longer.

    Errors: TraceError where there is no trace, where another process is writing it, or where the file system has no
    locks.
    """
    folder = Path(folder)
    read_header(folder)
    with storage(folder, TraceError):
        # For writing, although nothing is written: on network file systems a lock of one's own needs it.
        descriptor = os.open(folder / HEADER, os.O_RDWR)
    try:
        _lock(descriptor, folder)
        yield descriptor
    finally:
        os.close(descriptor)


def is_being_written(folder: Path) -> bool:
    """Whether a process is writing the trace in `folder` at this moment.   Errors: TraceError where there is none."""
    with _header(folder) as descriptor:
        return not _free(descriptor, fcntl.LOCK_SH)


def writing_process(folder: Path) -> int | None:
    """Return the number of the process that writes the trace in `folder`.

    None where nobody does or it is not known here: of another host or container, or where the system has no list of
    locks. Errors: TraceError where there is no trace.
    """
    with _header(folder) as descriptor:
        mine = os.fstat(descriptor).st_ino
    try:
        held = [line.split() for line in _LOCKS.read_text().splitlines()]
    except OSError:
        return None
    # Such as: 1: FLOCK ADVISORY WRITE <process> <device>:<file> 0 EOF
    found = [int(line[4]) for line in held if line[1] == "FLOCK" and line[5].rpartition(":")[2] == str(mine)]
    return next((process for process in found if process > 0), None)


@contextmanager
def _header(folder: Path) -> Iterator[int]:
    read_header(folder)
    descriptor = os.open(folder / HEADER, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _free(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _lock(descriptor: int, folder: Path) -> None:
    try:
        if not _free(descriptor, fcntl.LOCK_EX):
            time.sleep(_A_LOOK)  # it may be somebody who only looks whether the trace is being written
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise TraceError(
            f"the trace in {folder} is still being written by another process: wait for it, or stop it"
        ) from error
    except OSError as error:
        raise TraceError(
            f"{folder} cannot be locked ({error.strerror or error}), and without a lock two processes could write one "
            "trace: choose a folder on a file system that has locks"
        ) from error
