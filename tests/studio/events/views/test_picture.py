from dataclasses import replace

import numpy as np
import pytest

from spikesight.events.recording import Frame
from spikesight.studio.events.views import picture
from spikesight.studio.query import Query
from spikesight.studio.shown import Empty


def at(opened, moment):
    return picture.answer(opened, Query(options={"to": str(moment)}))


def test_the_newest_frame_before_the_cursor(opened):
    with pytest.raises(Empty, match="No frame was taken before"):
        at(opened, 50_000)
    first = at(opened, 50_001)
    assert (first["t"], first["number"], first["until"]) == (50_000, 0, 400_000)
    assert np.array_equal(first["levels"], np.zeros((7, 12)))
    second = at(opened, 1_000_000)
    assert (second["number"], second["until"]) == (1, None)


def test_a_camera_without_frames(made, opens):
    with pytest.raises(Empty, match="has no frames"):
        at(opens(replace(made, frames=())), 5)


@pytest.mark.parametrize(
    ("pixels", "wanted"),
    [
        (np.array([[0, 7, 255]], np.uint8), [[0, 7, 255]]),
        (np.array([[0, 500, 1000]], np.uint16), [[0, 128, 255]]),
        (np.array([[[3, 6, 9], [0, 0, 255]]], np.uint8), [[6, 85]]),
        (np.zeros((1, 2), np.float64), [[0, 0]]),
    ],
    ids=["8 bits", "16 bits", "colours", "black"],
)
def test_pictures_of_any_kind(made, opens, pixels, wanted):
    one = opens(replace(made, frames=(Frame(int(made.columns.t[0]), pixels),)))
    assert at(one, 5)["levels"].tolist() == wanted
