"""The tab Overview in a real Chromium: what it says is what the query says."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from browser import MISSING, Browser

from spikesight import studio
from spikesight.studio.query import Query
from spikesight.studio.views import marks, network, processed, rates, unit_states, workload

pytestmark = pytest.mark.skipif(
    bool(MISSING), reason=f"{' and '.join(MISSING)} not found: apt-get install chromium chromium-driver"
)


@pytest.fixture(scope="module")
def served(finished) -> Iterator[studio.Studio]:
    with studio.start([finished.run.folder]) as one:
        yield one


@pytest.fixture
def page(browser: Browser, served) -> Iterator[Browser]:
    browser.size(1200, 850)
    browser.complaints()
    browser.open(f"{served.address}&tab=overview")
    browser.until("document.querySelector('[data-panel=processed] .note')?.textContent.includes('of')")
    browser.until("document.querySelectorAll('[data-panel=workload] .legend span').length == 3")
    browser.until("document.querySelector('[data-panel=network] .note')?.textContent.includes('units')")
    yield browser
    assert browser.complaints() == []


def words(page: Browser, selector: str) -> str:
    return page.value(f"document.querySelector('{selector} canvas').ariaLabel")


def test_every_panel_is_drawn_in_both_themes(page):
    for name in ("light", "dark"):
        for panel, least in (("marks", 3), ("scalars", 3), ("workload", 4), ("network", 6), ("processed", 8)):
            assert page.colours(f"[data-panel={panel}] canvas") >= least, (name, panel)
        assert page.value("document.querySelectorAll('[data-panel=rates] canvas').length") == 3
        page.picture(f"overview-{name}")
        page.press("t")
        time.sleep(0.3)


def test_rates_are_those_of_the_query(page, opened):
    for layer in rates.answer(opened, Query())["layers"]:
        told = page.text(f"[data-panel=rates] [data-layer={layer['name']}] .gutter")
        assert f"{layer['mean']:.3g} Hz" in told


def test_work_is_told_at_most_and_under_the_pointer(page, opened):
    left, top, width, height = page.box("[data-panel=workload] canvas")
    bins = max(100, round(width / 3))
    told = workload.answer(opened, Query(bins=bins))
    assert f"spikes at most {int(told['spikes'].max()):,}" in words(page, "[data-panel=workload]")
    page.hover(left + width * 0.4, top + height / 2)
    page.until("document.querySelector('.cursor span').textContent.includes('spikes')")
    said = page.text(".cursor span")
    hours, minutes, seconds = re.match(r"(\d+):(\d+):([\d.]+)", said).groups()
    at = int(hours) * 3600 + int(minutes) * 60 + float(seconds)
    place = int((at - told["first"]) / told["width"])
    assert f"{int(told['spikes'][place]):,} spikes" in said
    assert f"{int(told['arrivals'][place]):,} potential updates" in said


def test_marks_are_written(page, opened):
    texts = marks.answer(opened, Query())["texts"]
    assert words(page, "[data-panel=marks]") == f"{len(texts)} marks: {', '.join(texts)}"


def test_inputs_processed_follow_the_cursor(page, opened):
    left, top, width, height = page.box("[data-panel=workload] canvas")
    page.click(left + width * 0.35, top + height / 2)
    at = page.until("Number(new URLSearchParams(location.hash.slice(1)).get('at'))")
    told = processed.answer(opened, Query(at=at))
    note = "document.querySelector('[data-panel=processed] .note').textContent"
    page.until(f"{note}.startsWith('{told['stimuli']} of 300')")
    share = told["right"].sum() / told["predicted"].sum()
    assert f"{share * 100:.1f} % over all" in page.text("[data-panel=processed] .body .note")
    for index, shown in enumerate(told["shown"]):
        assert f"{index}: {shown}" in words(page, "[data-panel=processed]")
    page.press("\ue00c")


def test_the_tiles_fill_the_box_and_do_not_overlap(page):
    boxes = page.value(
        "import('/static/squarify.js').then(({ squarify }) => squarify([60, 60, 40, 30, 20, 10, 1], 600, 400))"
    )
    areas = [box["width"] * box["height"] for box in boxes]
    assert areas == pytest.approx([600 * 400 * value / 221 for value in (60, 60, 40, 30, 20, 10, 1)])
    for k, one in enumerate(boxes):
        assert one["left"] + one["width"] <= 600.001
        assert one["top"] + one["height"] <= 400.001
        for other in boxes[:k]:
            apart = (
                one["left"] >= other["left"] + other["width"] - 1e-6
                or other["left"] >= one["left"] + one["width"] - 1e-6
                or one["top"] >= other["top"] + other["height"] - 1e-6
                or other["top"] >= one["top"] + one["height"] - 1e-6
            )
            assert apart


def test_a_population_is_chosen_in_the_network(page, opened):
    told = network.answer(opened, Query())
    assert f"{told['projections'][0]['synapses']:,} recorded synapses" in page.text("[data-panel=network] .note")
    page.value("document.querySelector('[data-panel=network] canvas').scrollIntoView()")
    left, top, *_ = page.box("[data-panel=network] canvas")
    page.click(left + 20, top + 20)
    chosen = "new URLSearchParams(location.hash.slice(1)).get('layer')"
    page.until(f"{chosen} === 'input'")
    page.press("\ue014")
    page.until(f"{chosen} === 'exc'")


def test_units_of_a_population_lead_to_its_neurons(page, opened):
    (told,) = [layer for layer in unit_states.answer(opened, Query())["layers"] if layer["name"] == "input"]
    button = "document.querySelectorAll('[data-panel=unit_states] button:not(.table-button)')[0]"
    page.until(f"{button}?.textContent.includes('{told['active']} active · {told['dead']} dead')")
    page.value(f"{button}.click()")
    page.until("document.querySelector('[role=tab][aria-selected=true]').textContent === 'Neurons'")
    page.until("new URLSearchParams(location.hash.slice(1)).get('layer') === 'input'")


def test_every_table_has_rows(page):
    buttons = "[...document.querySelectorAll('.table-button')].filter((one) => one.offsetParent)"
    for place in range(page.value(f"{buttons}.length")):
        page.value(f"{buttons}[{place}].click()")
        assert page.value("document.querySelectorAll('#table tbody tr').length") > 0
        page.value("document.querySelector('#table').close()")
