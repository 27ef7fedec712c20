import numpy as np
import pytest

from spikesight.base.errors import MissingData
from spikesight.datasets.mvsec import mvsec
from spikesight.events.files.mvsec import Side


def test_sequences_and_their_truth(tmp_path):
    for name in ("indoor_flying/indoor_flying1_data.hdf5", "indoor_flying/indoor_flying1_gt.hdf5", "x/day_data.hdf5"):
        (tmp_path / "MVSEC" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "MVSEC" / name).touch()
    found = mvsec(tmp_path)
    assert list(found) == ["indoor_flying1", "day"]
    assert found["indoor_flying1"].truth.name == "indoor_flying1_gt.hdf5"
    assert found["day"].truth is None


def test_events_of_both_cameras(tmp_path):
    h5py = pytest.importorskip("h5py")
    path = tmp_path / "MVSEC" / "x" / "day_data.hdf5"
    path.parent.mkdir(parents=True)
    with h5py.File(path, "w") as file:
        for row, side in enumerate(("left", "right")):
            file[f"davis/{side}/events"] = np.array([[1.0, 2.0 + row, 0.5, -1.0]])
    day = mvsec(tmp_path)["day"]
    assert [day.events(side).read().events.y.tolist() for side in Side] == [[2], [3]]


def test_what_is_missing_is_said(tmp_path):
    with pytest.raises(MissingData, match="Put the folder MVSEC"):
        mvsec(tmp_path)
    (tmp_path / "mvsec").mkdir()
    with pytest.raises(MissingData, match=r"has no <scene>/<name>_data\.hdf5"):
        mvsec(tmp_path)
