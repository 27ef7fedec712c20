"""Accuracy over the whole run, and with it the loss and the marks."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.analysis import running_accuracy, thinned
from spikesight.studio.metrics import metric
from spikesight.studio.moments import stimuli
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query
from spikesight.studio.view import Place, View
from spikesight.studio.views.marks import marks_in
from spikesight.studio.views.scalars import LOSS, points, series

LAST = 250


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return `t` (seconds) and `value` (fraction of 1): the run's own accuracy, else the share of right answers.

    Where there is none, `why` says so. `loss` has t and value where it was recorded, else None; `marks` are as the view
    of that name tells them.   Errors: Empty where there is none of the three.
    """
    marks, loss = marks_in(run, -np.inf, np.inf), _loss(run, query.bins)
    why = None
    try:
        found = accuracy_of(run)
    except Empty as reason:
        if not marks["count"] and loss is None:
            raise
        found, why = (np.zeros(0), np.zeros(0), ""), str(reason)
    t, value = thinned(found[0], found[1], query.bins)
    told = {"t": t, "value": value, "source": found[2], "why": why}
    return {**told, "control": metric(run.facts, "control"), "marks": marks, "loss": loss}


def accuracy_of(run: OpenRun) -> tuple[np.ndarray, np.ndarray, str]:
    """Return times (seconds), accuracy (fraction of 1) and where it is from: the run itself, else its answers.

    Errors: Empty where no prediction was made.
    """
    return _recorded(run) or _from_outcomes(run)


def _recorded(run: OpenRun) -> tuple[np.ndarray, np.ndarray, str] | None:
    t, value = run.trace.scalars("accuracy")
    return (np.asarray(t), np.asarray(value), "in training") if len(t) else None


def _from_outcomes(run: OpenRun) -> tuple[np.ndarray, np.ndarray, str]:
    shown = stimuli(run)
    known = shown.correct >= 0
    if not known.any():
        raise Empty("No prediction was made yet: accuracy begins once neurons have classes.")
    return shown.t_end[known], running_accuracy(shown.correct[known], LAST), f"mean of the last {LAST} answers"


def _loss(run: OpenRun, bins: int) -> dict[str, Any] | None:
    known = series(run)
    return points(*known[LOSS], bins) if LOSS in known else None


VIEW = View(answer, "Accuracy", (), Place.LANE)
