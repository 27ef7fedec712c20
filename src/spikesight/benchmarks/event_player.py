"""How fast the studio answers about a moment of a recording, and how many pictures a second its page draws."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar, Final

import numpy as np

from spikesight import studio
from spikesight.base.randomness import generator
from spikesight.benchmarks.browser import Browser
from spikesight.benchmarks.report import Report
from spikesight.benchmarks.timing import timed
from spikesight.events.files.format import Columns, Likeness, Reading
from spikesight.events.files.reading import EventFile
from spikesight.events.files.source import Source
from spikesight.runs.machine import machine
from spikesight.studio.events.open_events import OpenEvents
from spikesight.studio.events.views import EVENT_VIEWS
from spikesight.studio.query import Query
from spikesight.studio.wire import to_binary

EVENTS: Final = 10**7
TIMES_FEWER: Final = 10
WIDTH, HEIGHT = 640, 480
WINDOW: Final = 33_000
"""Microseconds, of as many events: there is one every microsecond."""
QUESTIONS: Final = 100
SECONDS_OF_PLAYING: Final = 5.0
SIZE: Final = (1200, 750)
VIEWS: Final = ("dots", "counted", "decayed", "rate")


@dataclass(frozen=True)
class MadeUp:
    """A recording of two rings that move, an event every microsecond, decoded while it is read."""

    events: int

    name: ClassVar[str] = "made-up"
    title: ClassVar[str] = "two rings that move"
    suffixes: ClassVar[tuple[str, ...]] = ()

    def sniff(self, source: Source) -> Likeness:
        """No file is one."""
        return Likeness.NO

    def open(self, source: Source) -> Reading:
        """Begin to make it up."""
        return _MadeUp(source, self.events)


class _MadeUp(Reading):
    def __init__(self, source: Source, events: int) -> None:
        super().__init__(source, "", WIDTH, HEIGHT)
        self.events = events

    def pieces(self, events: int) -> Iterator[Columns]:
        random = generator(0, "rings")
        for first in range(0, self.events, events):
            t = np.arange(first, min(first + events, self.events))
            angle, right = 2 * np.pi * random.random(len(t)), random.random(len(t)) < 0.5
            x = np.where(right, 400, 240) + 120 * np.sin(t / 7e5) + 60 * np.cos(angle)
            y = np.where(right, 280, 200) + 90 * np.cos(t / 5e5) + 60 * np.sin(angle)
            yield Columns(t, x.astype(np.uint16), y.astype(np.uint16), np.cos(angle) > 0)


def measure() -> Report:
    """Ask about random moments of a recording of 1e7 events, and of one a tenth as long; then play the long one.

    Times are those of a view with its answer as bytes. `<view>_1e7_over_1e6` tells what a longer recording costs.
    Errors: MissingExtra without chromium and chromedriver.
    """
    long, short = _asked(EVENTS), _asked(EVENTS // TIMES_FEWER)
    figures = {f"{view}_ms_{name}": value for view in VIEWS for name, value in _summary(long[view]).items()}
    ratios = {f"{view}_1e7_over_1e6": float(np.median(long[view]) / np.median(short[view])) for view in VIEWS}
    return Report("event-player", {**figures, **_played()}, ratios, machine())


def _asked(events: int) -> dict[str, list[float]]:
    """Return milliseconds of every question, by view."""
    opened = OpenEvents(_file(events))
    opened.wait()
    random = generator(1, "moments")
    times: dict[str, list[float]] = {view: [] for view in VIEWS}
    for _ in range(QUESTIONS):
        last = int(random.integers(WINDOW, events))
        query = Query(bins=600, options={"from": str(last - WINDOW), "to": str(last)})
        for view in VIEWS:
            times[view].append(1e3 * timed(partial(_answered, view, opened, query)))
    opened.close()
    return times


def _answered(view: str, opened: OpenEvents, query: Query) -> bytes:
    return to_binary(EVENT_VIEWS[view].answer(opened, query))


def _summary(times: list[float]) -> dict[str, float]:
    return {"median": float(np.median(times)), "p95": float(np.quantile(times, 0.95))}


def _played() -> dict[str, float]:
    """Return how many times a second all four pictures were drawn while the recording was played at its speed."""
    with tempfile.TemporaryDirectory(prefix="spikesight-player-") as place:
        browser = Browser(Path(place))
        try:
            with studio.play([_file(EVENTS)]) as served:
                browser.size(*SIZE)
                browser.open(served.address)
                browser.until("document.querySelector('[data-panel=counted] .note')?.dataset.to")
                browser.press(" ")
                browser.until("document.querySelector('.play').ariaPressed === 'true'")
                browser.value("performance.clearMarks('pictures drawn')")
                time.sleep(SECONDS_OF_PLAYING)
                drawn = browser.value("performance.getEntriesByName('pictures drawn').map((one) => one.startTime)")
                browser.open("about:blank")
        finally:
            browser.close()
    gaps = np.diff(np.array(drawn, np.float64))
    return {"pictures_per_second": float(1e3 / gaps.mean()), "picture_gap_ms_p95": float(np.quantile(gaps, 0.95))}


def _file(events: int) -> EventFile:
    return EventFile(b"made up", MadeUp(events), "rings.made-up")
