"""A training on disk, such that it can go on with the same bits: one safetensors file, replaced as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from spikesight.base.atomic import storage, write_bytes
from spikesight.base.errors import RunError

FILE: Final = "checkpoint.safetensors"


def save_checkpoint(folder: Path, snapshot: Mapping[str, NDArray[Any]]) -> None:
    """Write `snapshot` into `folder`, which is made where missing; after a crash the old file or the new one is there.

    Errors: StorageFull, RunError.
    """
    data = save({name: np.asarray(array, order="C") for name, array in snapshot.items()})
    with storage(folder, RunError):
        folder.mkdir(parents=True, exist_ok=True)
        write_bytes(folder / FILE, data)


def load_checkpoint(folder: Path) -> dict[str, NDArray[Any]] | None:
    """Return the snapshot in `folder`, None where there is none yet.   Errors: RunError where it is damaged."""
    path = folder / FILE
    if not path.exists():
        return None
    try:
        return dict(load(path.read_bytes()))
    except (OSError, SafetensorError) as error:
        raise RunError(f"{path} is damaged ({error}): copy it again, or remove it to begin anew") from error
