import errno
import os

import pytest

from spikesight.base.atomic import full_disk_answer, publish, storage, sync, temporary_name, write_all, write_bytes
from spikesight.base.errors import RunError, StorageFull, TraceError


def refuse(code):
    def call(*arguments):
        raise OSError(code, os.strerror(code))

    return call


def test_content_is_replaced_and_nothing_is_left_beside_it(tmp_path):
    path = tmp_path / "run.json"
    write_bytes(path, b"old and longer")
    write_bytes(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("call", ["fsync", "replace"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_keeps_the_old_content(tmp_path, monkeypatch, call, code):
    path = tmp_path / "run.json"
    write_bytes(path, b"old")
    monkeypatch.setattr(os, call, refuse(code))
    with pytest.raises(StorageFull, match=r"run\.json: .*free some space"):
        write_bytes(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_other_refusals_pass(tmp_path, monkeypatch):
    path = tmp_path / "run.json"
    monkeypatch.setattr(os, "fsync", refuse(errno.EIO))
    with pytest.raises(OSError, match=os.strerror(errno.EIO)) as caught:
        write_bytes(path, b"new")
    assert not isinstance(caught.value, StorageFull)
    assert not list(tmp_path.iterdir())


def test_the_content_is_on_the_disk_before_the_name_is(tmp_path, monkeypatch):
    calls, fsync, replace = [], os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda descriptor: (calls.append("fsync"), fsync(descriptor)))
    monkeypatch.setattr(os, "replace", lambda *paths: (calls.append("replace"), replace(*paths)))
    write_bytes(tmp_path / "run.json", b"new")
    assert calls == ["fsync", "replace", "fsync"]  # file, name, folder


def test_the_temporary_name_is_hidden_beside_the_file(tmp_path):
    temporary = temporary_name(tmp_path / "a.parquet")
    assert temporary.parent == tmp_path
    assert temporary.name.startswith(".")
    assert temporary.suffix == ".tmp"
    temporary.write_bytes(b"whole")
    publish(temporary, tmp_path / "a.parquet")
    assert (tmp_path / "a.parquet").read_bytes() == b"whole"
    assert not temporary.exists()


def test_sync_needs_something_to_sync(tmp_path):
    sync(tmp_path)
    with pytest.raises(FileNotFoundError):
        sync(tmp_path / "missing")


def test_write_all_goes_on_after_a_small_bite(tmp_path, monkeypatch):
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:3]))
    descriptor = os.open(tmp_path / "log", os.O_WRONLY | os.O_CREAT)
    write_all(descriptor, b"0123456789")
    os.close(descriptor)
    assert (tmp_path / "log").read_bytes() == b"0123456789"


@pytest.mark.parametrize("kind", [RunError, TraceError])
def test_storage_answers_in_the_words_of_its_room(tmp_path, kind):
    with pytest.raises(kind, match=r"cannot write .*: Permission denied\. Check that"), storage(tmp_path, kind):
        refuse(errno.EACCES)()


def test_storage_tells_a_full_disk_and_leaves_answers_alone(tmp_path):
    with pytest.raises(StorageFull), storage(tmp_path, RunError):
        refuse(errno.ENOSPC)()
    told = StorageFull("told already")
    with pytest.raises(StorageFull) as caught, storage(tmp_path, RunError):
        raise told
    assert caught.value is told


def test_a_full_disk_in_the_words_of_another_library(tmp_path):
    answer = full_disk_answer(tmp_path, f'IO Error: Could not write file "x": {os.strerror(errno.ENOSPC)}')
    assert isinstance(answer, StorageFull)
    assert full_disk_answer(tmp_path, "IO Error: Permission denied") is None
