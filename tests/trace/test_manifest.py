import errno
import os
import re

import pytest

from spikesight.base.errors import StorageFull, TraceError
from spikesight.trace.manifest import ManifestLog, Segment, examine_manifest, read_manifest, write_manifest


def segment(number, table="spikes/exc"):
    return Segment(table, f"{table}/{number:06d}.parquet", 5, number, number + 1, None, None)


def test_lines_come_back_in_order(tmp_path):
    write_manifest(tmp_path, [segment(3)])
    log = ManifestLog(tmp_path)
    log.add([segment(1), segment(2)])
    log.close()
    assert log.count == 3
    assert read_manifest(tmp_path) == [segment(3), segment(1), segment(2)]
    assert segment(3).number == 3


def test_every_byte_of_a_torn_last_line_is_ignored(tmp_path):
    write_manifest(tmp_path, [segment(0), segment(1)])
    path = tmp_path / "manifest.jsonl"
    data = path.read_bytes()
    first = data.index(b"\n") + 1
    for length in range(first, len(data)):
        path.write_bytes(data[:length])
        assert read_manifest(tmp_path) == [segment(0)]


def test_any_other_damage_is_an_error_with_its_line(tmp_path):
    write_manifest(tmp_path, [segment(0), segment(1)])
    path = tmp_path / "manifest.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"rows": 5', b'"rows" 5', 1))
    with pytest.raises(TraceError, match=r"line 1, is no segment"):
        read_manifest(tmp_path)


@pytest.mark.parametrize(
    ("table", "file"),
    [
        ("spikes/exc", "../../etc/000000.parquet"),
        ("spikes/exc", "spikes/inh/000000.parquet"),
        ("spikes/exc", "spikes/exc/secret.parquet"),
        ("../x", "../x/000000.parquet"),
    ],
)
def test_files_outside_the_table_are_refused(tmp_path, table, file):
    write_manifest(tmp_path, [Segment(table, file, 1, 0, 0, None, None)])
    with pytest.raises(TraceError, match="no segment of it"):
        read_manifest(tmp_path)


def test_no_manifest(tmp_path):
    with pytest.raises(TraceError, match=r"no manifest\.jsonl"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("call", ["write", "fsync"])
def test_a_full_disk_leaves_the_manifest_as_it_was(tmp_path, monkeypatch, call):
    write_manifest(tmp_path, [segment(0)])
    log, write = ManifestLog(tmp_path), os.write

    def half(descriptor, data):
        if len(data) < 20:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(descriptor, data[: len(data) // 2])

    def full(descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, call, half if call == "write" else full)
    with pytest.raises(StorageFull):
        log.add([segment(1)])
    monkeypatch.undo()
    assert (log.count, read_manifest(tmp_path)) == (1, [segment(0)])
    log.add([segment(2)])
    assert read_manifest(tmp_path) == [segment(0), segment(2)]
    log.close()


@pytest.mark.parametrize(
    "fact", ['"rows": -1', '"rows": 1e3', '"t_first": null', '"t_last": 1e400', '"stim_first": [1]']
)
def test_numbers_that_are_none_are_refused(tmp_path, fact):
    write_manifest(tmp_path, [Segment("spikes/exc", "spikes/exc/000000.parquet", 1, 0, 0, 0, 0)])
    path, name = tmp_path / "manifest.jsonl", fact.partition(":")[0]
    path.write_text(re.sub(rf"{name}: \d+", fact, path.read_text()))
    with pytest.raises(TraceError, match="line 1, is no segment: rows and extents are whole numbers"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("line", ["[]", "3", "null", "[" * 100_000, '{"table": []}', "\x00", '{"rows": ' + "9" * 5000])
def test_lines_that_are_no_objects_are_refused_and_the_others_are_told(tmp_path, line):
    write_manifest(tmp_path, [segment(0), segment(1)])
    path = tmp_path / "manifest.jsonl"
    first, second = path.read_text().splitlines()
    path.write_text(f"{first}\n{line}\n{second}\n")
    with pytest.raises(TraceError, match="line 2, is no segment"):
        read_manifest(tmp_path)
    found, wrong = examine_manifest(tmp_path)
    assert found == [segment(0), segment(1)]
    assert len(wrong) == 1
