"""The run as one HTML file that opens without a server."""

from __future__ import annotations

from typing import Any

from spikesight.studio.open_run import OpenRun
from spikesight.studio.query import Query
from spikesight.studio.report import report
from spikesight.studio.view import View


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return `html`: the page with its answers inside, opened at the moment and the unit that were looked at."""
    return {"html": report(run, query)}


VIEW = View(answer, "Report")
