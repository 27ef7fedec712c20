"""Facts as sentences that a person reads."""

import math

import pytest

from spikesight.analysis.trace_series import View
from spikesight.analysis.what_happened import Event, Finding, Mark, clock, in_words, span

VIEW = View("classes")
FELL = Event("accuracy", "outcome", "", True, "fall", -1, 3192.0, 4000.0, 2.0, 100.0, 0.91, 0.74, -0.5, 1e-9, 500, VIEW)


def finding(**other):
    facts = {
        "series": "weight change of input_exc", "unit": "1/s", "percent": False, "t": 3152.0, "lead": 40.0,
        "uncertain": 3.0, "before": 1.0, "after": 3.1, "z": 12.34, "p": 1e-6, "q": 1e-5, "comparisons": 20,
        "view": VIEW,
    }  # fmt: skip
    return Finding(**facts | other)


def test_an_event_with_its_causes():
    event = Event(
        **FELL.__dict__ | {"findings": (finding(),), "marks": (Mark(3190.0, "pruning", "", 2.0),), "asked": 5}
    )
    assert event.as_text().splitlines() == [
        "Accuracy fell from 91 % to 74 % at 0:53:12 (p = 1e-09 with 500 comparisons).",
        "- Weight change of input_exc rose 3.1 times, from 1 to 3.1 1/s at 0:52:32, 40 s before: 12.3 times its usual "
        "variation.",
        "- The mark 'pruning' is at 0:53:10: no text.",
    ]


def test_an_event_without_any():
    assert Event(**FELL.__dict__ | {"asked": 5}).as_text().splitlines()[1:] == [
        "- None of 5 other series changed more than it usually does."
    ]
    dip = Event(**FELL.__dict__ | {"kind": "dip"})
    assert "at 0:53:12 until 1:06:40 (p" in dip.as_text()
    silence = Event(**FELL.__dict__ | {"kind": "silence", "series": "rate of exc"})
    assert silence.as_text().startswith("No spike from 0:53:12 to 1:06:40: rate of exc was 0 (p")


@pytest.mark.parametrize(
    ("lead", "order", "words"),
    [(40.0, "before", "40 s before"), (-40.0, "after", "40 s after"), (2.0, "together", "at about the same time")],
)
def test_what_came_first_as_far_as_it_can_be_told(lead, order, words):
    one = finding(lead=lead)
    assert one.order == order
    assert words in one.as_text()


def test_never_otherwise():
    assert finding(z=math.inf).as_text().endswith("it never changed otherwise.")


@pytest.mark.parametrize(
    ("before", "after", "unit", "percent", "words"),
    [
        (0.91, 0.74, "", True, "fell from 91 % to 74 %"),
        (2.0, 6.2, "Hz", False, "rose 3.1 times, from 2 to 6.2 Hz"),
        (2.0, 2.2, "Hz", False, "rose from 2 to 2.2 Hz"),
        (0.0, 2.2, "", False, "rose from 0 to 2.2"),
        (-1.0, -0.5, "", False, "rose from -1 to -0.5"),
    ],
)
def test_changes_in_words(before, after, unit, percent, words):
    assert in_words(before, after, unit, percent) == words


def test_times():
    assert [clock(t) for t in (0, 3192, 59.96, 61.25, 36_000, -5)] == [
        "0:00:00", "0:53:12", "0:01:00", "0:01:01.2", "10:00:00", "-0:00:05",
    ]  # fmt: skip
    assert [span(t) for t in (40, 0.25, 0.004, 312, 9000, 1.5)] == [
        "40 s",
        "0.25 s",
        "4 ms",
        "5.2 min",
        "2.5 h",
        "1.5 s",
    ]
