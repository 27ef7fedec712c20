"""The tab of synapses in a real Chromium: what it says is what the queries answer."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest
from browser import MISSING, Browser

from spikesight import studio
from spikesight.studio.query import Query
from spikesight.studio.views import fields, unit_weights, weight_changes, wiring

pytestmark = pytest.mark.skipif(
    bool(MISSING), reason=f"{' and '.join(MISSING)} not found: apt-get install chromium chromium-driver"
)


@pytest.fixture(scope="module")
def served(pictured) -> Iterator[studio.Studio]:
    with studio.start([pictured.run.folder]) as one:
        yield one


@pytest.fixture
def page(browser: Browser, served) -> Iterator[Browser]:
    browser.size(1200, 2000)
    browser.complaints()
    browser.open(f"{served.address}&tab=synapses&unit=3&at=5.7")
    browser.until("document.querySelectorAll('[data-panel=wiring] .facts-list dd').length == 5")
    browser.until("document.querySelector('[data-panel=field_history] .note')?.textContent")
    yield browser
    assert browser.complaints() == []


def brief(value: float) -> str:
    """Three digits, as the page writes a number: 0.12, 3.93e-5."""
    if 0 < abs(float(f"{value:.3g}")) < 1e-3:
        return np.format_float_scientific(float(f"{value:.3g}"), trim="-", exp_digits=1)
    return np.format_float_positional(float(f"{value:.3g}"), trim="-")


def figure(page: Browser, panel: str) -> str:
    return page.until(f"document.querySelector('[data-panel={panel}] .lane-figure')?.textContent")


def test_lanes_and_facts_say_what_the_queries_answer(page, pictures):
    query = Query(at=5.7, unit=3)
    changed, own, facts = (view.answer(pictures, query) for view in (weight_changes, unit_weights, wiring))
    assert figure(page, "weight_changes") == brief(changed["change"][-1])
    assert figure(page, "pruned") == f"{100 * changed['zeros'][-1]:.1f} %"
    assert figure(page, "unit_weights") == brief(own["mean"][-1])
    told = page.value("[...document.querySelectorAll('[data-panel=wiring] dd')].map((one) => one.textContent)")
    assert told[0] == "conv (384) → out (20)"
    assert told[1] == f"{brief(facts['mean'])} ± {brief(facts['std'])}"
    least, mean, most = facts["fan_in"]
    assert told[2] == f"{brief(mean)} ({least:.0f} to {most:.0f})"
    for panel in ("weight_drift", "weight_changes", "pruned", "unit_weights", "fields", "field_history", "wiring"):
        assert page.colours(f"[data-panel={panel}] canvas") >= 3, panel


def test_fields_tell_what_was_pruned_and_choose_a_neuron(page, pictures):
    told = fields.answer(pictures, Query(at=5.7))
    note = page.text("[data-panel=fields] .note")
    assert f"snapshot {told['snapshot'] + 1}/{told['snapshots']}" in note
    assert note.endswith(f"{100 * told['zeros']:.1f} % exactly zero")
    plain = page.value("document.querySelector('[data-panel=fields] canvas').toDataURL()")
    page.value(
        "[...document.querySelectorAll('[data-panel=fields] button')].find((b) => b.textContent === 'pruned').click()"
    )
    page.until(f"document.querySelector('[data-panel=fields] canvas').toDataURL() !== {plain!r}")
    left, top, *_ = page.box("[data-panel=fields] canvas")
    page.click(left + 4, top + 4)
    page.until("document.querySelector('[data-panel=unit_weights] .gutter').textContent.includes('out 0')")
    page.press("\ue014")  # arrow right: the next field
    page.until("document.querySelector('[data-panel=unit_weights] .gutter').textContent.includes('out 1')")
    assert re.search(r"unit=1\b", page.until("location.hash.includes('unit=1') && location.hash"))


def test_a_shape_that_does_not_fit_says_why(page):
    box = "document.querySelector('[data-panel=fields] input')"
    page.value(f"({box}.value = '5x5', {box}.dispatchEvent(new Event('change')))")
    reason = "document.querySelector('[data-panel=fields] .empty')"
    page.until(f"!{reason}.hidden && {reason}.textContent.includes('384 units')")
    page.value(f"({box}.value = '16x24', {box}.dispatchEvent(new Event('change')))")
    page.until(f"{reason}.hidden")


def test_a_picture_of_the_filmstrip_moves_the_cursor(page, pictures):
    left, top, *_ = page.box("[data-panel=field_history] canvas")
    page.click(left + 4, top + 4)
    page.until("location.hash.includes('at=0&') || location.hash.endsWith('at=0')")
    page.until("document.querySelector('[data-panel=wiring] .note').textContent.includes('snapshot 1/8')")


def test_every_canvas_has_words_and_a_table(page):
    words = "[...document.querySelectorAll('canvas')].filter((one) => one.offsetParent).map((one) => one.ariaLabel)"
    assert all(label and len(label) > 20 for label in page.value(words))
    buttons = "[...document.querySelectorAll('#stage .table-button')].filter((one) => one.offsetParent)"
    for place in range(page.value(f"{buttons}.length")):
        page.value(f"{buttons}[{place}].click()")
        assert page.value("document.querySelectorAll('#table tbody tr').length") > 0
        page.value("document.querySelector('#table').close()")
