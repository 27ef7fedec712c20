"""How selective a population was over the run, and one unit of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.analysis.recorded.tuning import SelectivityDrift, selectivity_drift
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query
from spikesight.studio.view import Place, View

BLOCKS = 64


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return the selectivity index in blocks of stimuli over the whole run: its median and quartiles over the units.

    t_start, t_end (K,) seconds; median, low, high (K,); unit (K,), that of `query.unit`, None where none is chosen.
    """
    layer = run.asked_layer(query)
    found = run.remembered(("drift", layer.name), lambda: _drift(run, layer.name))
    chosen = query.unit is not None and query.unit < layer.size
    low, median, high = quartiles(found.index)
    t0, t1 = run.seconds(run.window(Query()))
    return {
        "t0": t0,
        "t1": t1,
        "layer": layer.name,
        "t_start": found.t_start,
        "t_end": found.t_end,
        "median": median,
        "low": low,
        "high": high,
        "unit": found.index[:, query.unit].astype(np.float32) if chosen else None,
    }


def _drift(run: OpenRun, layer: str) -> SelectivityDrift:
    found = selectivity_drift(run.trace, layer, BLOCKS)
    if not found.shown.any():
        raise Empty("Selectivity needs stimuli with labels, and none was recorded.")
    return found


def quartiles(index: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the quarter, half and three quarter points over units (K, units), without silent ones (NaN): (K,) each."""
    found = np.full((3, len(index)), np.nan, dtype=np.float32)
    for block, values in enumerate(index):
        known = values[np.isfinite(values)]
        if len(known):
            found[:, block] = np.quantile(known, (0.25, 0.5, 0.75))
    return found[0], found[1], found[2]


VIEW = View(answer, "Selectivity over the run", ("neurons",), Place.LANE)
