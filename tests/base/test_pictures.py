"""Pictures are written in the format of their ending, or refused before anything is computed."""

import sys

import pytest

from spikesight.base.errors import InputError, MissingExtra
from spikesight.base.pictures import check_picture, empty_figure, save_figure


def test_what_cannot_be_drawn_is_refused(tmp_path, monkeypatch):
    with pytest.raises(InputError, match=r"'curves.txt' ends in none of \.png, \.svg, \.pdf: the ending chooses"):
        check_picture(tmp_path / "curves.txt")
    with pytest.raises(InputError, match="there is no folder"):
        check_picture(tmp_path / "nowhere" / "curves.svg")
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtra, match=r'pip install "spikesight\[plot\]"'):
        check_picture(tmp_path / "curves.svg")


def test_what_cannot_be_written_is_told(tmp_path):
    pytest.importorskip("matplotlib", reason="matplotlib is not installed (the optional extra 'plot')")
    (tmp_path / "taken.svg").mkdir()
    with pytest.raises(InputError, match=r"cannot write .*taken\.svg: "):
        save_figure(empty_figure(tmp_path / "taken.svg", 4.0, 3.0), tmp_path / "taken.svg")
