"""What changed: events in accuracy and activity, and beside each what else changed then, likeliest causes first."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from spikesight.analysis.what_changed import what_changed
from spikesight.analysis.what_happened import Event, Finding
from spikesight.studio.open_run import OpenRun
from spikesight.studio.query import Query
from spikesight.studio.view import Place, View

ALPHA = 0.01


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return `events`, each with its sentence `text`, its `findings` with theirs and the view that shows it, and marks.

    The option `alpha` is the share of events that chance may bring.
    """
    alpha = query.number("alpha", ALPHA, 1e-9, 0.5)
    trace = run.trace
    with run.slowly:
        events = run.remembered(("what changed", alpha), lambda: what_changed(trace, alpha))
    return {"alpha": alpha, "events": [_event(one) for one in events]}


def _event(event: Event) -> dict[str, Any]:
    head, *_ = event.as_text().splitlines()
    told = {name: value for name, value in vars(event).items() if name not in ("findings", "marks", "view")}
    return {
        **told,
        "text": head,
        "view": _view(event),
        "findings": [_finding(one) for one in event.findings],
        "marks": [asdict(one) for one in event.marks],
    }


def _finding(found: Finding) -> dict[str, Any]:
    told = {name: value for name, value in vars(found).items() if name != "view"}
    return {**told, "order": found.order, "text": found.as_text(), "view": _view(found)}


def _view(one: Event | Finding) -> dict[str, Any]:
    return {"name": one.view.name, "parameters": dict(one.view.parameters)}


VIEW = View(answer, "What changed?", ("changes",), Place.MAIN, options=("alpha",), waits=False)
