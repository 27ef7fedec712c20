import zipfile

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.trace.importers import npz


def test_arrays_words_and_numbers(tmp_path):
    path = tmp_path / "a.npz"
    np.savez(path, t=np.arange(3), name="exc", dt=1e-3, words=["a", "b"])
    assert sorted(npz.names(path)) == ["dt", "name", "t", "words"]
    assert npz.load(path, "t").tolist() == [0, 1, 2]
    assert (npz.text(path, "name"), npz.text(path, "none")) == ("exc", "")
    assert (npz.number(path, "dt"), npz.number(path, "none")) == (1e-3, None)
    for wrong in ("t", "words"):
        with pytest.raises(InputError, match="one word"):
            npz.text(path, wrong)
    with pytest.raises(InputError, match="one finite number"):
        npz.number(path, "t")
    with pytest.raises(InputError, match="no array 'x'; it has"):
        npz.load(path, "x")


def test_objects_are_never_read(tmp_path):
    np.savez(tmp_path / "a.npz", t=np.array([{}, []], dtype=object))
    with pytest.raises(InputError, match="never read"):
        npz.load(tmp_path / "a.npz", "t")


def test_a_zip_of_other_files_has_no_arrays(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("t.npy", b"")
        archive.writestr("readme.txt", b"")
    assert npz.names(tmp_path / "a.zip") == []
