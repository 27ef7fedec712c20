"""Curves of a benchmark as a picture in the format that was asked for."""

import pytest

from spikesight.base.errors import InputError
from spikesight.benchmarks.picture import save_curves
from spikesight.benchmarks.report import Curve, Report

pytest.importorskip("matplotlib", reason="the extra `plot` is not installed")
CURVE = Curve("rate (Hz)", "seconds", [1.0, 10.0], {"all": [1.0, 2.0], "spikes": [0.5, 1.5]})


@pytest.fixture
def report():
    return Report("made-up", {}, {}, {}, {"rate": CURVE, "fan_out": CURVE})


@pytest.mark.parametrize(("ending", "begins"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")])
def test_a_picture_is_drawn(report, tmp_path, ending, begins):
    file = tmp_path / f"curves.{ending}"
    save_curves(report, file)
    assert file.read_bytes().startswith(begins)


def test_what_cannot_be_drawn_is_refused(report, tmp_path):
    with pytest.raises(InputError, match="the ending chooses the format"):
        save_curves(report, tmp_path / "curves.txt")
    with pytest.raises(InputError, match="measures no curves"):
        save_curves(Report("made-up", {}, {}, {}), tmp_path / "curves.svg")
