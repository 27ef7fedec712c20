"""Take the pictures of the studio that the documentation shows: every tab, light and dark.

    python docs/take_pictures.py RUN [OTHER]

RUN is a finished run with weights and spikes of all layers; OTHER is the run it is compared with. Needs chromium and
chromedriver. Pictures are written as PNG with at most 256 colours, which is what keeps them small.
"""

from __future__ import annotations

import argparse
import base64
import io
import tempfile
import time
from pathlib import Path

from PIL import Image

from spikesight import studio
from spikesight.benchmarks.browser import Browser

PICTURES = Path(__file__).parent / "pictures"
SIZE = (1200, 750)
SETTLE = 0.7
"""Seconds after the last answer, for what is drawn after it."""
STATEMENT = "SELECT label, avg(correct::INT) AS accuracy FROM stimuli GROUP BY label ORDER BY label"
BUSY = "performance.getEntriesByType('resource').length"


def main() -> None:
    """Read the command line and take every picture."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", nargs="+", type=Path, metavar="RUN")
    parser.add_argument("--at", type=float, help="The moment of the cursor, in seconds.")
    parser.add_argument("--unit", type=int, default=7, help="The unit that is shown.")
    parser.add_argument("--window", type=float, default=8.0, help="Seconds of the rasters around the cursor.")
    parser.add_argument("--only", nargs="*", help="Tabs; all where none are named.")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, studio.start(asked.runs) as served:
        browser = Browser(Path(folder))
        try:
            browser.size(*SIZE)
            for theme in ("light", "dark"):
                _take_all(browser, served.address, theme, asked)
        finally:
            browser.close()


def _take_all(browser: Browser, address: str, theme: str, asked: argparse.Namespace) -> None:
    moment = "" if asked.at is None else f"&at={asked.at}"
    window = "" if asked.at is None else f"&t0={asked.at - asked.window / 2}&t1={asked.at + asked.window / 2}"
    tabs = {
        "overview": moment,
        "raster": moment + window,
        "input": moment,
        "synapses": f"{moment}&unit={asked.unit}",
        "neurons": f"{moment}&unit={asked.unit}",
        "maps": moment,
        "classes": f"{moment}&confusion.cell=9-4",
        "compare": moment,
        "changes": "",
        "cost": moment,
        "sql": f"&sql.form=chart&sql.statement={STATEMENT}",
    }
    for tab, state in tabs.items():
        if (asked.only and tab not in asked.only) or (tab == "compare" and len(asked.runs) < 2):
            continue
        browser.open(f"{address}&theme={theme}&tab={tab}{state}")
        settled(browser)
        save(browser, PICTURES / f"studio-{tab}-{theme}.png")


def settled(browser: Browser) -> None:
    """Wait until every panel has its answer; "What changed?" takes seconds to find out."""
    browser.until("document.querySelector('#status').textContent")
    _quiet(browser)
    browser.until("![...document.querySelectorAll('[aria-busy=true]')].some((one) => one.checkVisibility())")
    _quiet(browser)


def _quiet(browser: Browser) -> None:
    """Wait until nothing has been fetched for a while."""
    known, since = -1, time.monotonic()
    while time.monotonic() - since < SETTLE:
        found = int(browser.value(BUSY))
        if found != known:
            known, since = found, time.monotonic()
        time.sleep(0.1)


def save(browser: Browser, path: Path) -> None:
    """Write what the page shows to `path`, with at most 256 colours."""
    picture = Image.open(io.BytesIO(base64.b64decode(browser.call("GET", "/screenshot")))).convert("RGB")
    picture.quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
