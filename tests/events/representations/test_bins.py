import pytest

from spikesight.base.errors import InputError
from spikesight.events.representations import bins
from spikesight.events.representations.bins import Between, between_bins
from spikesight.events.representations.voxel import BeyondLastBin, ToLastBin, voxel_grid
from spikesight.events.stream import EventStream


def at(*times):
    return EventStream(list(times), [0] * len(times), [0] * len(times), [1] * len(times), 1, 1)


def test_events_go_by_the_two_bins_they_lie_between():
    events = at(100, 104, 105, 109, 110)
    assert list(between_bins(events, 3, 2)) == [Between(0, slice(0, 2), 100, 0.2), Between(1, slice(2, 5), 100, 0.2)]
    assert list(between_bins(events, 1, 0)) == [Between(0, slice(0, 5), 100, 0.0)]
    assert list(between_bins(at(7, 7), 4, 3)) == [Between(0, slice(0, 2), 7, 0.0)]
    assert list(between_bins(at(), 4, 3)) == []


def test_no_part_has_too_many(monkeypatch):
    monkeypatch.setattr(bins, "AT_ONCE", 2)
    parts = list(between_bins(at(100, 101, 102, 109, 110), 3, 2))
    assert [(k, part.start, part.stop) for k, part, _, _ in parts] == [(0, 0, 2), (0, 2, 3), (1, 3, 5)]


def test_no_bins_are_an_error():
    with pytest.raises(InputError, match="got 0"):
        list(between_bins(at(1), 0, 0))
    for reach in (ToLastBin(), BeyondLastBin()):
        with pytest.raises(InputError, match="got -1"):
            voxel_grid(at(1), -1, reach)
