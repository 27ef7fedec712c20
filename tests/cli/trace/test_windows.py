"""Times and windows of stimuli as people type them."""

import click
import pytest

from spikesight.cli.trace.windows import Stimuli, Time


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("10", 10), ("10s", 10), ("250ms", 0.25), (" 40 us", 4e-5), ("2min", 120), ("1.5h", 5400), ("-1s", -1),
        (".5", 0.5), ("1:30", 90), ("0:00.5", 0.5), ("1:02:30", 3750),
    ],
)  # fmt: skip
def test_times(text, seconds):
    assert Time().convert(text, None, None) == pytest.approx(seconds, rel=1e-15)


@pytest.mark.parametrize("text", ["", "soon", "10 m", "1:2", "1e3", "nan", "inf", "10s s"])
def test_what_is_no_time(text):
    with pytest.raises(click.BadParameter, match="is no time"):
        Time().convert(text, None, None)


def test_stimuli():
    assert Stimuli().convert("100:200", None, None) == (100, 200)


@pytest.mark.parametrize("text", ["100", "5:5", "7:3", "-1:4", ":4", "1:99999999999"])
def test_what_is_no_window_of_stimuli(text):
    with pytest.raises(click.BadParameter, match="is no window of stimuli"):
        Stimuli().convert(text, None, None)
