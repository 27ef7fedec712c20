"""The page that plays files of events, in a real Chromium: what it shows is what the views answer."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import pytest
from browser import MISSING, Browser

from spikesight import studio
from spikesight.events.files.bin import Bin
from spikesight.events.files.reading import EventFile
from spikesight.studio.events.open_events import OpenEvents
from spikesight.studio.events.views import counted, dots, facts, rate
from spikesight.studio.query import Query

pytestmark = pytest.mark.skipif(
    bool(MISSING), reason=f"{' and '.join(MISSING)} not found: apt-get install chromium chromium-driver"
)

LEFT, RIGHT, END = "\ue012", "\ue014", "\ue010"


def bar(events=4000, seed=5):
    """The records of a bar that moves to the right for 400 ms, with noise."""
    rng = np.random.default_rng(seed)
    t = np.sort(rng.integers(0, 400_000, events))
    x = np.clip(t // 15_000 + 3 + rng.integers(0, 2, events), 0, 33)
    y = rng.integers(5, 28, events)
    p = rng.random(events) < 0.7
    return np.stack([x, y, p * 128 + (t >> 16), t >> 8 & 255, t & 255], axis=1).astype(np.uint8).tobytes()


@pytest.fixture(scope="module")
def files():
    return [EventFile(bar(), Bin(), "bar.bin"), EventFile(bar(500, 6), Bin(), "sparse.bin")]


@pytest.fixture(scope="module")
def opened(files) -> Iterator[OpenEvents]:
    one = OpenEvents(files[0])
    one.wait()
    yield one
    one.close()


@pytest.fixture(scope="module")
def served(files) -> Iterator[studio.Studio]:
    with studio.play(files) as one:
        yield one


@pytest.fixture
def page(browser: Browser, served) -> Iterator[Browser]:
    browser.size(1200, 750)
    browser.complaints()
    browser.open(f"{served.address}&at=0.2")
    at_moment(browser, 200_000)
    yield browser
    assert browser.complaints() == []


def at_moment(page: Browser, microseconds: int) -> None:
    page.until(f"document.querySelector('#moment').dataset.at == '{microseconds}'")


def data(page: Browser, panel: str) -> dict[str, str]:
    found = page.value(f"({{...document.querySelector('[data-panel={panel}] .note').dataset}})")
    return dict(found)


def test_the_facts(page, opened):
    told = facts.answer(opened, Query())
    assert page.text("[data-fact=events] dd") == f"{told['count']:,}"
    assert page.text("[data-fact=format] dd") == "bin · N-MNIST 40-bit"
    assert page.text("[data-fact='first to last, µs'] dd") == f"{told['t_first_us']} – {told['t_last_us']}"
    assert page.text("#status") == "read"


def test_the_window_before_the_cursor_is_the_one_that_is_shown(page, opened):
    window = {"from": "167000", "to": "200000"}
    every = dots.answer(opened, Query(options=window))
    page.until(f"document.querySelector('[data-panel=dots] .note')?.dataset.events == '{every['of']}'")
    frame = counted.answer(opened, Query(options=window))
    page.until("document.querySelector('[data-panel=counted] .note')?.dataset.to == '200000'")
    wanted = {"from": 167000, "to": 200000, "count": frame["count"], "top": frame["top"]}
    assert data(page, "counted") == {name: str(value) for name, value in wanted.items()}
    page.until("document.querySelector('[data-panel=decayed] .note').dataset.to == '200000'")
    for panel in ("dots", "counted", "decayed", "cloud"):
        page.until(f"document.querySelector('[data-panel={panel}] canvas').ariaLabel")
        assert page.colours(f"[data-panel={panel}] canvas") >= 4
    page.picture("events-light")


def test_the_pixels_of_the_frame_are_lit_where_events_were(page, opened):
    page.press("2")
    frame = counted.answer(opened, Query(options={"from": "167000", "to": "200000"}))
    page.until("document.querySelector('[data-panel=counted]').classList.contains('large')")
    page.until("document.querySelector('[data-panel=counted] .note')?.dataset.to == '200000'")
    time.sleep(0.3)
    lit = (
        "((shown) => { const canvas = new OffscreenCanvas(shown.width, shown.height);"
        "const context = canvas.getContext('2d', { willReadFrequently: true }); context.drawImage(shown, 0, 0);"
        "const side = Math.min((canvas.width - 4) / 34, (canvas.height - 4) / 34);"
        "const [left, top] = [canvas.width, canvas.height].map((size) => 2 + (size - 4 - 34 * side) / 2);"
        "return Array.from({ length: 34 * 34 }, (_, i) => context.getImageData(left + (i % 34 + .5) * side,"
        "top + (Math.floor(i / 34) + .5) * side, 1, 1).data[3]); })"
        "(document.querySelector('[data-panel=counted] canvas'))"
    )
    shown = np.array(page.value(lit)).reshape(34, 34)
    assert np.array_equal(shown > 0, (frame["on"] + frame["off"]) > 0)


def test_the_course_of_time(page, opened):
    told = rate.answer(opened, Query(bins=600))
    page.until("document.querySelector('[data-lane=rate] span').dataset.events")
    assert page.value("document.querySelector('[data-lane=rate] span').dataset.events") == str(
        int(told["on"].sum() + told["off"].sum())
    )
    left, top, width, _ = page.box("[data-lane=rate] canvas")
    page.click(left + width / 4, top + 20)
    duration = opened.recorded.duration
    page.until(f"Math.abs(document.querySelector('#moment').dataset.at - {duration / 4}) < {2 * duration / width}")
    page.drag(left + width / 4, top + 20, left + width / 2)
    page.until(f"Math.abs(document.querySelector('#moment').dataset.at - {duration / 2}) < {2 * duration / width}")
    time.sleep(0.3)
    kept = page.value("Number(new URLSearchParams(location.hash.slice(1)).get('at'))")
    assert kept == pytest.approx(duration / 2e6, abs=2e-6 * duration / width)
    page.wheel(left + width / 2, top + 20, -800)
    page.until(f"document.querySelector('[data-lane=rate] span').dataset.events < {int(told['on'].sum() / 2)}")
    page.press("0")
    page.until("document.querySelector('[data-lane=rate] span').dataset.events == '4000'")


def test_keys_step_play_and_change_the_window(page, opened):
    page.press(LEFT)
    at_moment(page, 167_000)
    page.press(RIGHT)
    at_moment(page, 200_000)
    page.press("[")
    page.until("document.querySelector('[data-panel=dots] .note').textContent.endsWith('in 20 ms')")
    page.press(",")
    page.press(",")
    page.until("document.querySelector('[data-choice=speed]').value === '0.2'")
    page.press(" ")
    page.until("document.querySelector('.play').ariaPressed === 'true'")
    page.until("Number(document.querySelector('#moment').dataset.at) > 215000")
    page.press(" ")
    page.until("document.querySelector('.play').ariaPressed === 'false'")
    page.press(END)
    at_moment(page, opened.recorded.duration)
    page.until("document.querySelector('.course').ariaValueNow === document.querySelector('.course').ariaValueMax")


def test_at_the_end_it_stays_or_begins_again(page, opened):
    page.press(END)
    page.press(LEFT)
    page.press(" ")
    at_moment(page, opened.recorded.duration)
    page.until("document.querySelector('.play').ariaPressed === 'false'")
    page.press("l")
    page.press(" ")
    page.until("Number(document.querySelector('#moment').dataset.at) < 200000")
    page.press(" ")


def test_the_cloud_turns(page):
    page.press("4")
    page.until("document.querySelector('[data-panel=cloud] canvas').ariaLabel.includes('turned by 58 degrees')")
    page.value("document.querySelector('[data-panel=cloud] canvas').focus()")
    page.press(LEFT)
    page.until("document.querySelector('[data-panel=cloud] canvas').ariaLabel.includes('turned by 63 degrees')")
    left, top, width, height = page.box("[data-panel=cloud] canvas")
    page.drag(left + width / 2, top + height / 2, left + width / 2 + 50)
    page.until("document.querySelector('[data-panel=cloud] canvas').ariaLabel.includes('turned by 43 degrees')")


def test_another_file_beside_and_instead(page):
    choose = "((select, name) => { select.value = name; select.dispatchEvent(new Event('change')); })"
    page.value(f"{choose}(document.querySelector('#beside'), 'sparse.bin')")
    page.until("document.querySelector('[data-panel=dots] .note').textContent.split('·').length === 2")
    page.value(f"{choose}(document.querySelector('#beside'), '')")
    page.value(f"{choose}(document.querySelector('#file'), 'sparse.bin')")
    page.until("document.querySelector('[data-fact=events] dd').textContent === '500'")


def rows_of(button):
    """An expression that opens the table of a button, counts its rows, and closes it."""
    table = "document.querySelector('#table')"
    count = f"{table}.querySelectorAll('tbody tr').length"
    return f"(() => {{ {button}.click(); const rows = {count}; {table}.close(); return rows; }})()"


def test_every_table_has_rows(page):
    page.until("document.querySelector('[data-panel=counted] .note')?.dataset.to == '200000'")
    buttons = "[...document.querySelectorAll('.table-button')]"
    seen = page.value(f"{buttons}.length")
    assert seen >= 5
    for place in range(seen):
        if page.value(f"{buttons}[{place}].closest('[hidden]') === null"):
            # A table shows what its panel has been answered so far, and each panel asks for itself.
            page.until(rows_of(f"{buttons}[{place}]"))


def test_dark(page):
    page.press("t")
    page.until("document.documentElement.dataset.theme === 'dark'")
    page.picture("events-dark")
    page.press("t")


def test_a_file_that_cannot_be_shown_says_why(browser, tmp_path):
    path = tmp_path / "broken.bin"
    path.write_bytes(bytes([3, 3, 0, 0, 0, 200, 3, 0, 0, 0]))
    with studio.play([EventFile(path, Bin(34, 34))]) as one:
        browser.open(one.address)
        browser.until("document.querySelector('#waiting').textContent.includes('cannot be shown')")
        assert "at byte" in browser.text("#waiting")
        assert browser.text("#status") == "failed"
    browser.complaints()
