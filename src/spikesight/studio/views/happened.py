"""The events of "What changed?" over time."""

from __future__ import annotations

from typing import Any

from spikesight.studio.open_run import OpenRun
from spikesight.studio.query import Query
from spikesight.studio.view import Place, View
from spikesight.studio.views import changes


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return `events`: when each began and ended (seconds), its kind, and the sentence that tells it."""
    t0, t1 = run.seconds(run.window(query))
    kept = ("t", "end", "kind", "series", "better", "uncertain", "text")
    events = [{name: one[name] for name in kept} for one in changes.answer(run, query)["events"]]
    return {"t0": t0, "t1": t1, "events": events}


VIEW = View(answer, "Events", ("changes",), Place.LANE, options=("alpha",), waits=False)
