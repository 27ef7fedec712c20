import pytest

from spikesight.base.errors import MissingData
from spikesight.datasets.ddd17 import ddd17


def test_recordings_by_run_and_number(tmp_path):
    path = tmp_path / "DDD17" / "run3" / "rec1487779465.hdf5"
    path.parent.mkdir(parents=True)
    path.write_text("0.0 1 2 1\n")
    found = ddd17(tmp_path)
    assert list(found) == ["run3/rec1487779465"]
    assert found["run3/rec1487779465"].events().read().events.y.tolist() == [2]


def test_what_is_missing_is_said(tmp_path):
    with pytest.raises(MissingData, match="Put the folder DDD17"):
        ddd17(tmp_path)
    (tmp_path / "DDD20").mkdir()
    with pytest.raises(MissingData, match=r"has no <run>/rec<number>\.hdf5"):
        ddd17(tmp_path)
