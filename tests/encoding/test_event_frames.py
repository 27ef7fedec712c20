"""Frames of event counts."""

from __future__ import annotations

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.encoding.event_frames import frames_of_equal_number
from spikesight.events.stream import EventStream


def stream(times: list[int], x: list[int], y: list[int], p: list[bool]) -> EventStream:
    return EventStream(*(np.array(column) for column in (times, x, y, p)), 3, 2)  # type: ignore[arg-type]


def test_each_event_is_counted_in_its_place() -> None:
    film = frames_of_equal_number(stream([0, 1, 2, 900], [0, 2, 2, 1], [0, 1, 1, 0], [True, False, False, True]), 2)
    assert film.shape == (2, 2, 2, 3)
    assert film[0].tolist() == [[[0, 0, 0], [0, 0, 1]], [[1, 0, 0], [0, 0, 0]]]
    assert film[1].tolist() == [[[0, 0, 0], [0, 0, 1]], [[0, 1, 0], [0, 0, 0]]]


def test_frames_have_equal_numbers_but_for_one() -> None:
    random = np.random.default_rng(0)
    events = stream(list(range(23)), random.integers(0, 3, 23).tolist(), random.integers(0, 2, 23).tolist(),
                    random.integers(0, 2, 23).astype(bool).tolist())  # fmt: skip
    film = frames_of_equal_number(events, 5)
    assert film.sum((1, 2, 3)).tolist() == [4, 5, 4, 5, 5]
    np.testing.assert_array_equal(film.sum((0, 1)), events.counts)


def test_no_events_are_dark_frames_and_no_frames_an_error() -> None:
    assert frames_of_equal_number(stream([], [], [], []), 3).shape == (3, 2, 2, 3)
    with pytest.raises(InputError, match="got 0"):
        frames_of_equal_number(stream([0], [0], [0], [True]), 0)
