"""The inputs processed up to the cursor, by class: how many, and how many of them were recognised."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.studio.moments import stimuli
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query
from spikesight.studio.view import Place, View
from spikesight.studio.views.stimulus import until


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return, for each class, `shown`, `right` and `predicted` (classes,) int32, up to the stimulus at the cursor.

    `predicted` are those with a known outcome: the share of right ones is right / predicted. `names` names the classes
    where the run does. `valid` is the stretch of time (seconds) in which the answer is the same.
    """
    shown = stimuli(run)
    place = len(shown) - 1 if query.at is None else shown.at(query.at)
    label, correct = shown.label[: place + 1], shown.correct[: place + 1]
    if shown.label.max() < 0:
        raise Empty("The stimuli have no labels, so they fall into no classes.")
    classes = int(shown.label.max()) + 1
    return {
        "stimuli": place + 1,
        "of": len(shown),
        "shown": _each(label[label >= 0], classes),
        "right": _each(label[(label >= 0) & (correct == 1)], classes),
        "predicted": _each(label[(label >= 0) & (correct >= 0)], classes),
        "names": list(run.trace.header.classes),
        "t": float(shown.t_start[place]),
        "valid": [float(shown.t_start[place]), until(shown, place)],
    }


def _each(labels: np.ndarray, classes: int) -> np.ndarray:
    return np.bincount(labels, minlength=classes).astype(np.int32)


VIEW = View(answer, "Inputs processed", ("overview",), Place.SIDE)
