import pytest
from streams_to_clean import of, rows

from spikesight.base.errors import InputError
from spikesight.events.cleaning import CentreCrop, Crop


def test_a_window_is_a_sensor():
    assert rows(Crop(2, 1, 3, 3)(of([(0, 2, 1, True), (1, 4, 3, False), (2, 5, 3, True)]))) == [
        (0, 0, 0, True),
        (1, 2, 2, False),
    ]


def test_the_middle():
    assert rows(CentreCrop(3, 1)(of([(0, 2, 2, True), (1, 1, 2, True)]))) == [(0, 0, 0, True)]
    assert rows(CentreCrop(4, 2)(of([(0, 1, 1, True), (1, 5, 1, True)]))) == [(0, 0, 0, True)]
    with pytest.raises(InputError, match="crop less, or paste"):
        CentreCrop(8, 2)(of([]))
