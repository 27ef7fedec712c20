"""A file that is open: read in the background, asked when it is there, let go of at the end."""

import threading
from dataclasses import replace

import pytest

from spikesight.base.errors import InputError, SpikesightError
from spikesight.events.files.reading import EventFile
from spikesight.events.files.source import EventFileError
from spikesight.studio.events.open_events import OpenEvents
from spikesight.studio.events.views import EVENT_VIEWS
from spikesight.studio.query import Query, parse
from spikesight.studio.shown import Empty


class Waiting:
    """A made-up format that does not go on before the gate is open."""

    def __init__(self, made, gate):
        self.made, self.gate = made, gate
        self.name, self.title = made.name, made.title

    @property
    def file(self):
        return EventFile(b"bytes", self, "made-up.events")

    def open(self, source):
        reading = self.made.open(source)
        pieces = reading.pieces

        def slowly(events):
            for piece in pieces(events):
                yield piece
                self.gate.wait(10)

        reading.pieces = slowly
        return reading


def test_while_it_is_read_it_says_how_far(made):
    gate = threading.Event()
    one = OpenEvents(Waiting(made, gate).file)
    try:
        assert one.reading
        with pytest.raises(Empty, match=r"being read: (0|1,000) events so far"):
            _ = one.recorded
        told = EVENT_VIEWS["facts"].answer(one, Query())
        assert told["reading"] is True
        assert "count" not in told
    finally:
        gate.set()
        one.wait()
    assert not one.reading
    assert len(one.recorded) == 9000
    one.close()
    with pytest.raises(InputError, match="is closed"):
        _ = one.recorded


def test_closing_ends_reading(made):
    gate = threading.Event()
    one = OpenEvents(Waiting(made, gate).file)
    threading.Timer(0.05, gate.set).start()
    one.close()
    assert not one._thread.is_alive()


def test_damage_is_raised_by_whoever_asks(made, opens):
    one = opens(replace(made, columns=made.columns.part(0, 0), error=lambda r: r.source.damaged(3, "no word")))
    for view in EVENT_VIEWS.values():
        with pytest.raises(EventFileError, match="at byte 3: no word"):
            view.answer(one, Query())


def test_a_mistake_of_a_reader_is_an_answer_too(made, opens):
    one = opens(replace(made, error=lambda _: ValueError("cannot reshape")))
    with pytest.raises(InputError, match="cannot be shown: cannot reshape"):
        _ = one.recorded


def test_a_file_without_events(made, opens):
    one = opens(replace(made, columns=made.columns.part(0, 0)))
    assert EVENT_VIEWS["facts"].answer(one, Query())["empty"] == "made-up.events holds no events."
    for name in ("rate", "dots", "counted", "decayed"):
        with pytest.raises(Empty, match="holds no events"):
            EVENT_VIEWS[name].answer(one, Query())


@pytest.mark.parametrize(
    "asked",
    [{"from": "5", "to": "5"}, {"from": "9", "to": "2"}, {"from": "-1"}, {"to": "1e300"}, {"to": "nan"}, {"from": "x"}],
)
def test_windows_that_are_none(opened, asked):
    for name in ("rate", "dots", "counted", "motion"):
        with pytest.raises(InputError):
            EVENT_VIEWS[name].answer(opened, parse(asked, EVENT_VIEWS[name].options))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_mistake_of_a_reader_ends_the_waiting(made):
    one = OpenEvents(replace(made, error=lambda _: RuntimeError("of another library")).file)
    one.wait()
    assert not one.reading
    with pytest.raises(SpikesightError, match="made a mistake: RuntimeError: of another library"):
        _ = one.recorded
    one.close()
