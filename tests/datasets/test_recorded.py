import gzip
import hashlib
import threading

import pytest

from spikesight.base.errors import InputError
from spikesight.datasets.recorded import NAME, content_digest, digest, record, recorded


def test_checksums_of_a_file_and_of_what_is_in_it(tmp_path):
    data = b"abc" * 1_000_000
    (tmp_path / "a").write_bytes(data)
    (tmp_path / "a.gz").write_bytes(gzip.compress(data))
    right = (len(data), hashlib.sha256(data).hexdigest(), hashlib.md5(data).hexdigest())
    assert digest(tmp_path / "a") == content_digest(tmp_path / "a") == content_digest(tmp_path / "a.gz") == right
    assert digest(tmp_path / "a.gz") != right
    (tmp_path / "a.gz").write_bytes(gzip.compress(data)[:-10])
    with pytest.raises(InputError, match=r"a\.gz is damaged"):
        content_digest(tmp_path / "a.gz")


def test_records_of_many_at_once_are_all_kept(tmp_path):
    assert recorded(tmp_path) == {}
    every = [threading.Thread(target=record, args=(tmp_path, str(k), {"bytes": k})) for k in range(8)]
    for one in every:
        one.start()
    for one in every:
        one.join()
    record(tmp_path, "3", {"bytes": 33})
    assert recorded(tmp_path) == {str(k): {"bytes": 33 if k == 3 else k} for k in range(8)}
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


@pytest.mark.parametrize("text", ["{", "[]", '{"a": 1}', "\xff"])
def test_a_damaged_record_is_said(tmp_path, text):
    (tmp_path / NAME).write_bytes(text.encode("latin-1"))
    with pytest.raises(InputError, match="repair it, or remove it"):
        recorded(tmp_path)
