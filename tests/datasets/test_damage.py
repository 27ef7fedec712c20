"""Whatever is wrong with an archive, the answer names it; what the disk says is not taken for damage."""

import io
import random
import wave
import zipfile

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.datasets.audio import spoken_digits
from spikesight.datasets.damage import undamaged
from spikesight.datasets.n_mnist import n_mnist
from spikesight.datasets.session_bytes import session_bytes


def zipped(files):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return data.getvalue()


def sound():
    data = io.BytesIO()
    with wave.open(data, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(random.Random(0).choices(range(256), k=300)))
    return data.getvalue()


def sessions():
    data, x = io.BytesIO(), np.random.default_rng(0).integers(0, 4, (2, 28, 28), np.uint8)
    np.savez_compressed(data, x_train=x, y_train=np.zeros(2), x_test=x, y_test=np.zeros(2), classes=np.array(["a"]))
    return data.getvalue()


EVENTS = [(f"{half}/{label}/1.bin", bytes((1, 2, 128, 0, 9)) * 20) for half in ("Train", "Test") for label in "01"]


@pytest.mark.parametrize(
    ("name", "make", "read"),
    [
        ("n-mnist.zip", lambda: zipped(EVENTS), n_mnist),
        ("fsdd-wav.zip", lambda: zipped([(f"{k}_a_1.wav", sound()) for k in range(3)]), spoken_digits),
        ("iscx-vpn2016-sessionl7-12class.npz", sessions, session_bytes),
    ],
    ids=["n-mnist", "fsdd", "iscx"],
)
def test_any_flipped_byte_is_an_answer(tmp_path, name, make, read):
    data, chosen, answers = make(), random.Random(1), 0
    (tmp_path / name).write_bytes(data)
    read(tmp_path)
    for _ in range(300):
        bad = bytearray(data)
        bad[chosen.randrange(len(bad))] ^= 1 << chosen.randrange(8)
        (tmp_path / name).write_bytes(bad)
        try:
            read(tmp_path)
        except InputError:
            answers += 1
    assert answers > 100


def test_a_label_that_is_none(tmp_path):
    for label in ("abc", "77"):
        (tmp_path / "n-mnist.zip").write_bytes(zipped([*EVENTS, (f"Train/{label}/2.bin", b"")]))
        with pytest.raises(InputError, match=f"has the labels {label} in Train"):
            n_mnist(tmp_path)


def test_what_the_disk_says_passes(tmp_path):
    for error in (FileNotFoundError(2, "No such file"), OSError(28, "No space left on device"), KeyError("x")):
        with pytest.raises(type(error)), undamaged(tmp_path):
            raise error
    for error in (OSError("CRC check failed"), zipfile.BadZipFile("x"), RuntimeError("encrypted")):
        with pytest.raises(InputError, match="is damaged"), undamaged(tmp_path):
            raise error
