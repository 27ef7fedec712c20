import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.trace.importers import original_ids

h5py = pytest.importorskip("h5py")


@pytest.fixture
def session(tmp_path):
    def save(trains, ids, place="units", index=np.uint8, compression=None, version="2.6.0"):
        path = tmp_path / "a.nwb"
        with h5py.File(path, "w") as file:
            file.attrs["nwb_version"] = version
            file["identifier"] = "a session"
            group = file.create_group(place)
            group.attrs["neurodata_type"] = "Units"
            group["id"] = ids
            t = np.concatenate([np.array(train, float) for train in trains]) if trains else np.zeros(0)
            group.create_dataset("spike_times", data=t, compression=compression)
            group["spike_times_index"] = np.cumsum([len(train) for train in trains]).astype(index)
        return path

    return save


@pytest.mark.parametrize("index", [np.uint8, np.uint64, np.int32])
def test_ragged_trains(imported, session, index):
    found = imported(session([[0.5, 1.25], [], [0.001]], [6, 191, 206], index=index))
    assert found.layers["units"].t.tolist() == [0.001, 0.5, 1.25]
    assert found.layers["units"].unit.tolist() == [206, 6, 6]
    assert original_ids(found.run)["units"].tolist() == [6, 191, 206]  # the silent one too
    assert found.story["facts"]["identifier"] == "a session"


def test_compressed_and_in_processing(imported, session):
    found = imported(session([[1.0]], [3], place="processing/ecephys/sorted", compression="gzip"))
    assert found.layers["ecephys.sorted"].unit.tolist() == [3]
    assert found.story["dropped"] == []


def test_version_one(imported, tmp_path):
    with h5py.File(tmp_path / "a.nwb", "w") as file:
        file["nwb_version"] = "NWB-1.0.6"
        file["processing/shank_0/UnitTimes/unit_2/times"] = [0.25]
        file["processing/shank_0/UnitTimes/unit_1/times"] = [0.5, 0.75]
        file["processing/shank_0/UnitTimes/unit_list"] = np.array([b"unit_1", b"unit_2"])
    found = imported(tmp_path / "a.nwb")
    assert found.story["layers"]["shank_0"]["unit_names"] == ["unit_1", "unit_2"]
    assert found.layers["shank_0"].unit.tolist() == [1, 0, 0]


def test_a_session_without_units_says_what_it_has(imported, tmp_path):
    with h5py.File(tmp_path / "a.nwb", "w") as file:
        file.attrs["nwb_version"] = "2.1.0"
        file["acquisition/lfp/data"] = np.zeros(3)
    with pytest.raises(InputError, match=r"no units table: NWB 2\.1\.0, with acquisition: lfp"):
        imported(tmp_path / "a.nwb")


def test_a_table_without_spike_times(imported, session):
    path = session([[1.0]], [3])
    with h5py.File(path, "a") as file:
        del file["units/spike_times"]
    with pytest.raises(InputError, match=r"no units table.*units has no spike_times"):
        imported(path)


def test_an_index_that_does_not_fit(imported, session):
    path = session([[1.0], [2.0]], [0, 1])
    with h5py.File(path, "a") as file:
        file["units/spike_times_index"][...] = [1, 3]
    with pytest.raises(InputError, match="does not divide 2 spike times"):
        imported(path)
