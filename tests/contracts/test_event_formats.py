"""What every format of event files keeps to: all events come back, in any pieces; damage is told, and takes nothing."""

from __future__ import annotations

import contextlib
import tracemalloc
import warnings
from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spikesight.base.errors import InputError
from spikesight.base.randomness import generator
from spikesight.benchmarks.event_mutations import mutated
from spikesight.benchmarks.event_samples import ALL_ON, events, samples, sensor
from spikesight.events.files.choosing import FORMATS, choose
from spikesight.events.files.format import Likeness, Writable
from spikesight.events.files.reading import EventFile, read
from spikesight.events.files.source import EventFileError, Source
from spikesight.events.stream import EventStream, joined

WRITABLE = [name for name in FORMATS if isinstance(FORMATS[name](), Writable)]
CUTS, SPOILT = 60, 40
MEMORY = 1 << 27
NUMBER = 400


@cache
def sound(name: str) -> bytes:
    """A sound file of some hundred events, or of a part of a recording."""
    found = samples(name)
    if not found:
        pytest.skip("the format is not written, and no recording is here")
    return found[0]


@cache
def whole(name: str) -> EventStream:
    return quietly(sound(name), name)[0]


def quietly(data: bytes, name: str, number: int | None = None) -> tuple[EventStream, tuple[str, ...]]:
    """Events of a file, and what was warned of: read whole, or so many at a time."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if number is None:
            recording = read(data, FORMATS[name]())
            return recording.events, recording.notes
        file = EventFile(data, FORMATS[name]())
        pieces = list(file.pieces(number))
        assert all(len(piece) <= number for piece in pieces)
        return joined(EventStream([], [], [], [], *file.sensor()), *pieces), ()


def same(one: EventStream, other: EventStream) -> bool:
    return all(np.array_equal(getattr(one, key), getattr(other, key)) for key in ("t", "x", "y", "p"))


def streams(name: str) -> st.SearchStrategy[EventStream]:
    """Streams of up to 40 events: of one time, in order, stepping back, with clocks that go over, beyond any file."""
    width, height = sensor(name)
    gaps = st.one_of(
        st.just(0), st.integers(0, 5), st.integers(0, 1 << 15), st.integers(0, 1 << 25), st.integers(-3000, 1 << 33)
    )
    event = st.tuples(gaps, st.integers(0, width - 1), st.integers(0, height - 1), st.booleans())
    starts = st.one_of(st.just(0), st.integers(0, 1 << 22), st.integers(0, 1 << 51), st.integers(-(1 << 62), 1 << 62))

    def build(start: int, rows: list[tuple[int, int, int, bool]]) -> EventStream:
        t = start + np.cumsum(np.array([row[0] for row in rows], np.int64))
        x, y, p = ([row[k] for row in rows] for k in (1, 2, 3))
        return EventStream(t, x, y, [True] * len(p) if name in ALL_ON else p, width, height)

    return st.builds(build, starts, st.lists(event, max_size=40))


@pytest.mark.parametrize("name", WRITABLE)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), pieces=st.integers(1, 50))
def test_what_is_written_is_read_or_refused_before(name, data, pieces, tmp_path):
    stream, path = data.draw(streams(name)), tmp_path / "file"
    path.unlink(missing_ok=True)
    try:
        FORMATS[name]().write(path, stream.pieces(pieces), stream.width, stream.height)
    except InputError:
        assert not usual(stream), "these events are such as every format has room for"
        return
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert same(read(path, FORMATS[name]()).events, stream)


def usual(stream: EventStream) -> bool:
    """Whether the events are in order and within 8 seconds, as of any recording."""
    t = stream.t
    return not len(t) or (not stream.backward_steps and t[0] >= 0 and int(t[-1]) < 8_000_000)


@pytest.mark.parametrize("name", WRITABLE)
def test_a_file_under_any_name_is_recognised(name, tmp_path):
    stream = events(name, NUMBER)
    FORMATS[name]().write(tmp_path / "nameless", iter((stream,)), stream.width, stream.height)
    source = Source.of(tmp_path / "nameless")
    known = FORMATS[name]().sniff(source)
    assert known is not Likeness.NO
    if known is Likeness.YES:
        assert choose(source).name == name
        others = [other for other in FORMATS if other != name and FORMATS[other]().sniff(source) is Likeness.YES]
        assert others == []
    else:
        (tmp_path / "nameless").rename(tmp_path / f"named{FORMATS[name].suffixes[0]}")
        assert choose(Source.of(tmp_path / f"named{FORMATS[name].suffixes[0]}")).name == name


@pytest.mark.parametrize("name", list(FORMATS))
def test_pieces_are_the_whole_and_reading_again_is_the_same(name):
    assert len(whole(name)) > 7
    for number in (1, 7, 1000):
        assert same(quietly(sound(name), name, number)[0], whole(name))
    assert same(quietly(sound(name), name)[0], whole(name))


@pytest.mark.parametrize("name", list(FORMATS))
def test_columns_are_the_callers_own(name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pieces = list(FORMATS[name]().open(Source.of(sound(name))).pieces(5))
        kept = [[column.copy() for column in piece] for piece in pieces]
        for piece in pieces:
            for column in piece:
                column[:] = 0
        again = list(FORMATS[name]().open(Source.of(sound(name))).pieces(5))
    for piece, before in zip(again, kept, strict=True):
        assert all(np.array_equal(column, old) for column, old in zip(piece, before, strict=True))


@pytest.mark.parametrize("name", list(FORMATS))
def test_a_file_cut_off_anywhere_gives_what_comes_before(name):
    data, silent, told = sound(name), 0, []
    ends = {*np.linspace(0, len(data) - 1, CUTS).astype(int).tolist(), *range(max(0, len(data) - 20), len(data))}
    for end in sorted(ends):
        try:
            got, notes = quietly(data[:end], name)
        except EventFileError as error:
            told.append((error.offset, str(error)))
            continue
        assert same(got, whole(name).of(slice(0, len(got)))), f"cut at byte {end}"
        silent += not notes
    assert all(0 <= offset <= len(data) and f"at byte {offset}: " in words for offset, words in told)
    # Where a file may end after any record, a cut between two cannot be seen; the shortest records have two bytes.
    assert silent <= 0.6 * len(ends)


@pytest.mark.parametrize("name", list(FORMATS))
def test_whatever_the_bytes_are_there_are_events_or_an_answer(name):
    tracemalloc.start()
    for number in range(SPOILT):
        data = mutated(sound(name), generator(1, f"contract {name}", number))
        with contextlib.suppress(InputError):
            quietly(data, name)
    assert tracemalloc.get_traced_memory()[1] < MEMORY
    tracemalloc.stop()


@pytest.mark.parametrize("name", list(FORMATS))
def test_a_file_is_not_touched_and_no_other_is_made(name, tmp_path):
    path = tmp_path / "file"
    path.write_bytes(sound(name))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        read(path, FORMATS[name]())
    assert path.read_bytes() == sound(name)
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("name", list(FORMATS))
@pytest.mark.parametrize(
    "data", [b"", b"\0", b"\xff" * 64, b"% end\n", b"#!AER-DAT", b"\x89HDF\r\n\x1a\n"], ids=range(6)
)
def test_bytes_that_are_no_file_are_events_or_an_answer(name, data):
    with contextlib.suppress(InputError):
        quietly(data, name)
    with contextlib.suppress(InputError):
        FORMATS[name]().sniff(Source.of(data))


def test_a_format_says_what_it_is():
    for name in FORMATS:
        form = FORMATS[name]()
        assert form.name == name
        assert form.title
        assert all(suffix.startswith(".") for suffix in form.suffixes)
