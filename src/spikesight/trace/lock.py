"""One process at a time writes a trace: the one that holds the system's lock on its header. It goes with the process,
whichever way that ends and on whichever host it ran.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from spikesight.base.atomic import storage
from spikesight.base.errors import TraceError
from spikesight.trace.header import read_header
from spikesight.trace.layout import HEADER


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


def _lock(descriptor: int, folder: Path) -> None:
    try:
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
