"""Pictures of any sensor, and windows that are too much for one."""

from types import SimpleNamespace

import pytest

from spikesight.studio.events import pixels
from spikesight.studio.events.pixels import MOST_PIXELS, Grid
from spikesight.studio.shown import Empty


@pytest.mark.parametrize(("width", "height", "side"), [(1, 1, 1), (640, 480, 1), (1920, 1080, 1), (65536, 65536, 46)])
def test_a_picture_is_never_too_large(width, height, side):
    grid = Grid.of(SimpleNamespace(width=width, height=height))
    assert grid.side == side
    assert grid.rows * grid.columns <= MOST_PIXELS
    assert grid.rows * side >= height
    assert grid.columns * side >= width


def test_places_are_the_same_in_pieces(opened, made, monkeypatch):
    monkeypatch.setattr(pixels, "_AT_ONCE", 7)
    found = [place for _, places in Grid(7, 12, 1).places(opened.recorded, 3, 50) for place in places]
    x, y, p = (column[3:50].astype(int) for column in made.columns[1:])
    assert found == ((p * 7 + y) * 12 + x).tolist()
    halves = [place for _, places in Grid(4, 6, 2).places(opened.recorded, 3, 50) for place in places]
    assert halves == ((p * 4 + y // 2) * 6 + x // 2).tolist()


def test_too_many_events_for_a_picture(opened, monkeypatch):
    monkeypatch.setattr(pixels, "MOST_EVENTS", 100)
    with pytest.raises(Empty, match="101 events are too many for one picture: choose a shorter window"):
        list(Grid(7, 12, 1).places(opened.recorded, 0, 101))
    assert sum(len(places) for _, places in Grid(7, 12, 1).places(opened.recorded, 0, 100)) == 100
