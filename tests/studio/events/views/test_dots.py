import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.studio.events.views import dots
from spikesight.studio.query import Query


def ask(opened, first, last, **more):
    options = {"from": str(first), "to": str(last), **{name: str(value) for name, value in more.items()}}
    return dots.answer(opened, Query(options=options))


def test_every_event_of_the_window(opened, made, offsets):
    told = ask(opened, 1000, 30_000)
    here = (offsets >= 1000) & (offsets < 30_000)
    assert (told["of"], told["every"]) == (here.sum(), 1)
    assert (told["t"] + 1000).tolist() == offsets[here].tolist()
    for name in ("x", "y", "p"):
        assert told[name].tolist() == getattr(made.columns, name)[here].astype(int).tolist()
    assert [told[name].dtype.name for name in ("t", "x", "y", "p")] == ["uint32", "uint16", "uint16", "uint8"]


def test_the_rule_of_leaving_out_is_as_told(opened, offsets):
    told = ask(opened, 0, 100_000, most=1000)
    here = np.flatnonzero(offsets < 100_000)
    assert told["of"] == len(here)
    assert told["every"] == 8
    chosen = here[here % told["every"] == 0]
    assert told["t"].tolist() == offsets[chosen].tolist()
    assert 500 < len(chosen) <= 1001


def test_neighbours_choose_alike(opened):
    whole = ask(opened, 0, 80_000, most=1100)
    parts = [ask(opened, first, first + 40_000, most=550) for first in (0, 40_000)]
    assert {one["every"] for one in (whole, *parts)} == {whole["every"]}
    together = np.concatenate([one["t"].astype(int) + one["from"] for one in parts])
    assert together.tolist() == whole["t"].tolist()


def test_where_nothing_happened(opened):
    told = ask(opened, 600_000, 601_000)
    assert (told["of"], told["every"], len(told["t"])) == (0, 1, 0)


def test_windows_longer_than_32_bits(opened):
    told = ask(opened, 0, 2**40)
    assert told["t"].dtype == np.float64
    assert told["of"] == 9000


def test_nobody_gets_more_than_there_is_room_for(opened):
    with pytest.raises(InputError, match="most is a whole number from 1 to 262144"):
        ask(opened, 0, 10, most=262_145)
