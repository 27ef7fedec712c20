"""Sets of labelled images, as flat rows of numbers, split into training and test as their authors did."""

from __future__ import annotations

import gzip
import math
import zlib
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError, MissingData
from spikesight.datasets.folder import data_folder, find


class ImageSet(NamedTuple):
    """Training and test stimuli (N, pixels), from 0 up, and labels (N,); `shape` of one image, `name` of the set."""

    name: str
    shape: tuple[int, int]
    train: NDArray[Any]
    train_labels: NDArray[np.int64]
    test: NDArray[Any]
    test_labels: NDArray[np.int64]

    def first(self, train: int, test: int) -> ImageSet:
        """Return the set cut to its first `train` and `test` images."""
        return self._replace(
            train=self.train[:train],
            train_labels=self.train_labels[:train],
            test=self.test[:test],
            test_labels=self.test_labels[:test],
        )


def mnist(folder: Path | None = None) -> ImageSet:
    """Read MNIST: 28 x 28 digits, uint8, 0 is background. The training set may be the usual 60,000 images or fewer.

    Errors: MissingData where a file is not there, InputError where one is damaged.   Source: LeCun et al. 1998.
    """
    place = data_folder(folder)
    train = _labelled(place, "MNIST", ("train", "mnist-train58k"))
    test = _labelled(place, "MNIST", ("t10k", "mnist-t10k"))
    return ImageSet("mnist", (28, 28), *train, *test)


def fashion_mnist(folder: Path | None = None) -> ImageSet:
    """Read Fashion-MNIST: 28 x 28 pictures of clothes, uint8, 0 is background. 60,000 training images or fewer.

    Classes 0 to 9: T-shirt, trouser, pullover, dress, coat, sandal, shirt, sneaker, bag, ankle boot.
    Errors: MissingData where a file is not there, InputError where one is damaged.   Source: Xiao et al. 2017.
    """
    place = data_folder(folder)
    raw = "FashionMNIST/raw"
    train = _labelled(place, "Fashion-MNIST", (f"{raw}/train", "fashion-mnist-train", "fashion-mnist-train58k"))
    test = _labelled(place, "Fashion-MNIST", (f"{raw}/t10k", "fashion-mnist-t10k"))
    return ImageSet("fashion-mnist", (28, 28), *train, *test)


def _labelled(place: Path, what: str, names: tuple[str, ...]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    images = find(place, [f"{name}-images-idx3-ubyte{end}" for name in names for end in ("", ".gz")], what)
    labels = images.with_name(images.name.replace("-images-idx3-", "-labels-idx1-"))
    if not labels.is_file():
        raise MissingData(f"{images} is there, its labels {labels.name} are not: put them beside it")
    x, y = read_idx(images, 3), read_idx(labels, 1)
    if x.shape[1:] != (28, 28):
        raise InputError(f"{images} has images of {x.shape[1]} x {x.shape[2]}, those of {what} are 28 x 28")
    if len(x) != len(y):
        raise InputError(f"{images} has {len(x)} images, {labels} has {len(y)} labels: they are not of one set")
    return x.reshape(len(x), -1), y.astype(np.int64)


def digits() -> ImageSet:
    """Return the 1,797 handwritten digits, 8 x 8, 0 to 16, that ship inside scikit-learn.

    They come without a split: 450 of them, drawn once and for all with equal shares of each class, are the test set.
    """
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    x, y = load_digits(return_X_y=True)
    train, test, train_labels, test_labels = train_test_split(
        x.astype(np.uint8), y.astype(np.int64), test_size=450, stratify=y, random_state=0
    )
    return ImageSet("digits", (8, 8), train, train_labels, test, test_labels)


def read_idx(path: Path, axes: int) -> NDArray[np.uint8]:
    """Read an IDX file of unsigned bytes with `axes` axes, gzipped where its name ends in .gz.

    Errors: InputError, saying what was found, where the file is cut off, not gzip, or of another kind.
    """
    data = path.read_bytes()
    try:
        data = gzip.decompress(data) if path.suffix == ".gz" else data
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{path} is damaged ({error}): fetch it again") from error
    head = 4 + 4 * axes
    magic: Any = data[:4]
    if len(data) < head or magic != bytes((0, 0, 8, axes)):
        raise InputError(
            f"{path} is not an IDX file of bytes with {axes} axes: it begins with {magic.hex() or 'nothing'}"
        )
    shape = tuple(int(n) for n in np.frombuffer(data, ">u4", axes, 4))
    if len(data) - head != math.prod(shape):
        raise InputError(
            f"{path} announces shape {shape}, {math.prod(shape)} bytes, but holds {len(data) - head}: fetch it again"
        )
    return np.frombuffer(data, np.uint8, offset=head).reshape(shape)
