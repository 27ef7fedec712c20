import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from spikesight.base.errors import InputError, MissingData
from spikesight.datasets import dvs_gesture as module
from spikesight.datasets.dvs_gesture import dvs_gesture
from spikesight.events.recording import Recording
from spikesight.events.stream import EventStream


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Two recordings, whose events, one a millisecond, are made up; `asked` counts how often one is read."""
    folder = tmp_path / "DvsGesture"
    folder.mkdir()
    for name in ("user01_led", "user24_lab"):
        (folder / f"{name}.aedat").touch()
    (folder / "user01_led_labels.csv").write_text("class,startTime_usec,endTime_usec\n2,1000,3000\n11,5000,9000\n")
    (folder / "user24_lab_labels.csv").write_text("class,startTime_usec,endTime_usec\n1,0,2500\n")
    (folder / "trials_to_train.txt").write_text("user01_led.aedat\n\n")
    (folder / "trials_to_test.txt").write_text("user24_lab.aedat\n")

    def read(path):
        asked.append(path.name)
        t, zero = np.arange(10) * 1000, np.zeros(10, np.uint16)
        return Recording(EventStream(t, zero, zero, np.ones(10, bool), 128, 128), "aedat3")

    asked = []
    module._whole.cache_clear()
    monkeypatch.setattr(module, "read", read)
    yield folder, asked
    module._whole.cache_clear()


def test_gestures_are_cut_out_of_recordings_by_the_split_of_the_authors(place):
    folder, asked = place
    found = dvs_gesture(folder.parent)
    assert [found.train.classes[label] for label in found.train.labels] == ["right hand wave", "other gestures"]
    assert found.test.labels.tolist() == [0]
    assert not asked
    assert [one.t.tolist() for one in found.train] == [[1000, 2000], [5000, 6000, 7000, 8000]]
    assert found.test[0].t.tolist() == [0, 1000, 2000]
    assert asked == ["user01_led.aedat", "user24_lab.aedat"]


@pytest.mark.parametrize(
    ("labels", "says"),
    [
        ("head\n1,a,5\n", "no table"),
        ("head\n1,5\n", "no table"),
        ("head\n12,0,5\n", "class 12"),
        ("h\n1,6,5\n", "6 to 5"),
    ],
    ids=["word", "columns", "class", "backwards"],
)
def test_damaged_labels(place, labels, says):
    (place[0] / "user01_led_labels.csv").write_text(labels)
    with pytest.raises(InputError, match=says):
        dvs_gesture(place[0].parent)


@pytest.mark.parametrize("gone", ["trials_to_test.txt", "user01_led.aedat", "user24_lab_labels.csv"])
def test_missing_files(place, gone):
    (place[0] / gone).unlink()
    with pytest.raises(MissingData, match=f"{gone} is not there.*unpack"):
        dvs_gesture(place[0].parent)


def test_a_list_cannot_name_files_elsewhere(place, tmp_path):
    (tmp_path / "other.aedat").touch()
    (place[0] / "trials_to_train.txt").write_text("../other.aedat\n")
    with pytest.raises(MissingData, match=r"other\.aedat is not there"):
        dvs_gesture(tmp_path)


def test_a_file_in_the_layout_of_the_set(tmp_path):
    from spikesight.events import FORMATS

    golden = Path(os.environ.get("SPIKESIGHT_DATA", "/nowhere")) / "events" / "aedat3" / "gesture-layout-a.aedat"
    if not golden.is_file() or "aedat3" not in FORMATS:
        pytest.skip("gesture-layout-a.aedat is not on this machine: name its folder with SPIKESIGHT_DATA")
    folder = tmp_path / "DvsGesture"
    folder.mkdir()
    for end in (".aedat", "_labels.csv"):
        shutil.copy(golden.with_name(f"gesture-layout-a{end}"), folder / f"a{end}")
    (folder / "trials_to_train.txt").write_text("a.aedat\n")
    (folder / "trials_to_test.txt").write_text("a.aedat\n")
    found = dvs_gesture(tmp_path).train
    assert len(found) == len((folder / "a_labels.csv").read_text().split()) - 1
    assert sum(len(one) for one in found) > 0
