"""Archives of NumPy arrays (.npz), without pickle and without believing their sizes."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np

from spikesight.base.errors import InputError, NotEnoughMemory
from spikesight.base.memory import available_memory, readable_bytes
from spikesight.trace.importers.contract import Array

_NPY = ".npy"


def is_npz(head: bytes) -> bool:
    """Whether a file that begins with `head` is a zip archive, which an npz is."""
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def names(path: Path) -> list[str]:
    """Return the names of the arrays in an npz; [] for a zip archive of other files."""
    with zipfile.ZipFile(path) as archive:
        members = archive.namelist()
    return [name.removesuffix(_NPY) for name in members] if all(name.endswith(_NPY) for name in members) else []


def load(path: Path, name: str) -> Array:
    """Return one array.   Errors: InputError where it is missing or holds objects, NotEnoughMemory."""
    if name not in names(path):
        raise InputError(f"{path} has no array '{name}'; it has {', '.join(names(path)) or 'none'}")
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo(name + _NPY).file_size
    # Most of it is copied once, when it is turned into spikes.
    if 2 * size > available_memory():
        raise NotEnoughMemory(f"{path}: '{name}' takes {readable_bytes(size)} of memory: save it in several files")
    with np.load(path, allow_pickle=False) as arrays:
        try:
            return np.asarray(arrays[name])
        except ValueError as error:
            if "pickle" in str(error):
                raise InputError(
                    f"{path}: '{name}' holds Python objects, which are never read: save plain arrays"
                ) from error
            raise


def text(path: Path, name: str) -> str:
    """Return an array of one word; "" where there is none.   Errors: InputError for anything else of that name."""
    if name not in names(path):
        return ""
    value = load(path, name)
    if value.dtype.kind not in "US" or value.size != 1:
        raise InputError(f"{path}: '{name}' is one word, got {value.dtype} of shape {value.shape}")
    return str(value.astype(str).reshape(-1)[0])


def number(path: Path, name: str) -> float | None:
    """Return an array of one number; None where there is none.   Errors: InputError for anything else of that name."""
    if name not in names(path):
        return None
    value = load(path, name)
    if value.dtype.kind not in "iuf" or value.size != 1 or not np.isfinite(value).all():
        raise InputError(f"{path}: '{name}' is one finite number, got {value.dtype} of shape {value.shape}")
    return float(value.reshape(-1)[0])
