"""Two runs unit by unit: the rate, or the selectivity, of every unit of a population in the one and in the other."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.studio.alignment import pair
from spikesight.studio.open_run import OpenRun
from spikesight.studio.query import Query
from spikesight.studio.tuning import tuning
from spikesight.studio.view import Place, View

MEASURES = ("rate", "selectivity")


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return `one` and `other` (units,): what the option `measure` says, over the window; NaN where it is not known.

    Errors: Empty where the runs have no such population in common.
    """
    both, measure = pair(run, query), query.choice("measure", MEASURES)
    names = [mine.name for mine, _ in both.shared]
    wanted = query.layer or run.readout().name
    layer = wanted if wanted in names else names[-1]
    values = [
        _measured(one, layer, window, measure) for one, window in ((run, both.window), (both.other, both.other_window))
    ]
    known = np.isfinite(values[0]) & np.isfinite(values[1])
    gap = (values[1] - values[0])[known]
    return {
        "names": [run.name, both.other.name],
        "layer": layer,
        "measure": measure,
        "unit": "Hz" if measure == "rate" else "",
        "one": values[0],
        "other": values[1],
        "known": int(known.sum()),
        "mean_difference": float(gap.mean()) if len(gap) else None,
        "rose": int((gap > 0).sum()),
        "fell": int((gap < 0).sum()),
    }


def _measured(run: OpenRun, layer: str, window: tuple[float, float], measure: str) -> np.ndarray:
    if measure == "selectivity":
        return tuning(run, Query(*window), layer).index.astype(np.float32)
    return (run.trace.unit_counts(layer, window) / (window[1] - window[0])).astype(np.float32)


VIEW = View(answer, "Unit by unit", ("compare",), Place.SIDE, options=("align", "measure"))
