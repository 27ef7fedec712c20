import contextlib
import io
import os
import pty

import pytest

from spikesight.base import progress as module
from spikesight.base.progress import Bar, Lines, Silent, progress


@pytest.fixture
def clock(monkeypatch):
    """A clock that the test sets."""
    now = [100.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    return now


def test_pipes_get_a_line_every_few_seconds_and_one_at_the_end(clock):
    stream = io.StringIO()
    with progress("training", 10, stream) as report:
        assert isinstance(report, Lines)
        for step in range(10):
            clock[0] = 100.0 + step
            report.advance(1, accuracy=step / 10)
    assert stream.getvalue().splitlines() == [
        "training: 6/10  5.0 s  accuracy 0.5",
        "training: 10/10  9.0 s  accuracy 0.9",
    ]


def test_the_number_of_steps_may_be_unknown(clock):
    stream = io.StringIO()
    with progress("fetching", None, stream) as report:
        report.advance(3)
        clock[0] = 106.0
        report.advance(4)
    assert stream.getvalue() == "fetching: 7  6.0 s\n"


def test_steps_may_come_in_bunches(clock):
    stream = io.StringIO()
    with progress("testing", 100, stream) as report:
        report.advance(60)
        report.advance(40, rate=1234.5)
    assert stream.getvalue() == "testing: 100/100  0.0 s  rate 1.23e+03\n"


def test_a_terminal_gets_a_bar(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    controller, terminal = pty.openpty()
    with open(terminal, "w") as stream, progress("training", 4, stream) as report:
        assert isinstance(report, Bar)
        report.advance(3, accuracy=0.5)
        report.advance(1, accuracy=0.75)
    shown = _all_of(controller)
    assert "training" in shown
    assert "4/4" in shown
    assert "accuracy 0.75" in shown


def _all_of(controller):
    """What a terminal was told: it comes in pieces, and its end is an error."""
    told = b""
    with contextlib.suppress(OSError):
        while piece := os.read(controller, 4096):
            told += piece
    os.close(controller)
    return told.decode()


def test_nothing_is_said_where_nobody_asked(capfd):
    Silent().advance(3, accuracy=0.5)
    assert capfd.readouterr() == ("", "")


def test_standard_error_is_the_stream_if_none_is_given(capsys):
    with progress("training", 1) as report:
        report.advance(1)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("training: 1/1")
