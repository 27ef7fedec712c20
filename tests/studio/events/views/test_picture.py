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
        (np.array([[np.nan, 0.5, 1.0]]), [[0, 128, 255]]),
    ],
    ids=["8 bits", "16 bits", "colours", "black", "NaN"],
)
def test_pictures_of_any_kind(made, opens, pixels, wanted):
    one = opens(replace(made, frames=(Frame(int(made.columns.t[0]), pixels),)))
    assert at(one, 5)["levels"].tolist() == wanted


def test_frames_that_were_not_written_in_order_of_time(made, opens):
    begin = int(made.columns.t[0])
    frames = tuple(Frame(begin + t, np.full((1, 1), t, np.uint8)) for t in (200, 50, 120))
    one = opens(replace(made, frames=frames))
    found = [at(one, moment) for moment in (51, 121, 201)]
    assert [(told["t"], told["levels"].item(), told["until"]) for told in found] == [
        (50, 50, 120),
        (120, 120, 200),
        (200, 200, None),
    ]


@pytest.mark.parametrize("shape", [(0, 0), (0, 4), (4, 0)], ids=str)
def test_a_frame_without_pixels(made, opens, shape):
    begin = int(made.columns.t[0])
    one = opens(replace(made, frames=(Frame(begin, np.zeros(shape, np.uint8)), Frame(begin + 9, np.ones((1, 1))))))
    with pytest.raises(Empty, match="has no pixels"):
        at(one, 5)
    assert at(one, 20)["number"] == 1
