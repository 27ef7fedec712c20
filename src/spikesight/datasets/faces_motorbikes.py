"""Faces and motorbikes of Caltech, in the split of the STDP literature."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from spikesight.datasets.archive import check_images, read_arrays
from spikesight.datasets.folder import data_folder, find
from spikesight.datasets.images import ImageSet

CLASSES = ("face", "motorbike")


def faces_motorbikes(folder: Path | None = None, classifier_only: bool = False) -> ImageSet:
    """Read grey pictures of faces (0) and motorbikes (1), 80 x 125, uint8: 474 to learn from, 198 to test.

    With `classifier_only` the training images are the 400 that the published classifier was trained on, a part of the
    474 that its features were learned from.
    Errors: MissingData where the file is not there, InputError where it is damaged.   Source: Caltech-101 in the
    split of SDNN_python.
    """
    path = find(data_folder(folder), ["caltech-face-motor-gray80.npz"], "The set of faces and motorbikes")
    found = read_arrays(path, ("x", "y", "split", "in_training_set"))
    check_images(path, found, ("y", "split", "in_training_set"))
    test = found["split"] == 1
    train = ~test & (found["in_training_set"].astype(np.bool_) if classifier_only else True)
    x, y = found["x"], found["y"].astype(np.int64)
    flat = x.reshape(len(x), -1)
    return ImageSet("faces-motorbikes", x.shape[1:], flat[train], y[train], flat[test], y[test])
