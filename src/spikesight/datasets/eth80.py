"""ETH-80: objects of eight classes, each seen from 41 sides."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.datasets.archive import check_images, read_arrays
from spikesight.datasets.folder import data_folder, find
from spikesight.datasets.images import ImageSet
from spikesight.datasets.splits import by_object


class Views(NamedTuple):
    """Grey images (N, pixels) of objects, row by row, and of each its class, its object and the angles of the camera.

    `labels` (N,) are positions in `classes`; `objects` (N,) count within a class, with gaps; `angles` (N, 2) in degrees
    are the tilt (0 is from above, 90 from the side) and the turn; `shape` is that of an image.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    objects: NDArray[np.int64]
    angles: NDArray[np.int64]
    classes: tuple[str, ...]
    shape: tuple[int, int]

    def split(self, learning: int, random: np.random.Generator) -> ImageSet:
        """Return the views of `learning` objects of each class as the training set, those of the others as the test.

        Errors: InputError where a class has not more objects.
        """
        train = by_object(self.labels, self.objects, learning, random)
        parts = (self.images[train], self.labels[train], self.images[~train], self.labels[~train])
        return ImageSet("eth80", self.shape, *parts)


def eth80(folder: Path | None = None) -> Views:
    """Read ETH-80 in grey, 64 x 64, uint8: apple, car, cow, cup, dog, horse, pear, tomato.

    It has no split of its own: `Views.split` draws one by objects.
    Errors: MissingData where the file is not there, InputError where it is damaged.   Source: Leibe & Schiele 2003.
    """
    path = find(data_folder(folder), ["eth80-gray64.npz"], "ETH-80")
    found = read_arrays(path, ("x", "y", "object", "angles", "classes"))
    check_images(path, found, ("y", "object", "angles"))
    x = found["x"]
    y, objects, angles = (found[name].astype(np.int64) for name in ("y", "object", "angles"))
    return Views(x.reshape(len(x), -1), y, objects, angles, tuple(map(str, found["classes"])), x.shape[1:])
