"""The stimuli before and after the one at the cursor: where playback goes next."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.studio.moments import Stimuli, stimuli
from spikesight.studio.open_run import OpenRun
from spikesight.studio.query import Query
from spikesight.studio.view import View


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return the middles of the stimuli `before` and `after` the one at the cursor, in seconds; None where none is."""
    shown = stimuli(run)
    place = shown.at(run.moment(query))
    return {"before": _middle(shown, place - 1), "after": _middle(shown, place + 1)}


def _middle(shown: Stimuli, place: int) -> float | None:
    if not 0 <= place < len(shown):
        return None
    return float(shown.middle(np.array(place)))


VIEW = View(answer, "Steps")
