"""Archives are unpacked whole or not at all, and nothing lands elsewhere."""

import gzip
import io
import tarfile
import zipfile

import pytest

from spikesight.base.errors import InputError
from spikesight.datasets import unpacking
from spikesight.datasets.unpacking import unpack


def zipped(path, files, mode=None):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            if mode is not None:
                info.external_attr = mode << 16
            archive.writestr(info, data)
    return path


def tarred(path, members):
    with tarfile.open(path, "w:gz") as archive:
        for name, kind, data in members:
            info = tarfile.TarInfo(name)
            info.type, info.size, info.linkname = kind, len(data), "/etc/passwd"
            archive.addfile(info, io.BytesIO(data))
    return path


def files(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class Told:
    bytes = 0

    def advance(self, steps, **_):
        self.bytes += steps


@pytest.mark.parametrize("kind", ["zip", "tar.gz"])
def test_files_and_folders(tmp_path, kind):
    whole = [("a/b/1.txt", b"one"), ("a/2.txt", b"two"), ("3.txt", b"")]
    path = tmp_path / f"set.{kind}"
    zipped(path, whole) if kind == "zip" else tarred(path, [(name, tarfile.REGTYPE, data) for name, data in whole])
    told = Told()
    unpack(path, tmp_path / "out", told)
    assert files(tmp_path / "out") == dict(whole)
    assert told.bytes == 6
    assert path.exists()


@pytest.mark.parametrize("names", [("a/x", "a/b/y"), ("./a/x", "./a/b/y"), ("a/x", "a/a/y")], ids=", ".join)
def test_a_single_folder_is_lifted(tmp_path, names):
    unpack(zipped(tmp_path / "set.zip", [(name, b"") for name in names]), tmp_path / "out")
    assert set(files(tmp_path / "out")) == {name.removeprefix("./").removeprefix("a/") for name in names}


def test_a_gz_is_one_file(tmp_path):
    path = tmp_path / "x.h5.gz"
    path.write_bytes(gzip.compress(b"hello" * 1000))
    unpack(path, tmp_path / "x.h5")
    assert (tmp_path / "x.h5").read_bytes() == b"hello" * 1000
    with pytest.raises(InputError, match="exists already"):
        unpack(path, tmp_path / "x.h5")


OUTSIDE = ["../evil", "a/../../evil", "/evil", "..\\evil", "C:/evil"]


@pytest.mark.parametrize("name", OUTSIDE)
def test_nothing_lands_outside(tmp_path, name):
    both = [("good", b"x"), (name, b"x")]
    for path in (
        zipped(tmp_path / "set.zip", both),
        tarred(tmp_path / "set.tar.gz", [(name, tarfile.REGTYPE, data) for name, data in both]),
    ):
        with pytest.raises(InputError, match="outside of its folder"):
            unpack(path, tmp_path / "in" / "out")
    assert not list(tmp_path.rglob("*evil*"))
    assert not list((tmp_path / "in").iterdir())


def test_a_name_with_a_nul_is_no_name(tmp_path):
    path = zipped(tmp_path / "set.zip", [("aaXevil", b"x")])
    path.write_bytes(path.read_bytes().replace(b"aaXevil", b"aa\0evil"))
    try:
        unpack(path, tmp_path / "out")
    except InputError:
        return
    assert set(files(tmp_path / "out")) == {"aa"}


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_links_and_devices_of_a_tar_are_refused(tmp_path, kind):
    path = tarred(tmp_path / "set.tar.gz", [("a", kind, b"")])
    with pytest.raises(InputError, match="a link or a device"):
        unpack(path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_links_of_a_zip_are_refused(tmp_path):
    with pytest.raises(InputError, match="a link or a device"):
        unpack(zipped(tmp_path / "set.zip", [("a", b"/etc/passwd")], mode=0o120777), tmp_path / "out")


def test_a_bomb_does_not_go_off(tmp_path, monkeypatch):
    monkeypatch.setattr(unpacking, "LEAST_ROOM", 1000)
    for path in (
        zipped(tmp_path / "set.zip", [("zeros", bytes(5_000_000))]),
        tarred(tmp_path / "set.tar.gz", [("zeros", tarfile.REGTYPE, bytes(5_000_000))]),
    ):
        with pytest.raises(InputError, match="more than 200 times"):
            unpack(path, tmp_path / "out")
        assert not (tmp_path / "out").exists()
    monkeypatch.setattr(unpacking, "MEMBERS", 2)
    with pytest.raises(InputError, match="more than 2 files"):
        unpack(zipped(tmp_path / "many.zip", [(str(k), b"") for k in range(3)]), tmp_path / "out")


def test_twice_the_same_file(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate"):
        path = zipped(tmp_path / "set.zip", [("a", b"1"), ("a", b"2")])
    with pytest.raises(InputError, match="twice"):
        unpack(path, tmp_path / "out")


def test_any_cut_and_any_flipped_byte_is_an_answer(tmp_path):
    whole = [("a/1", b"one" * 50), ("a/2", bytes(range(100)))]
    paths = [zipped(tmp_path / "set.zip", whole), *(tmp_path / name for name in ("set.tar.gz", "set.gz", "set.tar"))]
    tarred(paths[1], [(name, tarfile.REGTYPE, data) for name, data in whole])
    paths[2].write_bytes(gzip.compress(whole[0][1]))
    paths[3].write_bytes(gzip.decompress(paths[1].read_bytes())[:2560])
    for path in paths:
        data, answers = path.read_bytes(), 0
        step = max(5, len(data) // 60)
        spoiled = [data[:cut] for cut in range(0, len(data), step + 2)]
        spoiled += [data[:k] + bytes((data[k] ^ 0x55,)) + data[k + 1 :] for k in range(0, len(data), step)]
        for number, bad in enumerate(spoiled):
            path.write_bytes(bad)
            place = tmp_path / f"{path.suffix}{number}"
            try:
                unpack(path, place)
            except InputError:
                answers += 1
            else:
                assert place.is_file() or len(files(place)) == 2, "nothing is lost without a word"
        assert answers > len(spoiled) // 3
    assert not [path for path in tmp_path.iterdir() if path.name.endswith(".tmp")]


def test_a_wrong_checksum_is_damage_and_no_fault_of_the_disk(tmp_path):
    path = tmp_path / "x.h5.gz"
    tarred(tmp_path / "set.tar.gz", [("a", tarfile.REGTYPE, b"x")])
    path.write_bytes(gzip.compress(b"hello"))
    for archive in (path, tmp_path / "set.tar.gz"):
        data = archive.read_bytes()
        archive.write_bytes(data[:-6] + bytes((data[-6] ^ 255,)) + data[-5:])
        with pytest.raises(InputError, match=r"is damaged \(CRC check failed.*fetch it again"):
            unpack(archive, tmp_path / "out")
        assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.GNUTYPE_LONGNAME])
def test_a_head_of_a_tar_does_not_fill_the_memory(tmp_path, kind, monkeypatch):
    monkeypatch.setattr(unpacking, "MOST_AT_ONCE", 1 << 20)
    path = tarred(tmp_path / "set.tar.gz", [("a", kind, bytes(3 << 20))])
    with pytest.raises(InputError, match="a head of 3145728 bytes is announced"):
        unpack(path, tmp_path / "out")


def test_folders_are_counted_too(tmp_path, monkeypatch):
    monkeypatch.setattr(unpacking, "MEMBERS", 2)
    path = tarred(tmp_path / "set.tar.gz", [(str(k), tarfile.DIRTYPE, b"") for k in range(3)])
    with pytest.raises(InputError, match="more than 2 files"):
        unpack(path, tmp_path / "out")
