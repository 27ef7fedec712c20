import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.events.representations.decays import Exponential
from spikesight.events.representations.surface import time_surface
from spikesight.events.stream import EventStream
from spikesight.studio.events.views import decayed
from spikesight.studio.query import Query, parse


@pytest.mark.parametrize(
    ("at", "tau"), [(40_000, 1000), (40_000, 50_000), (900_000, 200_000), (1, 1), (1_300_000, 1e9)]
)
def test_levels_are_as_of_the_whole_past(opened, made, offsets, at, tau):
    told = decayed.answer(opened, Query(options={"to": str(at), "tau": str(tau)}))
    newest = np.full((2, 7, 12), -np.inf)
    for t, x, y, p in zip(offsets, *made.columns[1:], strict=True):
        if t < at:
            newest[int(p), y, x] = t
    wanted = np.rint(255 * np.exp((newest - at) / tau)).astype(np.uint8)
    assert np.array_equal(told["off"], wanted[0])
    assert np.array_equal(told["on"], wanted[1])
    assert (told["to"], told["tau"]) == (at, tau)


@pytest.mark.parametrize("tau", ["0", "-1", "nan", "1e13", "soon"])
def test_time_constants_that_are_none(opened, tau):
    with pytest.raises(InputError, match="tau is a number from 1 to 1e"):
        decayed.answer(opened, parse({"tau": tau}, ("tau",)))


def test_it_is_the_time_surface_of_what_came_before(opened, made):
    events = EventStream(*made.columns, 12, 7)
    told = decayed.answer(opened, Query(options={"to": "90000", "tau": "20000"}))
    at = int(events.t[0]) + 90_000
    wanted = time_surface(events.between(0, at), Exponential(tau=0.02), at)
    shown = np.stack([told["off"], told["on"]]) / 255
    assert np.abs(shown - wanted).max() <= 0.5 / 255 + 1e-6  # levels are rounded
