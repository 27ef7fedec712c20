"""Stimuli like the one at the cursor: those that a population answered most alike."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.analysis import fields, levels
from spikesight.analysis.similar import Similar, similar
from spikesight.base.errors import InputError
from spikesight.studio.moments import answers
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query
from spikesight.studio.view import Place, View
from spikesight.studio.views.stimulus import stimulus_at, until

COUNT = 10
REACH = 10_000
"""So many stimuli before and after are searched."""
MOST_PIXELS = 4096


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return the stimuli that the population answered most like the one at the cursor, the nearest first.

    Of each: stim, `cosine` (0 to 1) between the two answers, t (its middle, seconds), label, prediction, correct: (N,);
    and `pictures` uint8 (N, height, width) of its input, None where that was not recorded or is no picture.
    Errors: UnknownName; Empty where the population did not spike during this one.
    """
    layer = run.asked_layer(query)
    shown, place = stimulus_at(run, query)
    stim = int(shown.stim[place])
    first, stop = max(int(shown.stim.min()), stim - REACH), min(int(shown.stim.max()), stim + REACH) + 1
    try:
        found = run.remembered(("alike", layer.name, stim), lambda: _similar(run, layer.name, stim, (first, stop)))
    except InputError as error:
        raise Empty(f"{error}.") from error
    order = np.argsort(shown.stim, kind="stable")
    places = order[np.searchsorted(shown.stim[order], found.stim)]
    return {
        "layer": layer.name,
        "stim_asked": stim,
        "searched": int(((shown.stim >= first) & (shown.stim < stop)).sum()),
        "stim": found.stim.astype(np.int32),
        "cosine": found.cosine.astype(np.float32),
        "t": shown.middle(places).astype(np.float64),
        "label": shown.label[places].astype(np.int32),
        "prediction": shown.prediction[places].astype(np.int32),
        "correct": shown.correct[places].astype(np.int32),
        "pictures": run.remembered(("alike pictures", layer.name, stim), lambda: _pictures(run, found.stim)),
        "valid": [float(shown.t_start[place]), until(shown, place)],
    }


def _similar(run: OpenRun, layer: str, stim: int, among: tuple[int, int]) -> Similar:
    return similar(run.trace, layer, stim, COUNT, among)


def _pictures(run: OpenRun, stims: np.ndarray) -> np.ndarray | None:
    layer = run.input()
    if len(layer.shape) not in (2, 3) or layer.size > MOST_PIXELS or not len(stims):
        return None
    seen = [answers(run, layer.name, (int(stim), int(stim) + 1))[0] for stim in stims]
    if not np.any(seen):
        return None
    return levels(fields(np.stack(seen, axis=1), layer.shape))[0]


VIEW = View(answer, "Stimuli like this one", ("input",), Place.SIDE)
