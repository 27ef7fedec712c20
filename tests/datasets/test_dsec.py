import pytest

from spikesight.base.errors import InputError, MissingData
from spikesight.datasets.catalogue import DATASETS
from spikesight.datasets.dsec import dsec
from spikesight.datasets.entries.dsec import TEST, TRAIN


def put(folder, *names):
    for name in names:
        path = folder / "DSEC" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("0.0 1 2 1\n")  # as text: what is tried here is where files are looked for


def test_sequences_are_found_in_the_part_of_their_authors(tmp_path):
    put(
        tmp_path,
        "train/thun_00_a/events/left/events.h5",
        "train/thun_00_a/events/left/rectify_map.h5",
        "train/thun_00_a/disparity/event/000002.png",
        "train/thun_00_a/disparity/event/000000.png",
        "test/thun_01_a/events/right/events.h5",
    )
    found = dsec(tmp_path)
    assert {name: drive.part for name, drive in found.items()} == {"thun_00_a": "train", "thun_01_a": "test"}
    drive = found["thun_00_a"]
    assert drive.events().read().events.x.tolist() == [1]
    assert drive.rectification().name == "rectify_map.h5"
    assert [path.name for path in drive.disparities()] == ["000000.png", "000002.png"]
    assert found["thun_01_a"].disparities() == found["thun_01_a"].flows() == ()


def test_the_split_is_that_of_the_authors():
    assert (len(TRAIN), len(TEST), len({*TRAIN, *TEST})) == (41, 12, 53)
    assert set(DATASETS["dsec"].sequences) == {*TRAIN, *TEST}


def test_what_is_fetched_of_a_sequence_lies_where_it_is_read_from(tmp_path):
    for name, kinds in (("thun_00_a", 3), ("thun_01_a", 2)):
        files = DATASETS["dsec"].sequences[name]
        assert len(files) == kinds
        for file in files:
            put(tmp_path, f"{file.unpacked.removeprefix('DSEC/')}/events.h5")
        drive = dsec(tmp_path)[name]
        assert drive.events("left").source.path.parent == tmp_path / files[0].unpacked
        assert drive.events("right").source.path.parent == tmp_path / files[1].unpacked


def test_what_is_missing_or_in_the_wrong_place_is_said(tmp_path):
    with pytest.raises(MissingData, match="Put the folder DSEC"):
        dsec(tmp_path)
    put(tmp_path, "notes.txt")
    with pytest.raises(MissingData, match="has no sequence"):
        dsec(tmp_path)
    put(tmp_path, "train/thun_00_a/events/left/events.h5")
    with pytest.raises(MissingData, match=r"unpack thun_00_a_events_right\.zip into .*events/right"):
        dsec(tmp_path)["thun_00_a"].events("right")
    with pytest.raises(InputError, match="left and right, got 'up'"):
        dsec(tmp_path)["thun_00_a"].events("up")
    put(tmp_path, "train/thun_01_a/x")
    with pytest.raises(InputError, match="holds thun_01_a, which the authors name in the other part"):
        dsec(tmp_path)
