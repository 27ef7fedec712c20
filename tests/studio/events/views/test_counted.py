import numpy as np
import pytest

from spikesight.events.representations.frames import histogram
from spikesight.events.stream import EventStream
from spikesight.studio.events import pixels
from spikesight.studio.events.views import counted
from spikesight.studio.query import Query


@pytest.mark.parametrize(("first", "last"), [(0, 1_300_000), (1234, 56_789), (600_000, 601_000)])
def test_every_event_is_counted_where_it_was(opened, made, offsets, first, last):
    told = counted.answer(opened, Query(options={"from": str(first), "to": str(last)}))
    here = (offsets >= first) & (offsets < last)
    wanted = np.zeros((2, 7, 12), int)
    np.add.at(wanted, (made.columns.p[here].astype(int), made.columns.y[here], made.columns.x[here]), 1)
    assert np.array_equal(told["off"], wanted[0])
    assert np.array_equal(told["on"], wanted[1])
    assert (told["count"], told["top"], told["side"]) == (here.sum(), wanted.max(), 1)


def test_large_sensors_are_counted_together(opened, monkeypatch):
    monkeypatch.setattr(pixels, "MOST_PIXELS", 30)
    told = counted.answer(opened, Query())
    assert (told["side"], told["on"].shape) == (2, (4, 6))
    assert told["on"].sum(dtype=int) + told["off"].sum(dtype=int) == 9000


@pytest.mark.parametrize(("top", "kind"), [(0, "uint8"), (255, "uint8"), (256, "uint16"), (65_536, "uint32")])
def test_counts_travel_in_what_holds_them(top, kind):
    assert np.dtype(counted._smallest(top)).name == kind


def test_it_is_the_histogram_of_the_window(opened, made):
    events = EventStream(*made.columns, 12, 7)
    told = counted.answer(opened, Query(options={"from": "1000", "to": "70000"}))
    wanted = histogram(events.between(int(events.t[0]) + 1000, int(events.t[0]) + 70_000))
    assert np.array_equal(np.stack([told["off"], told["on"]]), wanted)
