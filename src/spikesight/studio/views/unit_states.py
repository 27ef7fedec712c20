"""How many units of every population are active, quiet, dead, silent since some time, saturated, or bursting."""

from __future__ import annotations

from typing import Any

from spikesight.analysis.health import health
from spikesight.analysis.recorded.sampling import recorded_units
from spikesight.studio.open_run import OpenRun
from spikesight.studio.query import Query
from spikesight.studio.unit_order import spikes_of_units
from spikesight.studio.view import Place, View
from spikesight.trace.schema import Layer

MOST_SPIKES = 2_000_000
MOST_UNITS = 4096
"""Of larger populations, and while the run goes on, only what counts alone can tell is told here."""


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return, for every population: `recorded` units, of which are `active` in the window, `quiet` in it, and `dead`.

    A dead unit never spiked in the run; a quiet one did. `more` has the counts of `silent`, `saturated`,
    `answers_everything` and `bursting` units over the whole run, see `analysis.health`; None where it would take long.
    """
    window = run.seconds(run.window(query))
    layers = [_layer(run, layer, window) for layer in run.trace.header.layers]
    return {"t0": window[0], "t1": window[1], "layers": layers}


def _layer(run: OpenRun, layer: Layer, window: tuple[float, float]) -> dict[str, Any]:
    recorded, ever = recorded_units(run.trace, layer.name), spikes_of_units(run, layer)
    here = run.trace.unit_counts(layer.name, window)
    active, dead = int((here > 0).sum()), int((recorded & (ever == 0)).sum())
    return {
        "name": layer.name,
        "size": layer.size,
        "recorded": int(recorded.sum()),
        "active": active,
        "quiet": int(recorded.sum()) - active - dead,
        "dead": dead,
        "more": _more(run, layer, int(ever.sum())),
    }


def _more(run: OpenRun, layer: Layer, spikes: int) -> dict[str, int] | None:
    going_on = run.run.status() == "running"
    if going_on or spikes > MOST_SPIKES or layer.size > MOST_UNITS or not layer.recorded.rows:
        return None
    counts = run.remembered(("health", layer.name), lambda: health(run.trace, layer.name)).summary
    return {name: counts[name] for name in ("silent", "saturated", "answers_everything", "bursting")}


VIEW = View(answer, "Units", ("overview",), Place.SIDE)
