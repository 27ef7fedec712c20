"""The studio as commands open it."""

import pytest

from spikesight.base.errors import InputError
from spikesight.cli.window import Window


def test_files_of_events_are_played_on_a_page_of_their_own(tmp_path, capsys):
    path = tmp_path / "dots.bin"
    path.write_bytes(bytes([3, 4, 128, 0, 9]))
    window = Window(0, open_browser=False)
    window.play(path)
    assert "/events#token=" in capsys.readouterr().out
    with window._studio:
        pass


def test_a_file_that_is_not_there_opens_nothing(tmp_path):
    window = Window(0, open_browser=False)
    with pytest.raises(InputError, match="is not there"):
        window.play(tmp_path / "dots.bin")
    window.stay()
