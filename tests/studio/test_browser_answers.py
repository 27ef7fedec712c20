"""Classes, Compare, What changed?, Cost and SQL in a real browser: the page says what the queries say."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator

import numpy as np
import pytest
from browser import MISSING, Browser

from spikesight import studio
from spikesight.studio.open_run import OpenRun
from spikesight.studio.query import Query
from spikesight.studio.views import changes, compare_figures, compare_units, confused, confusion, cost

pytestmark = pytest.mark.skipif(
    bool(MISSING), reason=f"{' and '.join(MISSING)} not found: apt-get install chromium chromium-driver"
)


@pytest.fixture(scope="module")
def served(finished, other) -> Iterator[studio.Studio]:
    with studio.start([finished.run.folder, other.run.folder]) as one:
        yield one


@pytest.fixture
def page(browser: Browser, served) -> Iterator[Browser]:
    browser.size(1200, 750)
    browser.complaints()
    yield browser
    assert browser.complaints() == []


def go(page: Browser, served, tab: str, more: str = "") -> None:
    page.open(f"{served.address}&tab={tab}{more}")
    page.until(f"document.querySelector('#tabs [data-tab={tab}]')?.ariaSelected === 'true'")


def rows(page: Browser, table: str) -> list[list[str]]:
    cells = "[...row.children].map((cell) => cell.innerText.trim())"
    found = f"[...document.querySelectorAll({json.dumps(table)})].map((row) => {cells})"
    page.until(f"{found}.length > 0")
    return page.value(found)


def number(text: str) -> float:
    return float(text.replace(",", "").replace("−", "-"))


def state(page: Browser, name: str) -> str | None:
    time.sleep(0.3)
    return page.value(f"new URLSearchParams(location.hash.slice(1)).get({json.dumps(name)})")


def test_the_confusion_matrix_and_what_is_behind_a_cell(page, served, opened):
    go(page, served, "classes", "&t0=20&t1=140")
    told = confusion.answer(opened, Query(20.0, 140.0))
    page.until("document.querySelector('[data-panel=confusion] canvas')?.ariaLabel")
    page.value("document.querySelector('[data-panel=confusion] .table-button').click()")
    shown = rows(page, "#table tbody tr")
    np.testing.assert_array_equal([[int(cell) for cell in row[1:]] for row in shown], told["counts"])
    page.value("document.querySelector('#table').close()")
    label, taken = (int(place) for place in np.argwhere(told["counts"][:, :10] * (1 - np.eye(10)) > 0)[0])
    left, top, width, height = page.box("[data-panel=confusion] canvas")
    x = left + 96 + (width - 100) * (taken + 0.5) / 11
    page.click(x, top + 22 + (height - 26) * (label + 0.5) / 10)
    assert state(page, "confusion.cell") == f"{label}-{taken}"
    wanted = confused.answer(opened, Query(20.0, 140.0, options={"label": str(label), "taken": str(taken)}))
    numbers = "[...document.querySelectorAll('[data-panel=confused] .number')].map((one) => one.textContent)"
    page.until(f"{numbers}.length === {len(wanted['stim'])}")
    assert [int(number(text)) for text in page.value(numbers)] == wanted["stim"].tolist()
    page.value("document.querySelector('[data-panel=confused] .stimulus-list button').click()")
    assert float(state(page, "at")) == pytest.approx(wanted["t"][0], abs=1e-6)


def test_a_block_of_the_run_becomes_the_window(page, served, opened):
    go(page, served, "classes")
    blocks = confusion.answer(opened, Query())["blocks"]
    page.until("document.querySelectorAll('[data-panel=confusion] .blocks button').length === 8")
    page.value("document.querySelectorAll('[data-panel=confusion] .blocks button')[3].click()")
    assert float(state(page, "t0")) == pytest.approx(blocks["t_start"][3])
    assert float(state(page, "t1")) == pytest.approx(blocks["t_end"][3])


def name_of(finished, other) -> str:
    """What the studio calls the second run: two of one name are told apart by a number."""
    return other.run.folder.name + ("-2" if other.run.folder.name == finished.run.folder.name else "")


def pair(finished, other) -> OpenRun:
    names = {finished.run.folder.name: finished, name_of(finished, other): other}
    runs = {name: OpenRun(made.run.folder) for name, made in names.items()}
    for run in runs.values():
        run.refresh()
        run.others = runs
    return runs[finished.run.folder.name]


def test_two_runs_in_figures_and_unit_by_unit(page, served, finished, other):
    go(page, served, "compare", "&t0=10&t1=40&at=30")
    name = name_of(finished, other)
    told = compare_figures.answer(pair(finished, other), Query(10.0, 40.0, at=30.0, other=name))["rows"]
    shown = rows(page, "[data-panel=compare_figures] tbody tr")
    assert len(shown) == len(told)
    for cells, row in zip(shown, told, strict=True):
        assert cells[0].startswith(row["what"])
        for text, value in zip(cells[1:3], (row["one"], row["other"]), strict=True):
            assert text == "–" if value is None else number(text) == pytest.approx(value, rel=6e-3, abs=1e-12)
    units = compare_units.answer(pair(finished, other), Query(10.0, 40.0, at=30.0, other=name))
    words = page.until("document.querySelector('[data-panel=compare_units] p.note')?.textContent")
    assert words.startswith(f"{units['rose']} of {units['known']} units rose, {units['fell']} fell")
    assert page.colours("[data-layer=exc] canvas") > 10


def test_runs_can_be_aligned_by_stimulus_and_exchanged(page, served, finished, other):
    go(page, served, "compare")
    page.until("document.querySelector('#tools select')?.value")
    assert page.value("document.querySelector('#tools select').value") == name_of(finished, other)
    page.value(
        "[...document.querySelectorAll('#tools .choice button')].find((b) => b.textContent === 'By stimulus').click()"
    )
    assert state(page, "compare.align") == "stimulus"
    heads = "[...document.querySelectorAll('.heads strong')].map((one) => one.textContent)"
    page.until(f"{heads}.length === 2")
    assert page.value(heads) == [finished.run.folder.name, other.run.folder.name]


def test_what_changed_is_told_and_a_line_leads_to_its_view(page, served, opened):
    go(page, served, "changes")
    told = changes.answer(opened, Query())["events"]
    page.until("document.querySelector('[data-panel=changes] .note').textContent.includes('event')")
    shown = page.value("[...document.querySelectorAll('[data-panel=changes] .event h3')].map((one) => one.textContent)")
    assert shown == [event["text"] for event in told]
    assert told, "the made-up run learns: something must have changed"
    page.value("document.querySelector('[data-panel=changes] .event-head').click()")
    assert state(page, "tab") == told[0]["view"]["name"]


def test_costs_follow_the_assumptions(page, served, opened):
    go(page, served, "cost", "&t0=0&t1=150")
    told = cost.answer(opened, Query(0.0, 150.0))
    page.until("document.querySelector('[data-panel=cost] dd')")
    first = page.text("[data-panel=cost] dd")
    assert energy(first) == pytest.approx(told["total"], rel=6e-3)
    page.value(
        "((field) => { field.value = '1.8'; field.dispatchEvent(new Event('change')); })"
        "(document.querySelector('[data-panel=cost] input[name=synaptic]'))"
    )
    page.until(f"document.querySelector('[data-panel=cost] dd').textContent !== {json.dumps(first)}")
    assert energy(page.text("[data-panel=cost] dd")) == pytest.approx(2 * told["total"], rel=6e-3)
    assert "your own" in page.value("[...document.querySelectorAll('[data-panel=cost] .note')].at(-1).textContent")


def energy(text: str) -> float:
    value, unit = text.split()
    return float(value) * {"J": 1.0, "mJ": 1e-3, "µJ": 1e-6, "nJ": 1e-9, "pJ": 1e-12, "fJ": 1e-15}[unit]


def test_a_statement_is_answered_and_a_bad_one_is_told(page, served, finished):
    go(page, served, "sql")
    page.until("document.querySelector('[data-panel=sql] select option')")
    write = "((text) => {{ text.value = {0}; }})(document.querySelector('textarea'))"
    page.value(write.format(json.dumps("SELECT layer, count(*) AS n FROM spikes GROUP BY layer ORDER BY layer")))
    press = "[...document.querySelectorAll('[data-panel=sql] button')].find((one) => one.textContent === 'Run').click()"
    page.value(press)
    shown = rows(page, "[data-panel=sql] tbody tr")
    assert shown == [[name, str(len(finished.spikes(name)))] for name in sorted(finished.truth)]
    page.value(write.format(json.dumps("DROP VIEW spikes")))
    page.value(press)
    page.until("!document.querySelector('[data-panel=sql] .trouble').hidden")
    assert "one SELECT" in page.text("[data-panel=sql] .trouble")
    page.complaints()  # the browser notes the 400


def test_playback_walks_from_stimulus_to_stimulus(page, served):
    go(page, served, "input", "&at=10.2&play.speed=100")
    page.until("document.querySelector('[data-panel=input] h2')")
    at = "Number(new URLSearchParams(location.hash.slice(1)).get('at'))"
    page.press(".")
    page.until(f"{at} === 10.75")
    page.press(",")
    page.until(f"{at} === 10.25")
    for key in "..,":
        page.press(key)  # faster than answers come: each begins where the one before has led
    page.until(f"{at} === 10.75")
    page.press(" ")
    page.until("Number(new URLSearchParams(location.hash.slice(1)).get('at')) > 11.5")
    page.press(" ")
    time.sleep(0.5)  # a step that was on its way arrives
    stopped = state(page, "at")
    time.sleep(0.5)
    assert state(page, "at") == stopped


def test_keys_lead_to_every_tab_and_focus_moves_along_them(page, served):
    go(page, served, "overview")
    for key, tab in (("2", "raster"), ("7", "classes"), ("]", "compare"), ("[", "classes")):
        page.press(key)
        page.until(f"document.querySelector('#tabs [data-tab={tab}]').ariaSelected === 'true'")
    page.value("document.querySelector('#tabs [aria-selected=true]').focus()")
    page.press("\ue014")  # arrow right
    page.until("document.activeElement.dataset.tab === 'compare' && document.activeElement.ariaSelected === 'true'")


@pytest.mark.parametrize("width", [1100, 2560])
def test_no_tab_runs_out_of_the_page(page, served, width):
    page.size(width, 1000)
    names = []
    go(page, served, "overview")
    for tab in page.until(
        "((all) => all.length && all)([...document.querySelectorAll('[role=tab]')].map((t) => t.dataset.tab))"
    ):
        page.value(f"document.querySelector('#tabs [data-tab={tab}]').click()")
        page.until(f"document.querySelector('#tab-{tab}') && !document.querySelector('#tab-{tab}').hidden")
        time.sleep(0.4)
        assert page.value("document.documentElement.scrollWidth") <= width, tab
        seen = "c.offsetParent && !c.ariaLabel && c.role !== 'presentation'"
        words = f"[...document.querySelectorAll('canvas')].filter((c) => {seen})"
        page.until(
            f"document.querySelector('#tab-{tab}').querySelectorAll('canvas').length === 0 || {words}.length === 0"
        )
        names.append(tab)
    assert len(names) == 11


def test_clocks_read_hours_minutes_and_seconds(page, served):
    go(page, served, "raster")
    page.until("document.querySelector('#window').textContent")
    assert re.match(r"\d+:\d\d:\d\d – \d+:\d\d:\d\d", page.text("#window"))
