"""Whatever a damaged file makes a library raise becomes an answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from spikesight.base.errors import InputError, NotEnoughMemory, SpikesightError, TraceError


@contextmanager
def answers(paths: Sequence[Path]) -> Iterator[None]:
    """Turn what goes wrong while `paths` are read into an answer.

    Any exception counts: a few changed bytes make h5py, zipfile and NumPy raise nearly every kind there is.
    Errors: InputError for a path that cannot be read, NotEnoughMemory, TraceError for damaged content.
    """
    told = ", ".join(str(path) for path in paths[:3]) + (", ..." if len(paths) > 3 else "")
    try:
        yield
    except SpikesightError:
        raise
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        raise InputError(f"cannot read {error.filename or told}: {error.strerror or error}") from error
    except MemoryError as error:
        raise NotEnoughMemory(f"{told}: it says that it holds more than this computer's memory") from error
    except Exception as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise TraceError(f"{told} is damaged, or not what it looks like ({reason}): fetch or save it again") from error
