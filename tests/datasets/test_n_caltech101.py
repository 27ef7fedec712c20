import pytest

from spikesight.base.errors import InputError, MissingData
from spikesight.datasets.n_caltech101 import n_caltech101


def test_folders_are_classes(tmp_path):
    for name, number, x in (("zebra", 1, 3), ("ant", 2, 239), ("ant", 1, 5)):
        path = tmp_path / "N-Caltech101" / name / f"image_{number:04d}.bin"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes((x, 2, 128, 0, 9)))
    found = n_caltech101(tmp_path)
    assert found.classes == ("ant", "zebra")
    assert found.labels.tolist() == [0, 0, 1]
    assert [one.x.tolist() for one in found] == [[5], [239], [3]]
    assert (found[0].width, found[0].height) == (240, 180)


def test_what_is_missing_is_said(tmp_path):
    with pytest.raises(MissingData, match=r"Put the folder N-Caltech101/Caltech101 or .*image_<number>.bin"):
        n_caltech101(tmp_path)
    (tmp_path / "Caltech101").mkdir()
    with pytest.raises(InputError, match=r"unpack Caltech101\.zip there"):
        n_caltech101(tmp_path)
