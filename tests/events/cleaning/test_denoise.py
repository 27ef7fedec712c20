import pytest
from streams_to_clean import of, rows

from spikesight.base.errors import InputError
from spikesight.events.cleaning import Denoise
from spikesight.events.cleaning.denoise import denoise


def test_an_event_stays_in_company():
    alone, first, beside, later = (0, 6, 4, True), (100, 1, 1, True), (105, 2, 2, False), (116, 3, 2, True)
    assert rows(denoise(of([alone, first, beside, later]), 10)) == [beside]
    assert rows(denoise(of([alone, first, beside, later]), 11)) == [beside, later]


def test_a_hot_pixel_does_not_support_itself():
    assert len(denoise(of([(k, 3, 3, True) for k in range(50)]), 10)) == 0


def test_corners_have_neighbours_too():
    corners = [(0, 0), (6, 0), (0, 4), (6, 4)]
    inwards = [(1, 1), (5, 1), (1, 3), (5, 3)]
    made = [(k, *place, True) for k, place in enumerate(corners + inwards)]
    assert [row[1:3] for row in rows(denoise(of(made), 10))] == inwards
    assert len(denoise(of([(0, 0, 1, True), (1, 6, 0, True), (2, 6, 2, True)]), 10)) == 0, "rows do not wrap"


def test_no_time_is_refused():
    with pytest.raises(InputError, match="microseconds is a whole number from 1 on, got 0"):
        Denoise(0)
