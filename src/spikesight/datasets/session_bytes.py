"""The first bytes of sessions of ISCX VPN-nonVPN 2016, as pictures of 28 x 28."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.datasets.archive import read_arrays
from spikesight.datasets.folder import data_folder, find
from spikesight.datasets.images import ImageSet

NAMES = ("traffic/iscx-vpn2016-sessionl7-12class.npz", "iscx-vpn2016-sessionl7-12class.npz")
PARTS = ("x_train", "y_train", "x_test", "y_test", "classes")


class SessionBytes(NamedTuple):
    """Pictures and labels, and the names of the classes; those that begin with "VPN-" came through a tunnel."""

    images: ImageSet
    classes: tuple[str, ...]


def session_bytes(folder: Path | None = None) -> SessionBytes:
    """Read the sessions as published: classes are uneven, and a few sessions are there several times.

    Errors: MissingData where the file is not there, InputError where it is damaged.   Source: Draper-Gil et al. 2016;
    the choice of bytes, Wang et al. 2017.
    """
    path = find(data_folder(folder), NAMES, "ISCX VPN-nonVPN 2016")
    found = read_arrays(path, PARTS)
    for part in ("train", "test"):
        x, y = found[f"x_{part}"], found[f"y_{part}"]
        if x.shape[1:] != (28, 28) or x.dtype != np.uint8 or y.shape != x.shape[:1] or not len(x):
            raise InputError(
                f"{path} holds {x.shape} pictures of {x.dtype} and {y.shape} labels in its part {part}, expected "
                "(N, 28, 28) of bytes, and (N,)"
            )
    x, y, x_test, y_test, classes = (found[part] for part in PARTS)
    flat, flat_test = (np.ascontiguousarray(one).reshape(len(one), -1) for one in (x, x_test))
    images = ImageSet("iscx-sessions", (28, 28), flat, y.astype(np.int64), flat_test, y_test.astype(np.int64))
    return SessionBytes(images, tuple(str(name) for name in classes))


def seen_in_training(images: ImageSet) -> NDArray[np.bool_]:
    """Return which test pictures (N,) occur in the training set too, byte for byte, whatever their label."""
    known = {row.tobytes() for row in np.ascontiguousarray(images.train)}
    return np.array([row.tobytes() in known for row in np.ascontiguousarray(images.test)], np.bool_)
