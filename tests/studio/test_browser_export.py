"""What leaves the page: pictures of panels and tabs, and the run as one file that needs no server."""

from __future__ import annotations

import base64
import io
import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator

import numpy as np
import pytest
from browser import MISSING, Browser
from PIL import Image

from spikesight import studio
from spikesight.studio.query import Query
from spikesight.studio.report import report

pytestmark = pytest.mark.skipif(
    bool(MISSING), reason=f"{' and '.join(MISSING)} not found: apt-get install chromium chromium-driver"
)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def page(browser: Browser, finished) -> Iterator[Browser]:
    browser.prefer("light")
    with studio.start([finished.run.folder]) as served:
        browser.open(f"{served.address}&tab=raster&t0=20&t1=24&at=22")
        browser.until("document.querySelectorAll('[data-panel=stimulus] .bars li').length == 10")
        browser.until("document.querySelector('[data-layer=exc] .spikes')?.textContent")
        browser.until("document.querySelectorAll('[data-panel=classes] .bars i').length >= 10")
        browser.until("document.querySelector('[data-panel=receptive_fields] .note')?.textContent")
        # What is saved is kept here instead of being downloaded.
        browser.value(
            "(URL.createObjectURL = (blob) => { window.saved = blob; return '#'; },"
            " HTMLAnchorElement.prototype.click = () => {}, true)"
        )
        yield browser
        assert browser.complaints() == []
        browser.open("about:blank")


def exported(page: Browser, row: str, kind: str) -> bytes:
    """What a button of the export dialog saves."""
    page.value("(window.saved = null, document.querySelector('#export').click(), true)")
    rows = "[...document.querySelectorAll('#exports tr')]"
    page.value(
        f"[...{rows}.find((row) => row.querySelector('th').textContent === {json.dumps(row)})"
        f".querySelectorAll('button')].find((one) => one.textContent === {json.dumps(kind)}).click()"
    )
    page.until("window.saved")
    assert page.value("document.querySelector('#exports').open") is False
    return base64.b64decode(
        page.value(
            "saved.arrayBuffer().then((buffer) =>"
            " btoa(new Uint8Array(buffer).reduce((text, byte) => text + String.fromCharCode(byte), '')))"
        )
    )


def test_a_tab_as_png_is_what_the_page_shows(page):
    picture = Image.open(io.BytesIO(exported(page, "This tab", "PNG"))).convert("RGB")
    _, _, width, height = page.box(".tab")
    assert picture.size == pytest.approx((2 * (width + 16), 2 * (height + 16)), abs=2)
    shown = Image.open(io.BytesIO(base64.b64decode(page.call("GET", "/screenshot")))).convert("RGB")
    left, top, width, height = page.box("[data-layer=input] canvas")
    frame_left, frame_top, *_ = page.box(".tab")
    part = shown.crop((round(left), round(top), round(left + width), round(top + height)))
    same = picture.crop(
        tuple(
            round(2 * v)
            for v in (
                left - frame_left + 8,
                top - frame_top + 8,
                left - frame_left + 8 + width,
                top - frame_top + 8 + height,
            )
        )
    )
    difference = np.abs(np.asarray(part, float) - np.asarray(same.resize(part.size, Image.BOX), float))
    assert np.median(difference) < 3  # resampling to half the size moves edges, not what is drawn


def test_single_spikes_are_shapes_in_an_svg(page, finished):
    drawn = ET.fromstring(exported(page, "Raster", "SVG"))
    assert drawn.tag == f"{SVG}svg"
    ticks = finished.spikes("exc")[:, 0]
    wanted = int(((ticks >= 40_000) & (ticks < 48_000)).sum())
    assert page.value("document.querySelector('[data-layer=exc] .spikes').textContent").startswith(str(wanted))
    words = "".join(text.text or "" for text in drawn.iter(f"{SVG}text"))
    assert f"{wanted} spikes" in words
    assert len(list(drawn.iter(f"{SVG}path"))) > wanted


def test_pictures_in_an_svg_are_not_loaded_by_the_page(page, finished):
    drawn = ET.fromstring(exported(page, "Receptive fields", "SVG"))
    images = list(drawn.iter(f"{SVG}image"))
    assert len(images) == finished.units
    assert all(one.get("href").startswith("data:image/png") for one in images)
    assert page.complaints() == []


def test_pixels_stay_pixels_in_an_svg(page):
    drawn = ET.fromstring(exported(page, "Stimulus", "SVG"))
    assert [one.get("image-rendering") for one in drawn.iter(f"{SVG}image")] == ["pixelated"]


