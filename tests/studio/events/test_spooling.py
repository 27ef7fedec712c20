"""One pass keeps every event, in order of time, and says what it met."""

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spikesight.base.errors import InputError
from spikesight.events.files.bin import Bin
from spikesight.events.files.format import Columns
from spikesight.events.files.reading import EventFile, read
from spikesight.events.files.source import EventFileError
from spikesight.studio.events import spooling
from spikesight.studio.events.spooling import Stopped


def goes_on(_):
    return True


@pytest.fixture(scope="module")
def spooled():
    """Reads a file as the module does, and lets go of it at the end."""
    kept = []

    def do(file, told):
        kept.append(spooling.spooled(file, told))
        return kept[-1]

    yield do
    for seen in kept:
        seen.close()


def test_every_event_and_all_beside_them(spooled, made):
    seen = spooled(made.file, goes_on)
    for got, wanted in zip(seen.columns, made.columns, strict=True):
        assert np.array_equal(got, wanted)
    assert (seen.width, seen.height, seen.backward_steps, seen.variant) == (12, 7, 0, "made up")
    assert seen.triggers.t.tolist() == made.triggers.t.tolist()
    assert np.array_equal(seen.inertial.acceleration, made.inertial.acceleration)
    assert [seen.frames[k].t for k in (0, 1)] == [frame.t for frame in made.frames]
    assert seen.gap_count == 1


def test_a_sensor_that_is_not_told_has_room_for_all_events(spooled, made):
    seen = spooled(replace(made, sensor=(None, None)).file, goes_on)
    assert (seen.width, seen.height) == (12, 7)


def test_an_event_outside_of_the_sensor(spooled, made):
    with pytest.raises(InputError, match=r"12 x 5 pixels, but has events up to x = 11, y = 6"):
        spooled(replace(made, sensor=(12, 5)).file, goes_on)


def test_steps_back_are_counted_across_pieces_and_sorted_stably(spooled, made):
    rng = np.random.default_rng(1)
    order = np.arange(9000)
    order[2980:2999] = rng.permutation(order[2980:2999])
    order[[2999, 3000]] = 3100, 2900  # pieces have 1000 events
    columns = Columns(*(column[order] for column in made.columns))
    seen = spooled(replace(made, columns=columns).file, goes_on)
    assert seen.backward_steps == int((np.diff(columns.t) < 0).sum()) > 0
    stable = np.argsort(columns.t, kind="stable")
    for got, given_column in zip(seen.columns, columns, strict=True):
        assert np.array_equal(got, given_column[stable])


def test_too_many_to_sort(spooled, made, monkeypatch):
    monkeypatch.setattr(spooling, "MOST_SORTED", 100)
    columns = made.columns._replace(t=made.columns.t[::-1].copy())
    with pytest.raises(InputError, match=r"of 9000 events step back in time.*convert it in order of time"):
        spooled(replace(made, columns=columns).file, goes_on)


def test_damage_keeps_what_was_before_and_is_told(spooled, made):
    damaged = replace(made, error=lambda reading: reading.source.damaged(77, "no such word"))
    seen = spooled(damaged.file, goes_on)
    assert len(seen) == 9000
    assert seen.notes == ("made-up.events: at byte 77: no such word; what was read before is shown",)
    nothing = replace(damaged, columns=made.columns.part(0, 0))
    with pytest.raises(EventFileError, match="at byte 77"):
        spooled(nothing.file, goes_on)


def test_times_that_no_page_can_tell_apart(spooled, made):
    t = made.columns.t.copy()
    t[-1] = 2**62
    with pytest.raises(InputError, match="285 years"):
        spooled(replace(made, columns=made.columns._replace(t=t)).file, goes_on)


def test_it_ends_when_nobody_wants_it(spooled, made):
    told = []

    def once(events):
        told.append(events)
        return False

    with pytest.raises(Stopped):
        spooled(made.file, once)
    assert told == [1000]


@given(st.binary(min_size=1, max_size=400))
@settings(max_examples=60, deadline=None)
def test_a_file_is_what_reading_it_whole_gives(spooled, data):
    form = Bin(256, 256)
    data = data[: len(data) // 5 * 5] or bytes(5)
    seen = spooled(EventFile(data, form), goes_on)
    whole = read(data, form).events.sorted()
    for got, name in zip(seen.columns, ("t", "x", "y", "p"), strict=True):
        assert np.array_equal(got, getattr(whole, name))


def test_memory_does_not_grow_with_the_file(spooled, made, monkeypatch):
    monkeypatch.setattr("spikesight.studio.events.recorded._AT_ONCE", 10_000)
    n = 400_000
    columns = Columns(np.arange(n), np.zeros(n, np.uint16), np.zeros(n, np.uint16), np.ones(n, bool))
    tracemalloc.start()
    try:
        seen = spooled(replace(made, columns=columns, frames=()).file, goes_on)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(seen) == n
    assert peak < n * 13 / 4
