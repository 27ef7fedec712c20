"""The tab of neurons in a real Chromium: what it says is what the queries answer."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from browser import MISSING, Browser
from made_up_maps import DEAD, SATURATED

from spikesight import studio
from spikesight.studio.query import Query
from spikesight.studio.views import health, intervals, selectivity, train

pytestmark = pytest.mark.skipif(
    bool(MISSING), reason=f"{' and '.join(MISSING)} not found: apt-get install chromium chromium-driver"
)
ARROW_LEFT, ARROW_RIGHT = "\ue012", "\ue014"


@pytest.fixture(scope="module")
def served(pictured) -> Iterator[studio.Studio]:
    with studio.start([pictured.run.folder]) as one:
        yield one


@pytest.fixture
def page(browser: Browser, served) -> Iterator[Browser]:
    browser.size(1200, 2000)
    browser.complaints()
    browser.open(f"{served.address}&tab=neurons&unit=1")
    browser.until("document.querySelectorAll('[data-panel=health] tbody tr').length == 20")
    browser.until("document.querySelector('[data-panel=intervals] .facts-row dd')?.textContent")
    yield browser
    assert browser.complaints() == []


def brief(value: float) -> str:
    """Three digits, as the page writes a number."""
    return np.format_float_positional(float(f"{value:.3g}"), trim="-")


def chosen(page: Browser, unit: int) -> None:
    """Wait until all of the page speaks of `unit`."""
    page.until(f"document.querySelector('[data-panel=train] .lane-figure').textContent === 'out {unit}'")
    page.until(f"document.querySelector('[data-panel=tuning] .note').textContent.startsWith('out {unit},')")


def choose(page: Browser, selector: str, value: str) -> None:
    change = "one.dispatchEvent(new Event('change'))"
    page.value(f"((one) => {{ one.value = '{value}'; {change}; }})(document.querySelector('{selector}'))")


def test_one_neuron_is_what_the_queries_answer(page, pictures):
    own, between = train.answer(pictures, Query(unit=1)), intervals.answer(pictures, Query(unit=1))
    assert page.text("[data-panel=train] .gutter").startswith("Neuronout 1")
    assert f"{own['spikes']} spikes" in page.text("[data-panel=train] .gutter")
    assert "with v" in page.value("document.querySelector('[data-panel=train] canvas').ariaLabel")
    told = page.value("[...document.querySelectorAll('[data-panel=intervals] dd')].map((one) => one.textContent)")
    assert told == [brief(between[name]) for name in ("cv", "cv2", "lv")]
    assert page.text("[data-panel=intervals] .note").startswith(f"out 1, {own['spikes'] - 1} intervals")
    for panel in ("train", "selectivity_drift", "quiet", "selectivity", "class_space", "class_spikes", "tuning"):
        assert page.colours(f"[data-panel={panel}] canvas") >= 3, panel


def test_the_map_is_clicked_and_walked_by_arrows(page, pictures):
    told = selectivity.answer(pictures, Query())
    left, top, width, height = page.box("[data-panel=selectivity] canvas")
    page.click(left + width - 3, top + height / 3)  # silent ones stand last
    chosen(page, DEAD)
    page.press(ARROW_LEFT)
    order = sorted(range(DEAD), key=lambda unit: (told["preferred"][unit], -told["index"][unit]))
    chosen(page, order[-1])
    page.value("document.querySelector('[data-panel=selectivity] .table-button').click()")
    rows = page.value("[...document.querySelectorAll('#table tbody tr')].map((row) => row.children[0].textContent)")
    assert [int(unit) for unit in rows if int(unit) < DEAD] == order
    page.value("document.querySelector('#table').close()")


def test_the_landscape_turns_by_hand_and_by_keys(page):
    canvas = "document.querySelector('[data-panel=class_space] canvas')"
    before = page.value(f"{canvas}.toDataURL()")
    left, top, width, height = page.box("[data-panel=class_space] canvas")
    page.drag(left + width * 0.6, top + height / 2, left + width * 0.4)
    page.until(f"{canvas}.toDataURL() !== {before!r}")
    page.until("location.hash.includes('class_space.turn=')")
    turned = page.value(f"{canvas}.toDataURL()")
    page.value(f"{canvas}.focus()")
    page.press(ARROW_RIGHT)
    page.until(f"{canvas}.toDataURL() !== {turned!r}")
    back = (
        "[...document.querySelectorAll('[data-panel=class_space] button')].find((b) => b.textContent === 'Turn back')"
    )
    page.value(f"{back}.click()")
    page.until(f"{canvas}.toDataURL() === {before!r}")


def test_the_sick_are_listed_first_and_can_be_chosen(page, pictures):
    told = health.answer(pictures, Query())
    first = "document.querySelector('[data-panel=health] tbody tr')"
    assert page.value(f"{first}.dataset.unit") == str(DEAD)
    chips = page.value("[...document.querySelectorAll('[data-panel=health] .chips button')].map((b) => b.textContent)")
    assert [int(chip.split()[-1]) for chip in chips] == [20, *told["counts"]]
    page.value("[...document.querySelectorAll('[data-panel=health] .chips button')][3].click()")
    page.until(f"document.querySelectorAll('[data-panel=health] tbody tr').length === {told['counts'][2]}")
    page.value(f"{first}.querySelector('button').click()")
    chosen(page, SATURATED)
    page.value("[...document.querySelectorAll('[data-panel=health] .chips button')][0].click()")
    page.value(
        "[...document.querySelectorAll('[data-panel=health] thead button')].find((b) => b.textContent === 'Hz').click()"
    )
    page.until(f"{first}.dataset.unit === '{SATURATED}'")


def test_another_population_and_a_class_can_be_chosen(page, pictures):
    choose(page, "[data-panel=class_spikes] select", "2")
    page.until("document.querySelector('[data-panel=class_spikes] .note').textContent.endsWith('class up')")
    choose(page, "#tools select", "conv")
    page.until("document.querySelector('[data-panel=selectivity] .note').textContent.startsWith('384 neurons of conv')")
    reason = "document.querySelector('[data-panel=field_history] .empty')"
    page.until(f"!{reason}.hidden && {reason}.textContent.startsWith('No weights of synapses into conv')")
