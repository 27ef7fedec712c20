"""Images and labels, read as they lie on disk; the splits are fixed."""

import gzip
import os
import re
import struct
from pathlib import Path

import numpy as np
import pytest

from spikesight.base.errors import InputError, MissingData
from spikesight.datasets.images import digits, fashion_mnist, mnist, read_idx

IMAGES = bytes([0, 0, 8, 3]) + struct.pack(">III", 2, 2, 3) + bytes(range(245, 256)) + b"\x07"


def idx(values):
    values = np.asarray(values, np.uint8)
    return bytes([0, 0, 8, values.ndim]) + struct.pack(f">{values.ndim}I", *values.shape) + values.tobytes()


@pytest.fixture
def file(tmp_path):
    def write(data, name="file.gz", pack=gzip.compress):
        path = tmp_path / name
        path.write_bytes(pack(data))
        return path

    return write


def test_an_idx_file_byte_by_byte(file):
    assert len(IMAGES) == 4 + 12 + 12
    read = read_idx(file(IMAGES), 3)
    np.testing.assert_array_equal(read, [[[245, 246, 247], [248, 249, 250]], [[251, 252, 253], [254, 255, 7]]])
    assert read.dtype == np.uint8


def test_labels_have_one_axis(file):
    np.testing.assert_array_equal(read_idx(file(b"\0\0\x08\x01\0\0\0\x03\x05\0\x09"), 1), [5, 0, 9])


def test_no_images_are_no_images(file):
    assert read_idx(file(idx(np.zeros((0, 28, 28)))), 3).shape == (0, 28, 28)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda data: gzip.compress(data)[:-9], "is damaged .*: fetch it again"),
        (lambda data: gzip.compress(data)[:20], "is damaged"),
        (lambda data: data, "is damaged"),
        (lambda data: b"", "not an IDX file of bytes with 3 axes: it begins with nothing"),
        (lambda data: gzip.compress(b"\0\0\x08\x01" + data[4:]), "with 3 axes: it begins with 00000801"),
        (lambda data: gzip.compress(b"\0\0\x0d\x03" + data[4:]), "begins with 00000d03"),
        (lambda data: gzip.compress(b"PK\3\4" + data[4:]), "begins with 504b0304"),
        (lambda data: gzip.compress(data[:10]), "not an IDX file"),
        (lambda data: gzip.compress(data[:-1]), r"announces shape \(2, 2, 3\), 12 bytes, but holds 11: fetch it again"),
        (lambda data: gzip.compress(data + b"\0"), r"12 bytes, but holds 13"),
        (lambda data: gzip.compress(data[:4] + b"\xff\xff\xff\xff" * 3 + data[16:]), "announces shape"),
    ],
    ids=[
        "cut",
        "cut early",
        "not gzip",
        "empty",
        "labels",
        "floats",
        "zip",
        "head",
        "short",
        "long",
        "huge",
    ],
)
def test_a_damaged_file_says_what_is_wrong(file, spoil, says):
    path = file(IMAGES, pack=spoil)
    with pytest.raises(InputError, match=says) as caught:
        read_idx(path, 3)
    assert str(path) in str(caught.value)


