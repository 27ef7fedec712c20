"""The run as one HTML file: the page itself, its modules, and the answers it will ask for, all inside."""

from __future__ import annotations

import base64
import html
import json
import posixpath
import re
from dataclasses import replace
from typing import Any, Final

import numpy as np

from spikesight.base.errors import SpikesightError
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.pages import page_files
from spikesight.studio.panels import panels
from spikesight.studio.query import Query
from spikesight.studio.views import VIEWS
from spikesight.studio.wire import to_binary

MOMENTS: Final = 12
"""So many moments of the run are kept, beside the one that was looked at: the cursor shows the nearest."""
BINS, ROWS = 700, 128
NOT_KEPT: Final = frozenset({"report", "sql", "steps"})
"""Views that cannot be asked beforehand."""
OTHER_RUNS: Final = "compare"
"""A tab about more runs than the one that is kept."""
SERVER: Final = "server.js"
FROZEN: Final = "frozen.js"

_IMPORT = re.compile(r"""((?:from|import)\s*\(?\s*['"])(/static/|\.\./|\./)([\w/.-]+)(['"])""")


def report(run: OpenRun, query: Query) -> str:
    """Return a page that shows `run` without a server: the whole run at `MOMENTS` moments, and that of `query`.

    Single spikes cannot be zoomed into: that would take the trace. Errors: Empty where nothing was recorded.
    """
    answers = {name: _answers(run, name, query) for name in VIEWS if _is_kept(name)}
    document = {
        "runs": [{"name": run.name, "recipe": run.facts.get("recipe")}],
        "views": _listed({name for name, kept in answers.items() if kept}),
        "answers": answers,
        "state": {name: value for name, value in _state(run, query).items() if value is not None},
    }
    return _page(run.name, document)


def _is_kept(name: str) -> bool:
    return name not in NOT_KEPT and OTHER_RUNS not in VIEWS[name].tabs


def _state(run: OpenRun, query: Query) -> dict[str, Any]:
    return {"run": run.name, "at": query.at, "unit": query.unit, "layer": query.layer, "projection": query.projection}


def _listed(kept: set[str]) -> dict[str, Any]:
    told = panels()
    views = [
        {**view, "script": f"spikesight/views/{view['name']}.js"} for view in told["views"] if view["name"] in kept
    ]
    named = {tab for view in views for tab in view["tabs"]}
    return {"tabs": [tab for tab in told["tabs"] if tab["name"] in named], "views": views}


def _answers(run: OpenRun, name: str, query: Query) -> list[dict[str, Any]]:
    """Return the different answers of a view over the moments: `at` and the answer as base64 of its binary form.

    An answer about a moment says for which stretch of time it is valid; any other is the same at all of them.
    """
    kept: list[dict[str, Any]] = []
    for at in _moments(run, query):
        answer = _answer(run, name, replace(query, t0=None, t1=None, at=at, bins=BINS, rows=ROWS))
        packed = base64.b64encode(to_binary({"revision": 0, **answer})).decode()
        if not kept or kept[-1]["packed"] != packed:
            kept.append({"at": at, "packed": packed})
        if "valid" not in answer:
            break
    return kept


def _answer(run: OpenRun, name: str, query: Query) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = VIEWS[name].answer(run, query)
    except (Empty, SpikesightError) as reason:
        return {"empty": str(reason)}
    return answer


def _moments(run: OpenRun, query: Query) -> list[float]:
    t0, t1 = run.seconds(run.window(Query()))
    even = np.linspace(t0, t1 - run.tick, MOMENTS).tolist()
    return sorted({*even, *([] if query.at is None else [query.at])})


def _page(name: str, document: dict[str, Any]) -> str:
    files = page_files()
    modules = {place: _bare(place, text.decode()) for place, text in files.items() if _is_asked_for(place)}
    modules[SERVER] = modules.pop(FROZEN)
    for view in document["views"]["views"]:
        if (script := VIEWS[view["name"]].script) is not None:
            place = f"views/{view['name']}.js"
            modules[place] = _bare(place, script.read_text())
    imports = {f"spikesight/{place}": _data("text/javascript", text) for place, text in modules.items()}
    page = files["index.html"].decode()
    page = re.sub(r'<link rel="icon"[^>]*>', f'<link rel="icon" href="{_svg(files)}">', page)
    page = page.replace('"/static/mark.svg"', f'"{_svg(files)}"')
    page = re.sub(r'<link rel="stylesheet" href="/static/([\w.-]+)">', lambda found: _style(files, found[1]), page)
    page = re.sub(r"<title>.*?</title>", lambda _: f"<title>{html.escape(name)}</title>", page)
    scripts = (
        f'<script type="application/json" id="frozen">{_inside(document)}</script>'
        f'<script type="importmap">{_inside({"imports": imports})}</script>'
        '<script type="module">import "spikesight/main.js";</script>'
    )
    return re.sub(r'<script type="module" src="[^"]*"></script>', lambda _: scripts, page)


def _is_asked_for(place: str) -> bool:
    """A report is of a run: it plays no events."""
    return place.endswith(".js") and not place.startswith("events/")


def _bare(place: str, text: str) -> str:
    """Name the modules that module `place` imports as an import map does: a `data:` address has no neighbours."""

    def named(found: re.Match[str]) -> str:
        begin, base, rest, end = found.groups()
        target = (
            rest if base == "/static/" else posixpath.normpath(posixpath.join(posixpath.dirname(place), base, rest))
        )
        return f"{begin}spikesight/{target}{end}"

    return _IMPORT.sub(named, text)


def _data(kind: str, text: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(text.encode()).decode()}"


def _svg(files: dict[str, bytes]) -> str:
    return _data("image/svg+xml", files["mark.svg"].decode())


def _style(files: dict[str, bytes], name: str) -> str:
    return f"<style>{files[name].decode()}</style>"


def _inside(document: Any) -> str:
    # "<" as an escape: no name in a run can end the script element early.
    return json.dumps(document, allow_nan=False, separators=(",", ":")).replace("<", "\\u003c")
