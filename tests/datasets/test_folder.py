"""Where data sets are looked for, and what is said where they are not."""

from pathlib import Path

import pytest

from spikesight.base.errors import MissingData
from spikesight.datasets.folder import data_folder, find


def test_what_was_asked_for_comes_before_the_environment_and_that_before_the_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("SPIKESIGHT_DATA", "/named/by/environment")
    assert data_folder(tmp_path) == tmp_path
    assert data_folder() == Path("/named/by/environment")
    monkeypatch.delenv("SPIKESIGHT_DATA")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert data_folder() == tmp_path / "spikesight" / "data"


def test_the_first_name_that_exists_wins_and_images_may_lie_in_a_folder(tmp_path):
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "b").touch()
    assert find(tmp_path, ["a", "b"], "Things") == tmp_path / "images" / "b"
    (tmp_path / "b").touch()
    assert find(tmp_path, ["a", "b"], "Things") == tmp_path / "b"
    (tmp_path / "a").touch()
    assert find(tmp_path, ["a", "b"], "Things") == tmp_path / "a"


def test_what_is_missing_and_what_to_do_is_said(tmp_path):
    (tmp_path / "a").mkdir()
    with pytest.raises(MissingData) as caught:
        find(tmp_path, ["a", "b"], "Things")
    message = str(caught.value)
    for told in ("Things", str(tmp_path), "Put a or b there", "--data", "SPIKESIGHT_DATA"):
        assert told in message
    assert isinstance(caught.value, FileNotFoundError)
