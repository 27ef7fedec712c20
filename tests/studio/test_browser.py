"""The page in a real Chromium: it clicks, zooms and reads what the page says. W3C WebDriver over plain HTTP."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator

import numpy as np
import pytest
from browser import MISSING, Browser

from spikesight import studio
from spikesight.runs.folder import Run
from spikesight.studio.open_run import OpenRun
from spikesight.studio.query import Query
from spikesight.studio.views import stimulus, unit

pytestmark = pytest.mark.skipif(
    bool(MISSING), reason=f"{' and '.join(MISSING)} not found: apt-get install chromium chromium-driver"
)
RATE_LINE = 30  # pixels at the top of a raster that are not spikes


@pytest.fixture(scope="module")
def served(finished) -> Iterator[studio.Studio]:
    with studio.start([finished.run.folder]) as one:
        yield one


@pytest.fixture
def page(browser: Browser, served) -> Iterator[Browser]:
    """The whole finished run, loaded; afterwards the browser must have nothing to complain about."""
    browser.size(1200, 750)
    browser.prefer("light")
    browser.complaints()
    browser.open(f"{served.address}&tab=raster")
    browser.until("document.querySelector('[data-layer=exc] .spikes')?.textContent")
    browser.until("document.querySelectorAll('[data-panel=stimulus] .bars li').length == 10")
    browser.until("!document.querySelector('[aria-busy=true]')")  # a panel that still comes or goes moves the others
    yield browser
    assert browser.complaints() == []


def count(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def window(page: Browser) -> tuple[float, float]:
    """The window as the page writes it, in seconds."""
    clocks = re.findall(r"(\d+):(\d\d):(\d\d(?:\.\d+)?)", page.text("#window"))
    start, end = (int(hours) * 3600 + int(minutes) * 60 + float(seconds) for hours, minutes, seconds in clocks)
    return start, end


def settled(page: Browser, selector: str, wanted: int) -> None:
    """Wait until the number that the page shows is `wanted`."""
    shown = f"Number(document.querySelector({json.dumps(selector)})?.textContent.replace(/\\D/g, ''))"
    page.until(f"{shown} === {wanted}")


def in_window(finished, layer: str, start: float, end: float) -> int:
    ticks = finished.spikes(layer)[:, 0]
    return int(((ticks >= round(start / 0.0005)) & (ticks < round(end / 0.0005))).sum())


def state(page: Browser, name: str) -> float | None:
    """What the URL keeps; it is written a moment after the change."""
    time.sleep(0.3)
    found = page.value(f"new URLSearchParams(location.hash.slice(1)).get('{name}')")
    return None if found is None else float(found)


def test_the_summary_says_what_the_run_says(page, finished):
    page.press("1")
    page.until("document.querySelector('[data-fact=stimuli] dd')?.textContent")
    facts = {name: page.text(f"[data-fact='{name}'] dd") for name in ("recipe", "stimuli", "spikes", "seed", "took")}
    assert facts["recipe"] == "diehl-cook-digits"
    assert count(facts["stimuli"]) == 300
    assert count(facts["spikes"]) == sum(len(finished.spikes(layer)) for layer in finished.truth)
    assert (facts["seed"], facts["took"]) == ("0", "43.2 s")
    assert page.text("[data-fact='accuracy, held out'] dd") == "88.5 %"
    assert page.text("[data-fact='untrained control'] dd") == "41.2 %"
    assert page.text("#status") == "finished"


def test_every_canvas_is_drawn_and_has_words(page):
    for name in ("whole-light", "whole-dark"):
        for host, least in (("accuracy", 4), ("stimuli", 3), ("raster", 20), ("axis", 3), ("stimulus", 4)):
            assert page.colours(f"[data-panel={host}] canvas") >= least, (name, host)
        assert page.colours("[data-panel=receptive_fields] canvas") >= 50
        assert page.colours("[data-layer=input] canvas", below=RATE_LINE) >= 8, "density"
        assert page.colours("[data-layer=exc] canvas", below=RATE_LINE) >= 3, "single spikes"
        page.picture(name)
        page.click(*middle(page, "#theme"))
        time.sleep(0.3)
    words = "[...document.querySelectorAll('canvas')].filter((one) => one.offsetParent).map((one) => one.ariaLabel)"
    assert all(label and len(label) > 10 for label in page.value(words))


def middle(page: Browser, selector: str) -> tuple[float, float]:
    left, top, width, height = page.box(selector)
    return left + width / 2, top + height / 2


def test_the_wheel_zooms_at_the_pointer_and_counts_follow(page, finished):
    left, top, width, height = page.box("[data-layer=exc] canvas")
    before = window(page)
    assert before == (0, 150)
    assert count(page.text("[data-layer=exc] .spikes")) == len(finished.spikes("exc"))
    part = 0.7
    there = before[0] + part * (before[1] - before[0])
    for _ in range(6):
        page.wheel(left + part * width, top + height / 2, -400)
    page.until("document.querySelector('#window').textContent.includes('.')")
    start, end = state(page, "t0"), state(page, "t1")
    assert end - start == pytest.approx(150 * np.exp(-400 * 6 * 0.0018), rel=0.02)
    assert start + part * (end - start) == pytest.approx(there, abs=0.02 * (end - start) + 0.15)
    assert window(page) == pytest.approx((start, end), abs=0.001)
    for layer in ("input", "exc", "inh"):
        settled(page, f"[data-layer={layer}] .spikes", in_window(finished, layer, start, end))
    assert "single spikes" in page.value("document.querySelector('[data-layer=exc] canvas').ariaLabel")
    page.picture("zoomed-light")


def test_drag_moves_and_double_click_returns(page):
    left, top, width, height = page.box("[data-layer=exc] canvas")
    for _ in range(3):
        page.wheel(left + width / 2, top + height / 2, -400)
    start, end = state(page, "t0"), state(page, "t1")
    page.drag(left + width * 0.7, top + height / 2, left + width * 0.3)
    moved = state(page, "t0")
    assert moved - start == pytest.approx(0.4 * (end - start), rel=0.03)
    assert state(page, "t1") - moved == pytest.approx(end - start, rel=1e-3)
    page.click(left + width / 2, top + height / 2, times=2)
    page.until("document.querySelector('#whole').disabled")
    assert window(page) == (0, 150)


def test_keys_zoom_move_and_return(page):
    page.press("+")
    page.press("+")
    start, end = state(page, "t0"), state(page, "t1")
    assert end - start == pytest.approx(150 / 1.6**2, rel=1e-3)
    assert (start + end) / 2 == pytest.approx(75, abs=0.01)
    page.press("\ue014")  # arrow right
    assert state(page, "t0") - start == pytest.approx(0.2 * (end - start), rel=1e-3)
    page.press("-")
    assert state(page, "t1") - state(page, "t0") == pytest.approx(150 / 1.6, rel=1e-3)
    page.press("0")
    assert state(page, "t0") is None


def test_the_accuracy_lane_chooses_a_window(page):
    left, top, width, height = page.box(".overview canvas")
    page.drag(left + width * 0.2, top + height / 2, left + width * 0.4)
    assert (state(page, "t0"), state(page, "t1")) == pytest.approx((30, 60), abs=0.4)


def test_a_click_pins_the_cursor_and_everything_follows(page, finished, opened):
    left, top, width, height = page.box("[data-layer=exc] canvas")
    page.click(left + width * 0.5, top + height / 2)
    at = state(page, "at")
    assert at == pytest.approx(75, abs=0.3)
    told = stimulus.answer(opened, Query(at=at))
    page.until(f"document.querySelector('[data-panel=stimulus] .note').textContent.startsWith('{told['stim']} at')")
    assert page.text("[data-panel=stimulus] .label") == str(told["label"])
    wanted = f"recognised as {told['prediction']}" if told["correct"] else f"taken for {told['prediction']}"
    assert page.text("[data-panel=stimulus] .outcome") == wanted
    votes = page.value("[...document.querySelectorAll('[data-panel=stimulus] .bars b')].map((one) => one.textContent)")
    assert [float(vote or 0) for vote in votes] == pytest.approx(told["votes"]["mean"], abs=0.051)
    assert page.text("[data-panel=stimulus] .bars .marked em") == str(told["votes"]["winner"])
    snapshot = int(at // 12.5) + 1
    note = "document.querySelector('[data-panel=receptive_fields] .note').textContent"
    page.until(f"{note}.includes('snapshot {snapshot}/12')")
    cursor_left, *_ = page.box(".cursor")
    assert cursor_left == pytest.approx(left + width * at / 150, abs=1.5)
    page.press("\ue00c")  # escape
    page.until("document.querySelector('[data-panel=stimulus] .note').textContent.startsWith('299 at')")


def test_the_pointer_alone_moves_the_cursor_and_leaves_it(page):
    left, top, width, height = page.box("[data-layer=exc] canvas")
    page.hover(left + width * 0.25, top + height / 2)
    page.until("!document.querySelector('.cursor').hidden")
    page.until("/^7[456] at/.test(document.querySelector('[data-panel=stimulus] .note').textContent)")
    page.hover(left + width * 0.25, 20)
    page.until("document.querySelector('.cursor').hidden")


def test_a_click_on_a_receptive_field_shows_that_unit(page, finished, opened):
    left, top, *_ = page.box("[data-panel=receptive_fields] canvas")
    page.click(left + 3, top + 3)
    page.until("document.querySelector('[data-panel=unit] .label').textContent")
    assert page.text("[data-panel=unit] .note") == "exc 0"
    for _ in range(3):  # the grid has the focus: arrows go from field to field
        page.press("\ue014")
    chosen = int(state(page, "unit"))
    assert chosen == 3
    told = unit.answer(opened, Query(unit=chosen))
    page.until(f"document.querySelector('[data-panel=unit] .note').textContent === 'exc {chosen}'")
    assert page.text("[data-panel=unit] .label") == f"class {finished.owner[chosen]}"
    assert page.text("[data-panel=unit] .facts").startswith(f"{told['spikes']} spikes")
    bars = page.value("[...document.querySelectorAll('[data-panel=unit] .bars b')].map((one) => one.textContent)")
    assert [float(bar or 0) for bar in bars] == pytest.approx(told["responses"], abs=0.051)
    assert page.colours("[data-panel=unit] canvas") >= 5
    page.picture("unit-light")


def test_fields_can_be_larger_and_sorted_by_class(page, finished):
    *_, width, _ = page.box("[data-panel=receptive_fields] canvas")
    page.value("document.querySelector('[aria-label=\"Make the fields larger\"]').click()")
    page.until(f"document.querySelector('[data-panel=receptive_fields] canvas').clientWidth > {width * 1.5}")
    page.picture("wide-light")
    page.value("[...document.querySelectorAll('[data-panel=receptive_fields] button')][0].click()")
    page.until("document.querySelector('[data-panel=receptive_fields] button').textContent === 'by class'")
    left, top, *_ = page.box("[data-panel=receptive_fields] canvas")
    page.click(left + 3, top + 3)
    page.press("\ue014")
    second_of_class_0 = np.flatnonzero(finished.owner == 0)[1]
    assert state(page, "unit") == second_of_class_0


def test_the_pointer_says_which_unit_it_is_on(page, finished):
    left, top, width, height = page.box("[data-layer=exc] canvas")
    page.hover(left + width / 2, top + height - 1)
    page.until(f"document.querySelector('.cursor span').textContent.endsWith('exc {finished.units - 1}')")


def test_neurons_per_class_are_counted(page, finished):
    bars = page.until(
        "((found) => found.length && found)"
        "([...document.querySelectorAll('[data-panel=classes] .bars b')].map((one) => one.textContent))"
    )
    assert bars == [str(size) for size in np.bincount(finished.owner)]


def test_the_theme_can_be_changed_and_follows_the_system_until_then(page, served):
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.value(ground)
    page.prefer("dark")
    dark = page.until(f"{ground} !== '{light}' && {ground}")
    assert sum(map(int, re.findall(r"\d+", dark))) < 150 < 600 < sum(map(int, re.findall(r"\d+", light)))
    page.click(*middle(page, "#theme"))
    page.until(f"{ground} === '{light}'")
    page.prefer("light")
    page.prefer("dark")
    assert page.value(ground) == light


def test_change_redraws_the_rasters(page):
    canvas = "document.querySelector('[data-layer=input] canvas').toDataURL()"
    density = page.value(canvas)
    button = "[...document.querySelectorAll('#tools button')].find((one) => one.textContent === 'Change')"
    page.value(f"{button}.click()")
    page.until(f"{canvas} !== {json.dumps(density)}")
    assert page.value(f"{button}.ariaPressed") == "true"


def test_every_canvas_has_its_table(page, finished):
    left, top, width, height = page.box("[data-layer=exc] canvas")
    for _ in range(6):
        page.wheel(left + width * 0.5, top + height / 2, -400)
    start, end = state(page, "t0"), state(page, "t1")
    settled(page, "[data-layer=exc] .spikes", in_window(finished, "exc", start, end))
    page.value("document.querySelector('[data-layer=exc] .table-button').click()")
    rows = page.value("[...document.querySelectorAll('#table tbody tr')].map((row) => row.innerText)")
    assert len(rows) == in_window(finished, "exc", start, end) > 0
    page.picture("table-light")
    page.press("\ue00c")
    page.until("!document.querySelector('#table').open")
    buttons = page.value("[...document.querySelectorAll('.table-button')].filter((one) => one.offsetParent).length")
    for place in range(buttons):
        shown = "[...document.querySelectorAll('.table-button')].filter((one) => one.offsetParent)"
        page.value(f"{shown}[{place}].click()")
        assert page.value("document.querySelectorAll('#table tbody tr').length") > 0
        page.value("document.querySelector('#table').close()")


def test_a_reload_comes_back_to_the_same_view(page):
    left, top, width, height = page.box("[data-layer=exc] canvas")
    page.wheel(left + width / 2, top + height / 2, -800)
    page.click(left + width / 3, top + height / 2)
    start, at = state(page, "t0"), state(page, "at")
    page.call("POST", "/refresh", {})
    page.until("document.querySelector('[data-layer=exc] .spikes')?.textContent")
    assert (state(page, "t0"), state(page, "at")) == (start, at)


@pytest.mark.parametrize("width", [1200, 860, 400])
def test_nothing_runs_out_of_the_page(page, width):
    page.size(width, 750)
    time.sleep(0.4)
    assert page.value("document.documentElement.scrollWidth") <= width
    assert page.colours("[data-layer=exc] canvas") >= 20
    page.picture(f"width-{width}")


def test_the_page_follows_a_run_that_is_being_written(browser, growing):
    stimuli = "[data-panel=stimuli] .told"
    with studio.start([growing.run.folder]) as served:
        browser.open(f"{served.address}&tab=raster")
        settled(browser, stimuli, 60)
        assert browser.text("#status") == "live 6 %"
        growing.show(40)
        settled(browser, stimuli, 100)
        settled(browser, "[data-layer=exc] .spikes", len(growing.spikes("exc")))
        browser.until("document.querySelector('[data-panel=stimulus] .note').textContent.startsWith('99 at')")
        assert browser.text("#status") == "live 10 %"
        left, top, width, height = browser.box("[data-layer=exc] canvas")
        browser.wheel(left + width / 2, top + height / 2, -800)
        start, end = state(browser, "t0"), state(browser, "t1")
        growing.show(20)
        browser.until("document.querySelector('#status').textContent === 'live 12 %'")
        assert (state(browser, "t0"), state(browser, "t1")) == (start, end), "a window that was chosen stays"
        settled(browser, "[data-layer=exc] .spikes", in_window(growing, "exc", start, end))
        browser.picture("live-light")
        growing.finish(accuracy=0.9)
        browser.until("document.querySelector('#status').textContent === 'finished'")
        browser.press("1")
        browser.until("document.querySelector('[data-fact=\"accuracy, held out\"] dd')?.textContent === '90.0 %'")
        assert browser.complaints() == []
        browser.open("about:blank")


def test_an_empty_run_says_why_and_another_run_can_be_chosen(browser, finished, tmp_path):
    empty = Run.create(tmp_path, "diehl-cook-mnist", seed=1, config={})
    with studio.start([empty.folder, finished.run.folder]) as served:
        browser.open(f"{served.address}&tab=raster")
        reasons = "[...document.querySelectorAll('.empty')].filter((one) => one.offsetParent)"
        browser.until(f"{reasons}.length == 5 && {reasons}.every((one) => one.textContent.startsWith('Nothing was'))")
        browser.picture("empty-light")
        choose = "((run) => { run.selectedIndex = 1; run.dispatchEvent(new Event('change')); })"
        browser.value(f"{choose}(document.querySelector('#run'))")
        settled(browser, "[data-panel=stimuli] .told", 300)
        settled(browser, "[data-layer=exc] .spikes", len(finished.spikes("exc")))
        assert browser.complaints() == []
        browser.open("about:blank")


def test_without_the_token_the_page_says_what_to_do(browser, served):
    browser.open(served.address.split("#")[0])
    browser.until("!document.querySelector('#trouble').hidden")
    assert "open the address that spikesight printed" in browser.text("#trouble")
    assert [line for line in browser.complaints() if "401" not in line] == []


def test_the_page_agrees_with_the_query_through_the_whole_run(page, opened: OpenRun, finished):
    """A window given in the URL shows exactly the spikes that the reader returns for it."""
    token = re.search(r"token=([\w-]+)", page.value("location.hash"))[1]
    for start, end in ((0.0, 1.0), (33.3335, 47.0), (149.5, 150.0)):
        page.value(f"(location.hash = '#token={token}&tab=raster&t0={start}&t1={end}', true)")
        settled(page, "[data-layer=exc] .spikes", len(opened.trace.spikes("exc", t=(start, end)).t))
        settled(page, "[data-layer=input] .spikes", len(opened.trace.spikes("input", t=(start, end)).t))
