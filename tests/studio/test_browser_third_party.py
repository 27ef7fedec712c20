"""The view of docs/how-to/studio-view.md, installed as the page says, in a real browser."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import MISSING, Browser
from reading import ROOT, blocks

from spikesight import studio
from spikesight.studio.query import Query
from spikesight.studio.report import report
from spikesight.studio.views import VIEWS

pytestmark = pytest.mark.skipif(
    bool(MISSING), reason=f"{' and '.join(MISSING)} not found: apt-get install chromium chromium-driver"
)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The package of the page, where Python finds it, with the entry point that pip would have written."""
    code = {block.language: "\n".join(block.lines) + "\n" for block in blocks(ROOT / "docs/how-to/studio-view.md")}
    package, facts = tmp_path / "spikesight_pauses", tmp_path / "spikesight_pauses-0.1.0.dist-info"
    package.mkdir()
    facts.mkdir()
    (package / "__init__.py").write_text(code["python"])
    (package / "pauses.js").write_text(code["js"])
    points = code["toml"].partition("entry-points.")[2].partition("]")[2].strip().replace('"', "")
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: spikesight-pauses\nVersion: 0.1.0\n")
    (facts / "entry_points.txt").write_text(f"[spikesight.view]\n{points}\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.invalidate_caches()
    yield
    sys.modules.pop("spikesight_pauses", None)


def test_its_tab_shows_the_values_of_its_question(installed, opened, finished, tmp_path):
    wanted = VIEWS["pauses"].answer(opened, Query())["pauses"]
    assert {one["layer"] for one in wanted} == {"input", "exc", "inh"}
    assert max(one["seconds"] for one in wanted) > 0
    browser = Browser(tmp_path)
    try:
        with studio.start([finished.run.folder]) as served:
            browser.open(f"{served.address}&tab=pauses")
            label = "document.querySelector('[data-panel=pauses] canvas')?.ariaLabel"
            browser.until(label)
            told = browser.value(label)
            browser.value("document.querySelector('[data-panel=pauses] .table-button').click()")
            rows = browser.value("[...document.querySelectorAll('#table tbody tr')].map((row) => row.innerText)")
            titles = browser.value("[...document.querySelectorAll('[role=tab]')].map((one) => one.textContent)")
            assert browser.complaints() == []
        assert titles[-1] == "Pauses"
        assert len(rows) == 3
        for one in wanted:
            seconds = f"{one['seconds'] * 1000:.3g} ms" if one["seconds"] < 1 else f"{one['seconds']:.3g} s"
            assert f"{one['layer']} {seconds}" in told
        browser.open("about:blank")
    finally:
        browser.close()


def test_a_report_has_it_too(installed, opened):
    page = report(opened, Query())
    assert "spikesight/views/pauses.js" in page
    assert json.dumps("Longest pauses") in page
