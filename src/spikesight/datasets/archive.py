"""NumPy archives of images: read whole, without anything that could run code."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.datasets.damage import undamaged


def read_arrays(path: Path, names: tuple[str, ...]) -> dict[str, NDArray[Any]]:
    """Return the arrays `names` of an npz file.

    Errors: InputError, saying what is missing, where the file is cut off, no archive, or has other contents.
    """
    with undamaged(path), path.open("rb") as file:
        archive = np.load(file, allow_pickle=False)
        if not isinstance(archive, np.lib.npyio.NpzFile):
            raise InputError(f"{path} is a single array, not an archive of {', '.join(names)}")
        with archive:
            missing = [name for name in names if name not in archive.files]
            if missing:
                raise InputError(f"{path} holds {', '.join(archive.files)}, but not {', '.join(missing)}")
            return {name: archive[name] for name in names}


def check_images(path: Path, found: Mapping[str, NDArray[Any]], facts: tuple[str, ...]) -> None:
    """Make sure that `x` holds grey images (N, rows, columns) of bytes, and each of `facts` N whole numbers or more.

    Errors: InputError saying what is there instead.
    """
    x = found["x"]
    if x.ndim != 3 or x.dtype != np.uint8:
        raise InputError(f"{path} holds x of shape {x.shape} and {x.dtype}, not images (N, rows, columns) of bytes")
    for name in facts:
        if found[name].shape[:1] != x.shape[:1] or found[name].dtype.kind not in "biu":
            raise InputError(
                f"{path} holds {len(x)} images, and '{name}' of shape {found[name].shape} and {found[name].dtype}: a "
                "whole number for each is needed"
            )
