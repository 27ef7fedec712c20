"""Accuracy of two runs over the stimuli each has shown, or over time."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.analysis import thinned
from spikesight.studio.alignment import WAYS, moved
from spikesight.studio.moments import stimuli
from spikesight.studio.open_run import OpenRun
from spikesight.studio.query import Query
from spikesight.studio.view import Place, View
from spikesight.studio.views.accuracy import accuracy_of


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return `curves`: {name, t, value}, on the time of `run`: aligned by time, or by the number of stimuli shown."""
    other = run.other(query)
    by_time = query.choice("align", WAYS) == "time"
    curves = []
    for one in (run, other):
        t, value = accuracy_of(one)[:2]
        t, value = thinned(t, value, query.bins)
        if one is other and not by_time:
            mine, its = stimuli(run), stimuli(other)
            t = np.array([moved(its, mine, float(seconds)) for seconds in t])
        curves.append({"name": one.name, "t": np.asarray(t, np.float64), "value": np.asarray(value, np.float64)})
    t0, t1 = run.seconds(run.window(query))
    return {"t0": t0, "t1": t1, "curves": curves}


VIEW = View(answer, "Accuracy of both", ("compare",), Place.LANE, options=("align",))
