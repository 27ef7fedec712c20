"""The tab Input in a real Chromium: what it says of the stimulus at the cursor is what the query says."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from browser import MISSING, Browser

from spikesight import studio
from spikesight.studio.query import Query
from spikesight.studio.views import activation, alike, course, mistakes
from spikesight.studio.views import input as shown_input

pytestmark = pytest.mark.skipif(
    bool(MISSING), reason=f"{' and '.join(MISSING)} not found: apt-get install chromium chromium-driver"
)


@pytest.fixture(scope="module")
def served(finished) -> Iterator[studio.Studio]:
    with studio.start([finished.run.folder]) as one:
        yield one


@pytest.fixture
def page(browser: Browser, served) -> Iterator[Browser]:
    browser.size(1200, 900)
    browser.complaints()
    browser.open(f"{served.address}&tab=input&at=100.2")
    at_stimulus(browser, 200)
    browser.until("document.querySelector('[data-panel=course] canvas').ariaLabel?.includes('stimulus 200')")
    yield browser
    assert browser.complaints() == []


def at_stimulus(page: Browser, stim: int) -> None:
    page.until(f"document.querySelector('[data-panel=input] .note')?.textContent.startsWith('stimulus {stim},')")


def button(page: Browser, panel: str, words: str) -> None:
    found = f"[...document.querySelectorAll('[data-panel={panel}] button')]"
    page.value(f"{found}.find((one) => one.textContent.includes('{words}')).click()")


def test_label_answer_and_votes(page, opened):
    told = shown_input.answer(opened, Query(at=100.2))
    assert page.text("[data-panel=input] .label") == str(told["label"])
    wanted = f"recognised as {told['prediction']}" if told["correct"] else f"taken for {told['prediction']}"
    assert page.text("[data-panel=input] .outcome") == wanted
    votes = page.value("[...document.querySelectorAll('[data-panel=input] .bars b')].map((one) => one.textContent)")
    assert [float(vote or 0) for vote in votes] == pytest.approx(told["votes"]["mean"], abs=0.051)
    assert f"first answer after {told['first_spike'] * 1000:.3g} ms" in page.text(
        "[data-panel=input] .beside-large .note"
    )
    assert page.colours("[data-panel=input] canvas") >= 10
    page.picture("input-light")


def test_the_stimuli_before_and_after(page, opened):
    button(page, "input", "next")
    at_stimulus(page, 201)
    assert page.text("[data-panel=input] .caption") == "of stimulus 200", "its input was not recorded"
    button(page, "input", "before")
    at_stimulus(page, 200)


def test_the_slider_shows_the_last_moments(page, opened):
    slide = "((slider) => { slider.value = 50; slider.dispatchEvent(new Event('input')); })"
    page.value(f"{slide}(document.querySelector('[data-panel=input] input'))")
    told = shown_input.answer(opened, Query(at=100.2, options={"ms": "50"}))["frame"]
    words = "document.querySelector('[data-panel=input] canvas').ariaLabel"
    page.until(f"{words}.includes('{told['spikes']} spikes of input')")
    assert page.text("[data-panel=input] output") == "50 ms before the cursor"
    time.sleep(0.3)
    assert page.value("new URLSearchParams(location.hash.slice(1)).get('input.ms')") == "50"


def test_within_the_stimulus(page, opened):
    told = course.answer(opened, Query(at=100.2))
    words = page.value("document.querySelector('[data-panel=course] canvas').ariaLabel")
    for layer in told["layers"]:
        assert f"{layer['name']} {layer['counts'].sum()}" in words
    assert words.endswith(f"Winner of the votes: {told['winner'][-1]}")
    left, top, width, _ = page.box("[data-panel=course] canvas")
    page.click(left + 108 + (width - 108) / 2, top + 20)
    time.sleep(0.3)
    at = page.value("Number(new URLSearchParams(location.hash.slice(1)).get('at'))")
    assert at == pytest.approx(100.25, abs=0.002)


def test_what_was_not_recognised_can_be_gone_to(page, opened):
    told = mistakes.answer(opened, Query())
    listed = "document.querySelectorAll('[data-panel=mistakes] .stimulus-list button')"
    page.until(f"{listed}.length == {len(told['stim'])}")
    assert page.text("[data-panel=mistakes] .note").startswith(f"{told['count']} of {told['of']}")
    page.value(f"{listed}[2].click()")
    at_stimulus(page, told["stim"][2])
    wanted = f"taken for {told['prediction'][2]}"
    page.until(f"document.querySelector('[data-panel=input] .outcome').textContent === '{wanted}'")
    page.until("document.querySelector('[data-panel=mistakes] [aria-current=true]')")


def test_the_map_and_its_control(page, opened):
    told = activation.answer(opened, Query(at=100.2))
    note = "document.querySelector('[data-panel=activation] .maps-beside p.note').textContent"
    page.until(f"{note}.includes('other units {told['like']['others']:.2f}')")
    assert f"other times {told['like']['elsewhen']:.2f}" in page.value(note)
    assert page.colours("[data-panel=activation] canvas") >= 8
    button(page, "activation", "other times")
    page.until("document.querySelectorAll('[data-panel=activation] figcaption')[1].textContent.endsWith('other times')")
    alike_or_not = "The control looks alike" if told["like"]["elsewhen"] >= 0.7 else "The map differs"
    assert page.text("[data-panel=activation] .verdict").startswith(alike_or_not)
    page.picture("activation-light")


def test_stimuli_like_this_one(page, opened):
    told = alike.answer(opened, Query(at=100.2))
    listed = "document.querySelectorAll('[data-panel=alike] .stimulus-list button')"
    page.until(f"{listed}.length == {len(told['stim'])}")
    shown = page.value(f"[...{listed}].map((one) => one.querySelector('.number').textContent)")
    assert shown == [str(stim) for stim in told["stim"]]
    page.value(f"{listed}[0].click()")
    at_stimulus(page, told["stim"][0])


def test_every_table_has_rows(page):
    buttons = "[...document.querySelectorAll('.table-button')].filter((one) => one.offsetParent)"
    for place in range(page.value(f"{buttons}.length")):
        page.value(f"{buttons}[{place}].click()")
        assert page.value("document.querySelectorAll('#table tbody tr').length") > 0
        page.value("document.querySelector('#table').close()")
