import pytest

from spikesight.base.errors import MissingData
from spikesight.datasets.entry import Entry, File, Presence

FILES = (
    File("Set/a.zip", ("http://x/a.zip",), 10, unpacked="Set/a", also=("a",), parts=("some-of-a",)),
    File("b.idx", ("http://x/b.idx",), 20),
)


def made(**changes):
    facts = {"name": "set", "title": "", "source": "", "terms": "", "splits": "", "files": FILES, "page": "http://x"}
    return Entry(**{**facts, "read": "spikesight.datasets.images:mnist", **changes})


def test_what_is_there(tmp_path):
    entry, (a, b) = made(), FILES
    assert entry.present(tmp_path) is Presence.NO
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "b.idx").touch()
    assert b.complete(tmp_path) == tmp_path / "images" / "b.idx"
    (tmp_path / "Set").mkdir()
    (tmp_path / "Set" / "a.zip").touch()
    assert entry.present(tmp_path) is Presence.NO, "packed, it cannot be read"
    (tmp_path / "some-of-a").touch()
    assert (a.complete(tmp_path), a.found(tmp_path)) == (None, tmp_path / "some-of-a")
    assert entry.present(tmp_path) is Presence.PART
    (tmp_path / "Set" / "a").mkdir()
    assert a.found(tmp_path) == tmp_path / "Set" / "a"
    assert entry.present(tmp_path) is Presence.ALL


def test_sizes_and_advice(tmp_path):
    entry = made()
    assert (entry.size, entry.fetched, entry.embedded) == (30, True, False)
    assert "spikesight data get set" in entry.advice(tmp_path)
    person = made(files=(File("a.zip"),), by_hand="put a.zip there.")
    assert (person.size, person.fetched) == (None, False)
    assert person.advice(tmp_path) == f"put a.zip there. Page: http://x. Folder: {tmp_path}"
    within = made(files=(), read="spikesight.datasets.images:digits")
    assert (within.size, within.fetched, within.embedded) == (0, False, True)
    assert "comes with Spikesight" in within.advice(tmp_path)
    assert within.present(tmp_path) is Presence.ALL


def test_opening_reads_from_the_folder_and_makes_what_needs_none(tmp_path):
    from spikesight.datasets.outlines import Outlines

    with pytest.raises(MissingData, match=str(tmp_path)):
        made().open(tmp_path)
    assert len(made(files=(), read="spikesight.datasets.images:digits").open(tmp_path).test) == 450
    assert made(files=(), read="spikesight.datasets.outlines:Outlines").open(tmp_path) is Outlines
