"""Which classes were taken for which: in the window, and block by block through the run."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.analysis.recorded import Confusion, confusion
from spikesight.analysis.recorded.predictions import confused
from spikesight.studio.moments import stimuli
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query
from spikesight.studio.view import Place, View

BLOCKS = 8
MOST_CLASSES = 128


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return `counts` (C, C + 1) of the window: stimuli of `classes[i]` taken for `classes[j]`, last column for none.

    `blocks` has the same of equal blocks of stimuli through the run: counts (K, C, C + 1), t_start, t_end, accuracy
    (K,).   Errors: Empty where nothing was predicted, or for more classes than can be drawn.
    """
    whole: Confusion = run.remembered("confusion", lambda: confusion(run.trace, BLOCKS))
    _check(run, whole)
    shown = stimuli(run)
    here = shown.within(*run.seconds(run.window(query)))
    labels, predictions = shown.label[here], shown.prediction[here]
    counts = confused(np.zeros(len(labels), np.int64), labels, predictions, whole.classes, 1)[0]
    return {
        "classes": whole.classes.astype(np.int32),
        "counts": counts.astype(np.int32),
        "stimuli": int(counts.sum()),
        "blocks": {
            "counts": whole.counts.astype(np.int32),
            "t_start": whole.t_start,
            "t_end": whole.t_end,
            "accuracy": whole.accuracy,
        },
    }


def _check(run: OpenRun, whole: Confusion) -> None:
    shown = stimuli(run)
    if not len(whole.classes):
        raise Empty("The stimuli have no labels, so there is nothing to confuse.")
    if (shown.prediction < 0).all():
        how = run.advice("TraceWriter.stimulus(..., prediction=...) records one.")
        raise Empty(f"No prediction was recorded.{how}")
    if len(whole.classes) > MOST_CLASSES:
        raise Empty(f"There are {len(whole.classes)} classes: more than can be drawn (at most {MOST_CLASSES}).")


VIEW = View(answer, "Confusion", ("classes",), Place.MAIN)
