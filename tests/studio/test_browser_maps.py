"""The tab of maps in a real Chromium: what it says is what the queries answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browser import MISSING, Browser

from spikesight import studio
from spikesight.studio.query import Query
from spikesight.studio.views import decision, first_spikes, maps

pytestmark = pytest.mark.skipif(
    bool(MISSING), reason=f"{' and '.join(MISSING)} not found: apt-get install chromium chromium-driver"
)


@pytest.fixture(scope="module")
def served(pictured) -> Iterator[studio.Studio]:
    with studio.start([pictured.run.folder]) as one:
        yield one


@pytest.fixture
def page(browser: Browser, served) -> Iterator[Browser]:
    browser.complaints()
    browser.open(f"{served.address}&tab=maps&at=3.21")
    browser.until("document.querySelector('[data-panel=first_spikes] .note')?.textContent")
    browser.until("document.querySelector('[data-panel=maps] .note')?.textContent")
    yield browser
    assert browser.complaints() == []


def choose(page: Browser, layer: str) -> None:
    change = "one.dispatchEvent(new Event('change'))"
    page.value(f"((one) => {{ one.value = '{layer}'; {change}; }})(document.querySelector('#tools select'))")


def test_the_last_picture_is_shown_at_the_cursor(page, pictures):
    told, first = maps.answer(pictures, Query(at=3.21)), first_spikes.answer(pictures, Query(at=3.21))
    assert page.text("[data-panel=maps] .note").startswith(f"{told['spikes']} spikes of conv, stimulus 40")
    wanted = f"{first['spiked']} of 384 units of conv spiked in stimulus 40, from 0 ms to {first['last'] * 1000:.0f} ms"
    assert page.text("[data-panel=first_spikes] .note").startswith(wanted)
    for panel in ("maps", "first_spikes", "channels"):
        assert page.colours(f"[data-panel={panel}] canvas") >= 3, panel


def test_the_window_and_another_population(page, pictures):
    page.value("[...document.querySelectorAll('[data-panel=maps] .choice button')][1].click()")
    choose(page, "input")
    told = maps.answer(pictures, Query(layer="input", options={"over": "window"}))
    note = "document.querySelector('[data-panel=maps] .note').textContent"
    page.until(f"{note}.startsWith('{told['spikes']:,} spikes of input, the window')")


def test_a_click_chooses_the_unit_under_the_pointer(page, pictures):
    told = maps.answer(pictures, Query(at=3.21))
    left, top, *_ = page.box("[data-panel=maps] canvas")
    page.hover(left + 2, top + 2)
    said = f"conv 0: channel 0, x 0, y 0: {told['counts'][0, 0, 0]} spikes"
    page.until(f"document.querySelector('[data-panel=maps] .note').textContent === '{said}'")
    page.click(left + 2, top + 2)
    page.until("/unit=0\\b/.test(location.hash) && location.hash.includes('layer=conv')")
    page.press("\ue014")  # arrow right: the same place in the next channel
    page.until("/unit=64\\b/.test(location.hash)")


def test_a_row_of_units_says_why_it_is_no_picture(page):
    choose(page, "out")
    for panel in ("maps", "first_spikes", "channels"):
        reason = f"document.querySelector('[data-panel={panel}] .empty')"
        page.until(f"!{reason}.hidden && {reason}.textContent.includes('Those that have: input, conv')")


@pytest.fixture
def first_spikes_page(browser: Browser, convolved) -> Iterator[Browser]:
    with studio.start([convolved.run.folder]) as one:
        browser.complaints()
        browser.open(f"{one.address}&tab=maps&at=0.108")
        for panel in ("features", "decision", "first_spikes"):
            browser.until(f"document.querySelector('[data-panel={panel}] .note')?.textContent")
        yield browser
        assert browser.complaints() == []


def test_features_and_who_decided(first_spikes_page, convolutions):
    page = first_spikes_page
    told = decision.answer(convolutions, Query(at=0.108))
    said = page.text("[data-panel=decision] .body > .note")
    assert said.startswith(f"Class {('cup', 'dog')[told['label']]}, answered {('cup', 'dog')[told['prediction']]}")
    rows = page.value("[...document.querySelectorAll('[data-panel=decision] li')].map((one) => one.textContent)")
    assert len(rows) == len(told["first"])
    one = told["first"][0]
    row, column = one["place"]
    assert rows[0].startswith(f"map {one['map']}after {one['after'] * 1000:g} ms at row {row}, column {column}")
    assert page.text("[data-panel=features] .note").startswith("6 maps of conv2, 8 × 8 points of input, through conv1")
    for panel in ("features", "decision", "first_spikes"):
        assert page.colours(f"[data-panel={panel}] canvas") >= 3, panel
    page.value("document.querySelector('[data-panel=decision] li button').click()")
    page.until(f"/unit={one['unit']}\\b/.test(location.hash) && location.hash.includes('layer=conv2')")


def test_convergence_and_kernels(first_spikes_page, convolutions):
    page = first_spikes_page
    page.value("location.hash = location.hash.replace('tab=maps', 'tab=synapses')")
    page.until("document.querySelector('[data-panel=convergence] .legend')?.textContent.includes('conv2 0.025')")
    page.until("document.querySelector('[data-panel=fields] .note')?.textContent.includes('4 maps of conv1')")
    page.until("document.querySelector('[data-panel=wiring] .note')?.textContent.includes('input_conv1')")
    options = "[...document.querySelectorAll('#tools select option')].map((one) => one.value)"
    assert "conv1_pool1" not in page.value(options)
    for panel in ("convergence", "fields", "wiring"):
        assert page.colours(f"[data-panel={panel}] canvas") >= 3, panel
