"""What the readers of archives say of damage, and how it is told from what the disk says."""

from __future__ import annotations

import errno
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from spikesight.base.errors import InputError, SpikesightError

_DAMAGED: Final = (
    *(zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError),
    *(ValueError, RuntimeError),  # fields that make no sense; kinds of packing or locking that zipfile does not know
)


@contextmanager
def undamaged(archive: Path, member: str = "") -> Iterator[None]:
    """Read `archive`, a zip, tar or gz, or a `member` of it, inside of this.

    Errors: InputError where it is damaged; errors of the disk, and answers of our own, pass.
    """
    try:
        yield
    except SpikesightError:
        raise
    except (*_DAMAGED, OSError) as error:
        # gzip and bz2 say theirs without a number, and a place before the beginning of a zip is no argument.
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            raise
        told = f"{member}: {error}" if member else error
        raise InputError(f"{archive} is damaged ({told}): remove it, and fetch it again") from error
