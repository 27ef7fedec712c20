"""How long a turn of the wheel takes until the page shows the new pixels, in a real browser on a large trace."""

from __future__ import annotations

import json
import tempfile
import time
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final

import numpy as np

from spikesight import studio
from spikesight.base.errors import SpikesightError
from spikesight.base.randomness import generator
from spikesight.benchmarks.browser import Browser
from spikesight.benchmarks.report import Report
from spikesight.benchmarks.synthetic import record
from spikesight.benchmarks.timing import timed
from spikesight.runs.folder import Run
from spikesight.runs.machine import machine
from spikesight.studio.open_run import OpenRun
from spikesight.studio.query import Query
from spikesight.studio.views import VIEWS

SPIKES: Final = 10**8
TURNS: Final = 60
MILLISECOND: Final = 1_000_000
SIZE: Final = (1200, 750)
PATIENCE: Final = 10.0


def measure() -> Report:
    """Zoom in and out of a made-up trace of a hundred million spikes, all five layers in view.

    `browser_over_server` is what the page adds to the answer of the server: transport, decoding, drawing.
    Errors: MissingExtra without chromium and chromedriver.
    """
    with tempfile.TemporaryDirectory(prefix="spikesight-zoom-") as place:
        folder = Path(place)
        run = Run.create(folder, "made-up", seed=0, config={})
        spikes, _ = record(run.trace_folder, SPIKES, MILLISECOND)
        run.update(status="finished")
        first, latencies, windows = _in_browser(run, folder)
        served = _by_server(run, windows)
    figures = {
        "spikes": float(spikes),
        "first_view_ms": first,
        "browser_zoom_ms_median": median(latencies),
        "browser_zoom_ms_p95": float(np.quantile(latencies, 0.95)),
        "server_zoom_ms_median": median(served),
        "turns": float(len(latencies)),
    }
    return Report("zoom", figures, {"browser_over_server": median(latencies) / median(served)}, machine())


def _in_browser(run: Run, folder: Path) -> tuple[float, list[float], list[tuple[float, float]]]:
    """Return milliseconds to the first view and of every turn of the wheel, and the windows that were shown."""
    random = generator(0, "turns of the wheel")
    browser = Browser(folder)
    try:
        with studio.start([run.folder]) as served:
            browser.size(*SIZE)
            browser.open(f"{served.address}&tab=raster")
            shown = "document.querySelector('[data-layer=out] .spikes')?.textContent"
            browser.until(shown)
            first = float(browser.value("performance.now()"))
            left, top, width, height = browser.box("[data-layer=conv1] canvas")
            latencies: list[float] = []
            windows: list[tuple[float, float]] = []
            for turn in range(TURNS):
                delta = -400 if turn % 20 < 12 else 400
                known = len(latencies)
                browser.wheel(left + width * float(random.uniform(0.2, 0.8)), top + height / 2, delta)
                latencies = _latencies(browser, known)
                windows.append(_window(browser))
            browser.open("about:blank")
    finally:
        browser.close()
    return first, latencies, windows


def _latencies(browser: Browser, known: int) -> list[float]:
    """Wait until one more answer has been drawn than the `known` ones; a turn that changed nothing adds none."""
    asked = "performance.getEntriesByName('gesture to new raster').map((one) => one.duration)"
    end = time.monotonic() + PATIENCE
    found: list[float] = browser.value(asked)
    while len(found) <= known and time.monotonic() < end:
        time.sleep(0.02)
        found = browser.value(asked)
    if not found:
        raise SpikesightError("the page has not told how long a zoom took: please report this")
    return found


def _window(browser: Browser) -> tuple[float, float]:
    time.sleep(0.2)  # the address is written a moment later
    given = json.loads(browser.value("JSON.stringify(Object.fromEntries(new URLSearchParams(location.hash.slice(1))))"))
    return float(given.get("t0", "nan")), float(given.get("t1", "nan"))


def _by_server(run: Run, windows: list[tuple[float, float]]) -> list[float]:
    """Return milliseconds that the raster view takes for the same windows."""
    opened = OpenRun(run.folder)
    opened.refresh()
    times = []
    for t0, t1 in windows:
        query = Query(None, None, bins=350, rows=80) if np.isnan(t0) else Query(t0, t1, bins=350, rows=80)
        times.append(1e3 * timed(partial(VIEWS["raster"].answer, opened, query)))
    opened.close()
    return times
