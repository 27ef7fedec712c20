import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.trace.importers import text_rows


def test_rows_come_in_blocks_and_say_the_same(tmp_path, monkeypatch):
    table = np.random.default_rng(0).integers(0, 1000, (500, 2))
    path = tmp_path / "a.gdf"
    np.savetxt(path, table, fmt="%d\t%d\t", header="# comment")
    monkeypatch.setattr(text_rows, "BYTES", 100)
    blocks = list(text_rows.rows(path, (2,)))
    assert len(blocks) > 10
    assert np.array_equal(np.concatenate(blocks), table)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"1 2\n3\n", "not a row of numbers"),
        (b"1 2 3\n", "rows of 3 numbers, expected 2"),
        (b"1 x\n", "not a row of numbers"),
        (b"1 \xff\n", "not text"),
        (b"1 " + b"2" * 70_000 + b"\n", "a line of 70003 characters"),
    ],
)
def test_lines_that_are_none(tmp_path, text, told):
    (tmp_path / "a").write_bytes(text)
    with pytest.raises(InputError, match=told):
        list(text_rows.rows(tmp_path / "a", (2,)))


def test_the_beginning_of_a_file():
    assert text_rows.first_row(b"# a\n\n 1 2\n3 4\n") == ["1", "2"]
    assert text_rows.first_row(b"# a\n") == []
    assert text_rows.are_numbers(["1", "2e3"])
    assert not text_rows.are_numbers(["1", "x"])
    assert not text_rows.are_numbers([])
    assert not text_rows.is_text(b"a\x00b")
