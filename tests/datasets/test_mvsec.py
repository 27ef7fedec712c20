import pytest

from spikesight.base.errors import MissingData
from spikesight.datasets.mvsec import mvsec


def test_sequences_and_their_truth(tmp_path):
    for name in ("indoor_flying/indoor_flying1_data.hdf5", "indoor_flying/indoor_flying1_gt.hdf5", "x/day_data.hdf5"):
        (tmp_path / "MVSEC" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "MVSEC" / name).write_text("0.0 1 2 1\n")
    found = mvsec(tmp_path)
    assert list(found) == ["indoor_flying1", "day"]
    assert found["indoor_flying1"].truth.name == "indoor_flying1_gt.hdf5"
    assert found["day"].truth is None
    assert found["day"].events().read().events.y.tolist() == [2]


def test_what_is_missing_is_said(tmp_path):
    with pytest.raises(MissingData, match="Put the folder MVSEC"):
        mvsec(tmp_path)
    (tmp_path / "mvsec").mkdir()
    with pytest.raises(MissingData, match=r"has no <scene>/<name>_data\.hdf5"):
        mvsec(tmp_path)
