import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from spikesight.analysis.pictures import save_rates, save_response
from spikesight.analysis.single_neuron import Response
from spikesight.base.errors import InputError, MissingExtra

AT = np.arange(101) * 1e-3
RESPONSE = Response("made-up", AT, np.ones(101), np.sin(AT * 60.0), np.array([20e-3, 50e-3]))


def test_pictures_are_written(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="matplotlib is not installed (the optional extra 'plot')")
    save_response(RESPONSE, tmp_path / "neuron.png")
    with Image.open(tmp_path / "neuron.png") as picture:
        assert picture.size == (1200, 675)
        assert len(picture.convert("RGB").getcolors(1 << 20) or []) > 10
    save_rates("made-up", np.arange(3.0), np.arange(3.0) ** 2, tmp_path / "curve.svg")
    assert "<path" in (tmp_path / "curve.svg").read_text()
    with pytest.raises(InputError, match=r"cannot write .*nowhere"):
        save_response(RESPONSE, tmp_path / "nowhere" / "neuron.png")


def test_an_ending_chooses_the_format(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"'neuron.bmp' ends in none of \.png, \.svg, \.pdf"):
        save_response(RESPONSE, tmp_path / "neuron.bmp")


def test_without_the_extra_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtra, match=r'pip install "spikesight\[plot\]"'):
        save_response(RESPONSE, tmp_path / "neuron.png")
