"""The first bytes of sessions of ISCX VPN-nonVPN 2016, as pictures of 28 x 28."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
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
    try:
        with np.load(path, allow_pickle=False) as file:
            x, y, x_test, y_test, classes = (file[part] for part in PARTS)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise InputError(f"{path} is damaged or has not the parts {', '.join(PARTS)} ({error})") from error
    if x.shape[1:] != (28, 28) or len(x) != len(y) or len(x_test) != len(y_test) or not len(x):
        raise InputError(f"{path} holds {x.shape} pictures and {y.shape} labels, expected (N, 28, 28) and (N,)")
    flat, flat_test = (np.ascontiguousarray(one).reshape(len(one), -1) for one in (x, x_test))
    images = ImageSet("iscx-sessions", (28, 28), flat, y.astype(np.int64), flat_test, y_test.astype(np.int64))
    return SessionBytes(images, tuple(str(name) for name in classes))


def seen_in_training(images: ImageSet) -> NDArray[np.bool_]:
    """Return which test pictures (N,) occur in the training set too, byte for byte, whatever their label."""
    known = {row.tobytes() for row in np.ascontiguousarray(images.train)}
    return np.array([row.tobytes() in known for row in np.ascontiguousarray(images.test)], np.bool_)
