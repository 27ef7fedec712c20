"""The stimuli of a window that were not recognised."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.studio.moments import stimuli
from spikesight.studio.open_run import OpenRun
from spikesight.studio.query import Query
from spikesight.studio.view import Place, View

MOST = 200


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return `count` of them, `of` those with an outcome, and the newest `MOST`, newest first.

    Of each: stim, t (its middle, seconds), label and prediction, all (N,).
    """
    window = run.window(query)
    t0, t1 = run.seconds(window)
    shown = stimuli(run)
    here = shown.within(t0, t1)
    correct = shown.correct[here]
    wrong = here.start + np.flatnonzero(correct == 0)
    told = wrong[::-1][:MOST]
    return {
        "t0": t0,
        "t1": t1,
        "count": len(wrong),
        "of": int((correct >= 0).sum()),
        "stim": shown.stim[told].astype(np.int32),
        "t": shown.middle(told).astype(np.float64),
        "label": shown.label[told].astype(np.int32),
        "prediction": shown.prediction[told].astype(np.int32),
    }


VIEW = View(answer, "Not recognised", ("input",), Place.SIDE)
