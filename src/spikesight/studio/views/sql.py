"""Statements of the person's own over the trace: SELECT only, from files of the run only."""

from __future__ import annotations

from typing import Any

from spikesight.studio.open_run import OpenRun
from spikesight.studio.query import Query
from spikesight.studio.view import Place, View
from spikesight.trace.console import MOST_ROWS, ask

EXAMPLES = {
    "Spikes per layer": "SELECT layer, count(*) AS spikes, count(DISTINCT unit) AS units\nFROM spikes GROUP BY layer",
    "Accuracy per thousand stimuli": (
        "SELECT stim // 1000 AS thousand, avg(correct::INT) AS accuracy\nFROM stimuli WHERE correct IS NOT NULL\n"
        "GROUP BY thousand ORDER BY thousand"
    ),
    "Most active units": (
        "SELECT layer, unit, count(*) AS spikes\nFROM spikes GROUP BY layer, unit ORDER BY spikes DESC LIMIT 20"
    ),
    "Confusions": (
        "SELECT label, prediction, count(*) AS stimuli\nFROM stimuli WHERE NOT correct\n"
        "GROUP BY label, prediction ORDER BY stimuli DESC LIMIT 20"
    ),
    "Rate of each layer, second by second": (
        "SELECT floor(seconds) AS second, layer, count(*) AS spikes\nFROM spikes GROUP BY second, layer ORDER BY second"
    ),
    "Mean weights": "SELECT seconds, projection, mean, std, high\nFROM weights ORDER BY seconds",
    "Stimuli without an answer": (
        "SELECT stim, label FROM stimuli\nWHERE stim NOT IN (\n  SELECT stim FROM spikes\n"
        "  WHERE layer = (SELECT name FROM layers OFFSET 1 LIMIT 1))\nORDER BY stim LIMIT 100"
    ),
}


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return `examples`; and of the statement in the option `statement`: `columns`, `rows`, `cut`, `seconds`.

    Errors: InputError for a statement that cannot be run.
    """
    statement = query.text("statement").strip()
    told: dict[str, Any] = {"examples": EXAMPLES, "statement": statement, "most": MOST_ROWS}
    folder = run.trace.folder
    if not statement:
        return told
    found = ask(folder, statement)
    columns = [{"name": name, "type": kind} for name, kind in found.columns]
    return {**told, "columns": columns, "rows": found.rows, "cut": found.cut, "seconds": found.seconds}


VIEW = View(answer, "SQL", ("sql",), Place.MAIN, options=("statement",), waits=False)
