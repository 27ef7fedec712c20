import numpy as np
import pytest

from spikesight.base.errors import InputError, MissingData
from spikesight.datasets import cifar10_dvs as module
from spikesight.datasets.cifar10 import CLASSES
from spikesight.datasets.cifar10_dvs import cifar10_dvs, upright
from spikesight.events.recording import Recording
from spikesight.events.stream import EventStream


def stream(x, y, side=128):
    return EventStream(np.arange(len(x)), np.array(x), np.array(y), np.ones(len(x), bool), side, side)


def test_classes_are_folders_and_recordings_are_in_order_of_their_numbers(tmp_path, monkeypatch):
    for name in CLASSES:
        for number in (10, 9):
            path = tmp_path / "CIFAR10-DVS" / name / f"cifar10_{name}_{number}.aedat"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
    monkeypatch.setattr(module, "read", lambda path: Recording(stream([5], [7]), "aedat2"))
    found = cifar10_dvs(tmp_path)
    assert found.labels.tolist() == [k for k in range(10) for _ in range(2)]
    assert [place.name for place in found.places[:2]] == ["cifar10_airplane_9.aedat", "cifar10_airplane_10.aedat"]
    assert (found[0].x.tolist(), found[0].y.tolist()) == ([120], [5])


def test_upright_is_as_published_loaders_turn_it():
    """These take x = 127 - bits of y, y = 127 - bits of x; a file gives x = 127 - bits of x, y = bits of y."""
    x_bits, y_bits = np.array([0, 3, 127]), np.array([5, 90, 0])
    turned = upright(stream(127 - x_bits, y_bits))
    np.testing.assert_array_equal(turned.x, 127 - y_bits)
    np.testing.assert_array_equal(turned.y, 127 - x_bits)
    assert turned.provenance[-1] == "turned upright"
    flat = EventStream(np.zeros(0, int), np.zeros(0, int), np.zeros(0, int), np.zeros(0, bool), 3, 2)
    with pytest.raises(InputError, match="a square sensor, got 3 x 2"):
        upright(flat)


def test_what_is_missing_is_said(tmp_path):
    with pytest.raises(MissingData, match="Put the folder CIFAR10-DVS"):
        cifar10_dvs(tmp_path)
    (tmp_path / "CIFAR10-DVS" / "airplane").mkdir(parents=True)
    (tmp_path / "CIFAR10-DVS" / "airplane" / "cifar10_airplane_0.aedat").touch()
    with pytest.raises(InputError, match=r"unpack automobile\.zip, bird\.zip"):
        cifar10_dvs(tmp_path)