def test_any_bit_that_flipped_is_an_answer_or_does_not_matter(file):
    """Where a bit lies decides what notices it: the header, the decompressor, the checksum, or nobody (the date)."""
    packed, noticed = gzip.compress(IMAGES), 0
    whole = read_idx(file(IMAGES), 3)
    for bit in range(8 * len(packed)):
        flipped = bytearray(packed)
        flipped[bit // 8] ^= 1 << bit % 8
        try:
            np.testing.assert_array_equal(read_idx(file(bytes(flipped), pack=bytes), 3), whole)
        except InputError:
            noticed += 1
    assert noticed > 4 * len(packed)


def write_set(folder, train=3, test=2, labels=None, names=("train", "t10k")):
    folder.mkdir(exist_ok=True)
    for name, count in zip(names, (train, test), strict=True):
        x = np.arange(count * 784).reshape(count, 28, 28) % 256
        y = np.arange(count if labels is None else labels) % 10
        for kind, data in (("images-idx3", idx(x)), ("labels-idx1", idx(y))):
            (folder / f"{name}-{kind}-ubyte.gz").write_bytes(gzip.compress(data))


@pytest.mark.parametrize("names", [("train", "t10k"), ("mnist-train58k", "mnist-t10k")])
def test_mnist_under_either_name(tmp_path, names):
    write_set(tmp_path, names=names)
    images = mnist(tmp_path)
    assert images.train.shape == (3, 784)
    assert images.test.shape == (2, 784)
    np.testing.assert_array_equal(images.train[1], np.arange(784, 2 * 784) % 256)
    assert images.train_labels.tolist() == [0, 1, 2]
    assert (images.train.dtype, images.train_labels.dtype, images.shape) == (np.uint8, np.int64, (28, 28))


def test_images_and_labels_of_different_number(tmp_path):
    write_set(tmp_path, labels=4)
    with pytest.raises(InputError, match=r"has 3 images, .* has 4 labels"):
        mnist(tmp_path)


@pytest.mark.parametrize("gone", ["train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"])
def test_a_missing_file_is_named(tmp_path, gone):
    write_set(tmp_path)
    (tmp_path / f"{gone}-ubyte.gz").unlink()
    with pytest.raises(MissingData, match=re.escape(f"{gone}-ubyte.gz")):
        mnist(tmp_path)


def test_a_set_can_be_cut():
    images = digits().first(30, 10)
    assert [len(part) for part in images[2:]] == [30, 30, 10, 10]
    np.testing.assert_array_equal(images.train, digits().train[:30])


def test_digits_are_split_for_good():
    """The split is part of the claim: the very images of the test set, not only their number."""
    images = digits()
    assert images.train.shape == (1347, 64)
    assert images.test.shape == (450, 64)
    assert images.train.dtype == np.uint8
    assert images.train.max() == 16
    assert images.test_labels[:10].tolist() == FIRST_TEST_LABELS
    assert int((images.test.astype(np.int64) * np.arange(1, 65)).sum()) == TEST_CHECKSUM


FIRST_TEST_LABELS = [2, 0, 4, 9, 4, 1, 2, 4, 6, 7]
TEST_CHECKSUM = 4_549_701


def test_digits_have_equal_shares_of_each_class_in_both_parts():
    images = digits()
    for labels in (images.train_labels, images.test_labels):
        shares = np.bincount(labels) / len(labels)
        everywhere = np.bincount(np.concatenate([images.train_labels, images.test_labels])) / 1797
        np.testing.assert_allclose(shares, everywhere, atol=1.0 / 450)


def test_no_digit_is_in_both_parts():
    from sklearn.datasets import load_digits

    images = digits()
    rows = {part: sorted(map(bytes, getattr(images, part))) for part in ("train", "test")}
    everything = sorted(map(bytes, load_digits().data.astype(np.uint8)))
    assert sorted(rows["train"] + rows["test"]) == everything
    assert not set(rows["train"]) & set(rows["test"])


def test_mnist_itself():
    folder = Path(os.environ.get("SPIKESIGHT_DATA", "/nowhere")) / "images"
    if not (folder / "mnist-train58k-images-idx3-ubyte.gz").is_file():
        pytest.skip(f"no mnist-train58k files in {folder}: name a folder with SPIKESIGHT_DATA to check them")
    images = mnist()
    assert images.train.shape == (58_000, 784)
    assert images.test.shape == (10_000, 784)
    counts = [5724, 6506, 5762, 5939, 5628, 5230, 5711, 6097, 5646, 5757]
    assert np.bincount(images.train_labels).tolist() == counts
    assert np.bincount(images.test_labels).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert images.test_labels[:5].tolist() == [7, 2, 1, 0, 4]
    # Background is 0: the corners of a digit are empty.
    assert images.train[:, 0].max() == 0
    assert images.train.mean() == pytest.approx(33.3, abs=0.2)


def _idx(values):
    values = np.asarray(values, np.uint8)
    return (
        struct.pack(">BBBB", 0, 0, 8, values.ndim) + struct.pack(f">{values.ndim}I", *values.shape) + values.tobytes()
    )


def _put(folder, prefix, grey, end=""):
    pack = gzip.compress if end else bytes
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{prefix}-images-idx3-ubyte{end}").write_bytes(pack(_idx(np.full((2, 28, 28), grey))))
    (folder / f"{prefix}-labels-idx1-ubyte{end}").write_bytes(pack(_idx([3, 4])))


def test_the_usual_files_are_found_where_others_keep_them_unpacked_or_not(tmp_path):
    raw = tmp_path / "MNIST" / "raw"
    _put(raw, "train", 7)
    _put(raw, "t10k", 8, ".gz")
    images = mnist(tmp_path)
    assert (images.train[0, 0], images.test[0, 0]) == (7, 8)
    assert images.train_labels.tolist() == [3, 4]


def test_the_whole_set_comes_before_a_part_of_it(tmp_path):
    for prefix, grey in (("mnist-train58k", 1), ("train", 2), ("mnist-t10k", 3), ("t10k", 4)):
        _put(tmp_path, prefix, grey, ".gz")
    images = mnist(tmp_path)
    assert (images.train[0, 0], images.test[0, 0]) == (2, 4)


def test_images_without_their_labels_are_not_paired_with_others(tmp_path):
    _put(tmp_path, "train", 1)
    _put(tmp_path, "mnist-train58k", 2)
    (tmp_path / "train-labels-idx1-ubyte").unlink()
    with pytest.raises(MissingData, match="train-labels-idx1-ubyte are not: put them beside it"):
        mnist(tmp_path)


@pytest.mark.parametrize(
    "names",
    [("fashion-mnist-train58k", "fashion-mnist-t10k"), ("FashionMNIST/raw/train", "FashionMNIST/raw/t10k")],
)
def test_fashion_mnist_is_never_taken_for_mnist(tmp_path, names):
    write_set(tmp_path)
    with pytest.raises(MissingData, match="Fashion-MNIST is not in"):
        fashion_mnist(tmp_path)
    (tmp_path / "FashionMNIST" / "raw").mkdir(parents=True)
    write_set(tmp_path, train=4, names=names)
    images = fashion_mnist(tmp_path)
    assert (images.name, len(images.train), images.shape) == ("fashion-mnist", 4, (28, 28))
    assert len(mnist(tmp_path).train) == 3


def test_fashion_mnist_itself():
    folder = Path(os.environ.get("SPIKESIGHT_DATA", "/nowhere")) / "images"
    if not (folder / "fashion-mnist-train58k-images-idx3-ubyte.gz").is_file():
        pytest.skip(f"no fashion-mnist-train58k files in {folder}: name a folder with SPIKESIGHT_DATA to check them")
    images = fashion_mnist()
    assert np.bincount(images.train_labels).tolist() == [5793, 5798, 5795, 5808, 5819, 5817, 5804, 5775, 5792, 5799]
    assert np.bincount(images.test_labels).tolist() == [1000] * 10


def test_images_of_another_size_are_no_mnist(tmp_path):
    for name in ("train", "t10k"):
        (tmp_path / f"{name}-images-idx3-ubyte").write_bytes(bytes((0, 0, 8, 3, *(0, 0, 0, 2) * 3)) + bytes(8))
        (tmp_path / f"{name}-labels-idx1-ubyte").write_bytes(bytes((0, 0, 8, 1, 0, 0, 0, 2)) + bytes(2))
    with pytest.raises(InputError, match="images of 2 x 2, those of MNIST are 28 x 28"):
        mnist(tmp_path)
