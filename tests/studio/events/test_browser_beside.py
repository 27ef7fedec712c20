"""What cameras write beside events, and a file that takes long to read, in a real Chromium."""

from __future__ import annotations

import threading

import pytest
from browser import MISSING

from spikesight import studio
from spikesight.events.files.reading import EventFile
from spikesight.studio.events.views import motion
from spikesight.studio.query import Query

pytestmark = pytest.mark.skipif(
    bool(MISSING), reason=f"{' and '.join(MISSING)} not found: apt-get install chromium chromium-driver"
)


class Slow:
    """A made-up format that does not go on before the gate is open."""

    def __init__(self, made, gate):
        self.made, self.gate = made, gate
        self.name, self.title = made.name, made.title

    def open(self, source):
        reading = self.made.open(source)
        pieces = reading.pieces

        def slowly(events):
            for piece in pieces(events):
                yield piece
                self.gate.wait(20)

        reading.pieces = slowly
        return reading


def test_the_page_tells_how_far_reading_is_and_begins_by_itself(browser, made):
    gate = threading.Event()
    with studio.play([EventFile(b"bytes", Slow(made, gate), "slow.events")]) as served:
        try:
            browser.complaints()
            browser.open(served.address)
            browser.until("document.querySelector('#waiting').textContent.includes('1,000 events so far')")
            assert browser.text("#status") == "reading"
            assert browser.value("document.querySelector('#pictures').hidden")
        finally:
            gate.set()
        browser.until("document.querySelector('#status').textContent === 'read'")
        browser.until("!document.querySelector('#pictures').hidden")
        assert browser.complaints() == []


def test_frames_motion_and_triggers(browser, made, opened):
    with studio.play([made.file]) as served:
        browser.size(1200, 750)
        browser.open(f"{served.address}&at=0.6&play.window=5000")
        browser.until("document.querySelector('#status').textContent === 'read'")
        facts = "[...document.querySelectorAll('[data-fact]')].map((one) => one.textContent)"
        browser.until(f"{facts}.includes('frames2')")
        assert {"triggers2", "motion500 samples"} <= set(browser.value(facts))
        words = "document.querySelector('[data-lane=rate] canvas').ariaLabel"
        browser.until(f"{words}?.includes('1 gaps, 2 triggers')")
        told = motion.answer(opened, Query(bins=600))
        most = f"{told['acceleration'].max():.3g}"
        felt = "document.querySelector('[data-lane=acceleration] canvas').ariaLabel"
        browser.until(f"{felt}?.endsWith('at most {most} m/s²')")
        # In the gap no event is in the window: what is seen is the frame, of level 1.
        middle = (
            "((shown) => { const copy = new OffscreenCanvas(shown.width, shown.height);"
            "const context = copy.getContext('2d', { willReadFrequently: true }); context.drawImage(shown, 0, 0);"
            "return [...context.getImageData(shown.width / 2 + 3, shown.height / 2 + 3, 1, 1).data]; })"
            "(document.querySelector('[data-panel=dots] canvas'))"
        )
        browser.until(f"{middle}.toString() === '1,1,1,255'")
        browser.value(
            "[...document.querySelectorAll('.transport button')].find((one) => one.textContent === 'Frames').click()"
        )
        browser.until(f"{middle}[3] === 0")
        assert browser.complaints() == []
