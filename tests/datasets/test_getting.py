"""Getting made-up data sets from a folder that a server on this machine serves."""

import gzip
import hashlib
import io
import struct
import threading
import zipfile
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from spikesight.base.errors import InputError, MissingData, UnknownName
from spikesight.datasets.checking import check
from spikesight.datasets.download import DownloadError
from spikesight.datasets.entry import Entry, File, Presence
from spikesight.datasets.getting import get
from spikesight.datasets.recorded import NAME, recorded
from spikesight.datasets.transfer import Limits

QUICK = Limits(tries=1, pause=0.01)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def served(tmp_path, monkeypatch):
    """A folder, and the address under which a server gives what is in it."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    folder = tmp_path / "served"
    folder.mkdir()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield folder, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def idx(*shape):
    count = 1
    for size in shape:
        count *= size
    return struct.pack(">BBBB", 0, 0, 8, len(shape)) + struct.pack(f">{len(shape)}I", *shape) + bytes(count)


FOUR = {
    "train-images-idx3-ubyte": idx(3, 28, 28),
    "train-labels-idx1-ubyte": idx(3),
    "t10k-images-idx3-ubyte": idx(2, 28, 28),
    "t10k-labels-idx1-ubyte": idx(2),
}


def mnist(served, stated=True):
    """A small set in the layout of MNIST, whose publisher states checksums or not."""
    folder, url = served
    files = []
    for name, data in FOUR.items():
        packed = gzip.compress(data, mtime=0)
        (folder / f"{name}.gz").write_bytes(packed)
        md5, content = (hashlib.md5(one).hexdigest() if stated else "" for one in (packed, data))
        facts = {"md5": md5, "content_md5": content, "also": (f"MNIST/raw/{name}",)}
        files.append(File(f"MNIST/raw/{name}.gz", (f"{url}/gone/{name}.gz", f"{url}/{name}.gz"), len(packed), **facts))
    return Entry(
        "small", "", "", "", "", "spikesight.datasets.images:mnist", "x", tuple(files), {"train": 3, "test": 2}
    )


@contextmanager
def labels(seen, label, total):
    seen.append(label.split()[0])
    yield Told()


class Told:
    def advance(self, steps, **_):
        """Do nothing."""


def test_all_files_are_fetched_checked_and_read(served, tmp_path):
    entry, place, seen = mnist(served), tmp_path / "data", []
    got = get(entry, place, partial(labels, seen), QUICK)
    assert seen == ["fetching"] * 4
    assert all(one.url.startswith(served[1]) and "its checksum is right" in one.note for one in got)
    assert entry.present(place) is Presence.ALL
    found = check(entry, place)
    assert (found.counts, found.wrong, found.notes) == ({"train": 3, "test": 2}, (), ())
    assert len(found.checked) == 4
    assert {one.note for one in get(entry, place, limits=QUICK)} == {"was there"}


def test_a_file_without_a_published_checksum_is_trusted_once(served, tmp_path):
    entry, place = mnist(served, stated=False), tmp_path / "data"
    first = get(entry, place, limits=QUICK)[0]
    assert "no published checksum is known" in first.note
    told = recorded(place)[first.name]
    assert told == {"bytes": first.path.stat().st_size, "sha256": told["sha256"], "url": first.url}
    assert told["sha256"] in first.note
    assert check(entry, place).wrong == ()
    assert check(entry, place).notes == ("no published checksum is known",)
    right = first.path.read_bytes()
    first.path.write_bytes(right[:-1] + b"?")
    wrong = check(entry, place).wrong
    assert "its sha256 is" in wrong[0]
    first.path.unlink()
    other = served[0] / first.path.name
    other.write_bytes(gzip.compress(FOUR[first.path.stem], 1, mtime=5))
    with pytest.raises(DownloadError, match=f"{first.path.name} could not be fetched.*told in .*{NAME}"):
        get(replace(entry, files=(replace(entry.files[0], size=None),)), place, limits=QUICK)
    other.write_bytes(right)
    assert get(entry, place, limits=QUICK)[0].note == "fetched; its checksum is right"


def test_damage_is_found_wherever_it_is(served, tmp_path):
    entry, place = mnist(served), tmp_path / "data"
    get(entry, place, limits=QUICK)
    path = place / entry.files[1].name
    for spoiled, says in ((path.read_bytes()[:-5], "damaged"), (gzip.compress(idx(4)), "content has the md5")):
        path.write_bytes(spoiled)
        assert says in " ".join(check(entry, place).wrong)
    path.write_bytes(gzip.compress(FOUR["train-labels-idx1-ubyte"], 1, mtime=7))
    assert check(entry, place).wrong == (), "packed anew, what is in it is the same"


def packed(served, name="set.zip", files=(("x/zebra/1.bin", bytes((1, 2, 128, 0, 9))),)):
    folder, url = served
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for one, content in files:
            archive.writestr(one, content)
    (folder / name).write_bytes(data.getvalue())
    file = File(name, (f"{url}/{name}",), unpacked="N-Caltech101")
    return Entry("small", "", "", "", "", "spikesight.datasets.n_caltech101:n_caltech101", "x", (file,), {"all": 2})


THREE = (
    ("x/zebra/1.bin", bytes((1, 2, 128, 0, 9))),
    ("x/ant/1.bin", bytes((1, 2, 128, 0, 9, 7))),
    ("x/ant/2.bin", b"\xff" * 5),
)


def test_an_archive_is_unpacked_and_stays(served, tmp_path):
    entry, place, seen = packed(served, files=THREE), tmp_path / "data", []
    (got,) = get(entry, place, partial(labels, seen), QUICK)
    assert seen == ["fetching", "unpacking"]
    assert got.path == place / "N-Caltech101"
    assert (got.path / "zebra" / "1.bin").is_file()
    found = check(entry, place)
    assert found.checked == ("set.zip",)
    assert found.counts == {"all": 3}
    assert len(found.wrong) == 2, "one recording is cut off, another has an impossible pixel; the third is right"
    assert "ant/1.bin: at byte 5" in found.wrong[1]
    assert "ant/2.bin: at byte 0" in found.wrong[0]


def test_an_archive_that_a_person_has_put_there_is_unpacked(served, tmp_path):
    entry, place = packed(served), tmp_path / "data"
    by_hand = replace(entry, files=(replace(entry.files[0], urls=()),), by_hand="put set.zip there.")
    with pytest.raises(
        MissingData, match=r"set.zip of small cannot be fetched by a program: put set\.zip there\. Page"
    ):
        get(by_hand, place)
    assert not place.exists()
    place.mkdir()
    (place / "set.zip").write_bytes((served[0] / "set.zip").read_bytes())
    (got,) = get(by_hand, place)
    assert got.note == "was there; unpacked"
    assert check(by_hand, place).notes == (
        "all: 1 are there, the complete set has 2",
        "no published checksum is known",
    )
    (place / "set.zip").write_bytes(b"PK")
    (place / "N-Caltech101").rename(tmp_path / "elsewhere")
    with pytest.raises(InputError, match="is damaged: it has 2 bytes"):
        get(by_hand, place)


def test_sequences_are_got_one_by_one(served, tmp_path):
    whole, place = packed(served), tmp_path / "data"
    (file,) = whole.files
    by_sequences = replace(whole, files=(File("N-Caltech101"),), sequences={"one": (file,), "two": ()})
    assert [one.path for one in get(by_sequences, place, limits=QUICK, only=["one"])] == [place / "N-Caltech101"]
    with pytest.raises(UnknownName, match=r"no sequence of small is called 'on'\. Did you mean one"):
        get(by_sequences, place, only=["on"])


def test_a_damaged_archive_leaves_no_folder(served, tmp_path):
    entry, place = packed(served), tmp_path / "data"
    (served[0] / "set.zip").write_bytes(b"PK\3\4 and no more")
    with pytest.raises(InputError, match=r"is damaged .*fetch it again"):
        get(entry, place, limits=QUICK)
    assert not (place / "N-Caltech101").exists()
    assert recorded(place) == {}, "what cannot be unpacked is not what it has to be from now on"
    (place / "set.zip").unlink()
    packed(served)
    assert "unpacked" in get(entry, place, limits=QUICK)[0].note


def test_where_an_archive_came_from_is_kept_when_it_is_unpacked_later(served, tmp_path):
    entry, place = packed(served), tmp_path / "data"
    (first,) = get(entry, place, limits=QUICK)
    first.path.rename(tmp_path / "elsewhere")
    (again,) = get(entry, place)
    assert again.url == first.url == recorded(place)["set.zip"]["url"] != ""


def test_archives_of_sequences_are_checked_too(served, tmp_path):
    whole, place = packed(served), tmp_path / "data"
    by_sequences = replace(whole, files=(File("N-Caltech101"),), sequences={"one": whole.files})
    get(by_sequences, place, limits=QUICK, only=["one"])
    assert check(by_sequences, place).checked == ("set.zip",)
    (place / "set.zip").write_bytes(b"PK")
    assert "set.zip: it has 2 bytes" in check(by_sequences, place).wrong[0]
