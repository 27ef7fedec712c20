"""Folders that appear whole or not at all: filled under a hidden name beside, flushed to the disk, renamed."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from spikesight.base.atomic import storage, sync, temporary_name
from spikesight.base.errors import SpikesightError


@contextmanager
def whole_folder(path: Path, refusal: type[SpikesightError]) -> Iterator[Path]:
    """Yield a new hidden folder beside `path`; it becomes `path` when the body has ended well.

    After an error, or `kill -9`, there is no `path`; what a killed one left behind is removed by the next for the same
    `path`. Errors: `refusal` where `path` exists or cannot be made, StorageFull, what the body raises.
    """
    path = Path(os.path.abspath(path))  # not resolved: a name with `..` in it has no folder beside it
    if path.exists():
        raise refusal(f"{path} exists already: choose another name, or remove it first")
    with storage(path, refusal):
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_left_behind(path)
        temporary = temporary_name(path)
        temporary.mkdir()
        mine = os.open(temporary, os.O_RDONLY)
    try:
        fcntl.flock(mine, fcntl.LOCK_EX | fcntl.LOCK_NB)  # says that somebody is still at work here
        yield temporary
        with storage(path, refusal):
            _sync_all(temporary)
            temporary.rename(path)
            sync(path.parent)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    finally:
        os.close(mine)


def _remove_left_behind(path: Path) -> None:
    for left in path.parent.iterdir():
        if left.name.startswith(f".{path.name}.") and left.name.endswith(".tmp") and left.is_dir():
            descriptor = os.open(left, os.O_RDONLY)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue  # somebody else is making the same folder at this moment
            finally:
                os.close(descriptor)
            shutil.rmtree(left)


def _sync_all(folder: Path) -> None:
    for root, _, files in os.walk(folder):
        for name in files:
            sync(Path(root) / name)
        sync(Path(root))
