"""Accuracy over the whole run."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.analysis import running_accuracy, thinned
from spikesight.studio.metrics import metric
from spikesight.studio.moments import stimuli
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query
from spikesight.studio.view import Place, View

LAST = 250


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return `t` (seconds) and `value` (fraction of 1): the run's own accuracy, else the share of right answers."""
    t, value, source = _recorded(run) or _from_outcomes(run)
    t, value = thinned(t, value, query.bins)
    return {"t": t, "value": value, "source": source, "control": metric(run.facts, "control")}


def _recorded(run: OpenRun) -> tuple[np.ndarray, np.ndarray, str] | None:
    t, value = run.trace.scalars("accuracy")
    return (np.asarray(t), np.asarray(value), "in training") if len(t) else None


def _from_outcomes(run: OpenRun) -> tuple[np.ndarray, np.ndarray, str]:
    shown = stimuli(run)
    known = shown.correct >= 0
    if not known.any():
        raise Empty("No prediction was made yet: accuracy begins once neurons have classes.")
    return shown.t_end[known], running_accuracy(shown.correct[known], LAST), f"mean of the last {LAST} answers"


VIEW = View(answer, "Accuracy", (), Place.LANE)
