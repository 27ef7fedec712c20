import pytest

from spikesight.base.errors import MissingData
from spikesight.datasets.slider_depth import slider_depth


def test_time_begins_with_the_first_event(tmp_path):
    (tmp_path / "slider_depth_events.txt").write_text("0.003811000 96 133 0\n0.003820001 127 171 1\n")
    events = slider_depth(tmp_path)
    assert events.t.tolist() == [0, 9]
    assert (events.width, events.height) == (240, 180)
    (tmp_path / "slider_depth_events.txt").write_text("")
    assert len(slider_depth(tmp_path)) == 0


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(MissingData, match="slider_depth_events"):
        slider_depth(tmp_path)
