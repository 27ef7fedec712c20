import os
from pathlib import Path

import numpy as np
import pytest

from spikesight.base.errors import MissingData, MissingExtra
from spikesight.datasets.audio import made_up_digits
from spikesight.datasets.catalogue import DATASETS
from spikesight.datasets.checking import check, counted
from spikesight.datasets.entry import Entry, File, Presence
from spikesight.datasets.images import digits
from spikesight.datasets.outlines import Outlines
from spikesight.datasets.recordings import Recordings, Split
from spikesight.datasets.session_bytes import SessionBytes


def test_how_much_there_is_of_every_kind_of_set():
    some = Recordings(int, (1, 2), np.zeros(2, np.int64), ("a",))
    assert counted(digits()) == counted(SessionBytes(digits(), ())) == {"train": 1347, "test": 450}
    assert counted(Split(some, some[:1])) == {"train": 2, "test": 1}
    assert counted(Split(some, some[:1], some)) == {"train": 2, "validation": 2, "test": 1}
    assert counted(some) == counted({"a": 1, "b": 2}) == {"all": 2}
    assert counted(made_up_digits(each=6)) == {"train": 20, "test": 100}
    assert counted(Outlines) == {}


def drives(folder, lines):
    path = folder / "DDD17" / "run1" / "rec1.hdf5"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(lines)
    return Entry("drives", "", "", "", "", "spikesight.datasets.ddd17:ddd17", "x", (File("DDD17"),), by_hand="x.")


def test_every_recording_is_read_to_its_end(tmp_path):
    entry = drives(tmp_path, "0.0 1 2 1\n" * 5)
    found = check(entry, tmp_path)
    assert (found.counts, found.wrong, found.checked) == ({"all": 1}, (), ())
    drives(tmp_path, "0.0 1 2 1\n" * 5 + "0.0 1 2 x\n")
    assert "rec1.hdf5: at byte" in check(entry, tmp_path).wrong[0]


def test_a_missing_package_is_no_damage(tmp_path, monkeypatch):
    def read(_):
        raise MissingExtra("type pip install")

    monkeypatch.setattr("spikesight.datasets.ddd17.ddd17", read)
    with pytest.raises(MissingExtra, match="type pip"):
        check(drives(tmp_path, ""), tmp_path)


def test_what_is_not_there_cannot_be_checked(tmp_path):
    for name in ("mnist", "n-mnist"):
        with pytest.raises(MissingData, match=f"{name} is not in"):
            check(DATASETS[name], tmp_path)


def test_sets_on_this_machine_are_whole():
    folder = Path(os.environ.get("SPIKESIGHT_DATA", "/nowhere"))
    there = [name for name in DATASETS if DATASETS[name].present(folder) is not Presence.NO]
    if not (folder / "images").is_dir():
        pytest.skip(f"no data sets in {folder}: name a folder with SPIKESIGHT_DATA to check them")
    for name in {"faces-motorbikes", "slider-depth", "iscx"} & set(there):
        found = check(DATASETS[name], folder)
        assert found.wrong == (), name
        assert found.counts
