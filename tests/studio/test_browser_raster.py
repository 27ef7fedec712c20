"""The tab Raster in a real Chromium: orders, folded lanes, single spikes, potentials, and how fast it is."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import pytest
from browser import MISSING, Browser

from spikesight import studio
from spikesight.studio.query import Query
from spikesight.studio.views import potentials, raster

pytestmark = pytest.mark.skipif(
    bool(MISSING), reason=f"{' and '.join(MISSING)} not found: apt-get install chromium chromium-driver"
)
ABOVE = 27  # pixels of the rate line, and the gap below it


@pytest.fixture(scope="module")
def served(finished) -> Iterator[studio.Studio]:
    with studio.start([finished.run.folder]) as one:
        yield one


@pytest.fixture
def page(browser: Browser, served) -> Iterator[Browser]:
    browser.size(1200, 850)
    browser.complaints()
    browser.open(f"{served.address}&tab=raster&t0=20&t1=21")
    browser.until("document.querySelector('[data-layer=exc] .spikes')?.textContent")
    browser.until("document.querySelector('[data-panel=potentials] .gutter').textContent.includes('exc.v')")
    yield browser
    assert browser.complaints() == []


def kept(page: Browser, word: str) -> str | None:
    return page.value(f"new URLSearchParams(location.hash.slice(1)).get('{word}')")


def under(page: Browser) -> str:
    return page.text(".cursor span")


def sort(page: Browser, by: str) -> None:
    field = "document.querySelector('#tools [aria-label=\"The order of the units\"]')"
    page.value(f"((field) => {{ field.value = '{by}'; field.dispatchEvent(new Event('change')); }})({field})")
    note = "document.querySelector('[data-layer=exc] canvas').ariaLabel"
    words = {"class": "by the class", "rate": "by rate", "index": "by index"}[by]
    page.until(f"{note}.includes('units {words}')")


@pytest.mark.parametrize("by", ["class", "rate", "index"])
def test_the_row_on_top_is_the_first_of_the_order(page, opened, by):
    sort(page, by)
    told = raster.answer(opened, Query(t0=20, t1=21, options={"sort": by}))["layers"][1]
    first = 0 if told["units"] is None else told["units"][0]
    left, top, width, _ = page.box("[data-layer=exc] canvas")
    page.hover(left + width - 3, top + ABOVE + 1)
    page.until(f"document.querySelector('.cursor span').textContent.endsWith('exc {first}')")
    assert f"class {told['class_of_unit'][first]}" in under(page)
    time.sleep(0.3)
    assert kept(page, "raster.sort") == (None if by == "index" else by)


def test_a_spike_under_the_pointer_is_named(page, finished):
    spikes = finished.spikes("exc")
    here = spikes[(spikes[:, 0] >= 40_000) & (spikes[:, 0] < 42_000)]
    alone = [one for one in here if (np.abs(here[:, 0] - one[0]) < 40).sum() == 1]
    tick, unit, _ = alone[0]
    left, top, width, height = page.box("[data-layer=exc] canvas")
    x = left + width * (tick - 40_000) / 2000
    y = top + ABOVE + (unit + 0.5) / finished.units * (height - ABOVE)
    page.hover(x, y)
    page.until("document.querySelector('.cursor span').textContent.includes('spike at')")
    seconds = tick * 0.0005
    assert f"spike at 0:00:{seconds:06.3f}" in under(page)
    assert under(page).endswith(f"class {finished.owner[unit]} · exc {unit}")


def test_a_name_folds_its_lane(page, opened):
    *_, before = page.box("[data-layer=inh] canvas")
    page.value("document.querySelector('[data-layer=inh] .fold').focus()")
    page.press(" ")
    page.until("document.querySelector('[data-layer=inh]').classList.contains('folded')")
    *_, after = page.box("[data-layer=inh] canvas")
    assert after < 30 < before
    assert page.value("document.querySelector('[data-layer=inh] .fold').ariaExpanded") == "false"
    time.sleep(0.3)
    assert kept(page, "raster.folded") == "inh"
    page.picture("folded-light")
    page.value("document.querySelector('[data-layer=inh] .fold').click()")
    page.until("!document.querySelector('[data-layer=inh]').classList.contains('folded')")


def test_units_that_never_spiked_are_counted(page, finished):
    silent = 64 - len(set(finished.spikes("input")[:, 1]))
    assert page.text("[data-layer=input] .remarks") == f"{silent} never spiked"


def test_potentials_of_recorded_units(page, opened):
    told = potentials.answer(opened, Query(t0=20, t1=21))
    spikes = sum(len(line["spikes"]) for line in told["lines"])
    words = "document.querySelector('[data-panel=potentials] canvas').ariaLabel"
    assert page.value(words).startswith("exc.v of units 3, 5 between")
    assert page.value(words).endswith(f"with {spikes} spikes")
    assert page.colours("[data-panel=potentials] canvas") >= 4
    page.value("document.querySelector('[data-panel=potentials] .fold').click()")
    page.until("document.querySelector('[data-panel=potentials]').classList.contains('folded')")
    *_, height = page.box("[data-panel=potentials]")
    assert height < 25


def test_the_page_measures_how_long_a_gesture_takes(page):
    left, top, width, height = page.box("[data-layer=exc] canvas")
    entries = "performance.getEntriesByName('gesture to new raster')"
    for k in range(1, 6):
        page.wheel(left + width / 2, top + height / 2, 240 if k % 2 else -240)
        page.until(f"{entries}.length >= {k}")
    times = page.value(f"{entries}.map((one) => one.duration)")
    assert len(times) == 5, "one for each gesture"
    assert 0 < np.median(times) < 2000


def test_the_wheel_beside_the_drawing_does_not_zoom(page):
    left, top, *_ = page.box("[data-layer=exc] canvas")
    page.wheel(left - 60, top + 30, -400)
    time.sleep(0.3)
    assert (kept(page, "t0"), kept(page, "t1")) == ("20", "21")