def test_every_colour_of_a_class_is_in_a_picture(page):
    colours = page.value(
        "[...document.querySelectorAll('[data-panel=classes] .bars i')]"
        ".map((one) => getComputedStyle(one).backgroundColor)"
    )
    drawn = ET.fromstring(exported(page, "Neurons per class", "SVG"))
    assert len(set(colours)) == 10
    assert set(colours) <= {one.get("fill") for one in drawn.iter(f"{SVG}path")}


def test_the_cursor_lies_over_the_lanes(page):
    drawn = ET.fromstring(exported(page, "This tab", "SVG"))
    words = [text.text for text in drawn.iter(f"{SVG}text")]
    assert words[-1].startswith("0:00:22.000")


def test_small_pictures_and_long_lists_in_an_svg(page):
    page.value("document.querySelector('[data-tab=classes]').click()")
    page.until("document.querySelectorAll('[data-panel=confusion] .blocks canvas').length === 8")
    page.value("new Promise(requestAnimationFrame)")
    drawn = ET.fromstring(exported(page, "Confusion", "SVG"))
    assert len(list(drawn.iter(f"{SVG}image"))) == 8
    page.value("document.querySelector('[data-tab=input]').click()")
    page.value("document.querySelector('#whole').click()")
    page.until("document.querySelectorAll('[data-panel=mistakes] li').length > 40")
    drawn = ET.fromstring(exported(page, "Not recognised", "SVG"))
    below = [text for text in drawn.iter(f"{SVG}text") if float(text.get("y")) > float(drawn.get("height"))]
    assert below == []


def test_the_data_of_a_panel_are_the_answer_of_its_view(page, opened):
    from spikesight.studio.views import stimulus
    from spikesight.studio.wire import to_json

    given = json.loads(exported(page, "Stimulus", "Data (JSON)"))
    wanted = json.loads(to_json(stimulus.answer(opened, Query(at=22.0))))
    assert {name: given[name] for name in wanted} == wanted


def test_a_report_opens_without_a_server(browser, opened, finished, tmp_path):
    file = tmp_path / "report.html"
    file.write_text(report(opened, Query(at=75.0, unit=3)))
    browser.open(file.as_uri())
    browser.until("document.querySelector('[data-fact=stimuli] dd')?.textContent === '300'")
    browser.press("2")
    browser.until("document.querySelector('[data-layer=exc] .spikes')?.textContent")
    shown = browser.value("document.querySelector('[data-layer=exc] .spikes').textContent.replace(/\\D/g, '')")
    assert int(shown) == len(finished.spikes("exc"))
    browser.until("document.querySelector('[data-panel=stimulus] .note').textContent.startsWith('150 at')")
    assert (
        browser.value("performance.getEntriesByType('resource').filter((one) => !one.name.startsWith('data:')).length")
        == 0
    )
    assert browser.complaints() == []


def test_a_report_steps_through_the_moments_that_it_keeps(browser, opened, tmp_path):
    file = tmp_path / "report.html"
    file.write_text(report(opened, Query(at=75.0)))
    browser.open(file.as_uri())
    browser.until("document.querySelector('[data-fact=stimuli] dd')?.textContent === '300'")
    seen = []
    for key in (".", ".", ",", ","):
        before = browser.value("location.hash")
        browser.press(key)
        browser.until(f"location.hash !== {json.dumps(before)}")
        seen.append(float(browser.value("new URLSearchParams(location.hash.slice(1)).get('at')")))
    assert seen[0] > 75.0
    assert seen[1] > seen[0]
    assert seen[2:] == [seen[0], 75.0]
    browser.value("document.querySelector('#export').click()")
    rows = browser.value("[...document.querySelectorAll('#exports th')].map((one) => one.textContent)")
    assert "This tab" in rows
    assert "The run, as one page" not in rows, "a report cannot make one: it has no run"


def test_names_in_a_run_cannot_end_the_script_of_a_report(opened, monkeypatch):
    monkeypatch.setitem(opened.run._facts, "recipe", "</script><img src=x onerror=alert(1)>")
    assert "</script><img" not in report(opened, Query())


def test_a_report_has_no_tab_for_what_it_cannot_hold(opened):
    page = report(opened, Query())
    document = json.loads(page.split('id="frozen">')[1].split("</script>")[0])
    assert not {"compare", "sql"} & {tab["name"] for tab in document["views"]["tabs"]}
    assert {"overview", "raster", "changes"} <= {tab["name"] for tab in document["views"]["tabs"]}
