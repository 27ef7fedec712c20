"""The stimuli behind a cell of the confusion matrix."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.studio.moments import stimuli
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query
from spikesight.studio.view import Place, View

MOST = 300


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return the stimuli of class `label` taken for `taken` (options; `taken` "none": not predicted) in the window.

    `count` of them in all; of the newest `MOST`, newest first: stim, t (its middle, seconds).
    Errors: Empty where no cell is chosen, or it has no stimuli.
    """
    shown = stimuli(run)
    if not query.text("label"):
        raise Empty("No cell is chosen. Click one in the confusion matrix.")
    label = query.whole("label", 0)
    taken = -1 if query.text("taken") == "none" else query.whole("taken", label)
    here = shown.within(*run.seconds(run.window(query)))
    chosen = here.start + np.flatnonzero((shown.label[here] == label) & (shown.prediction[here] == taken))
    if not len(chosen):
        raise Empty("No such stimulus in this window.")
    newest = chosen[::-1][:MOST]
    return {
        "label": label,
        "taken": taken,
        "count": len(chosen),
        "stim": shown.stim[newest].astype(np.int32),
        "t": shown.middle(newest).astype(np.float64),
    }


VIEW = View(answer, "Stimuli of the cell", ("classes",), Place.SIDE, options=("label", "taken"))
