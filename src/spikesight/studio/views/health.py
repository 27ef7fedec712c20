"""How well the neurons of a population are: dead, silent since, saturated, bursting; a list to sort and to click."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.analysis.health import Health, health
from spikesight.studio.chosen import drawable, with_spikes
from spikesight.studio.open_run import OpenRun
from spikesight.studio.query import Query
from spikesight.studio.view import Place, View

STATES = ("dead", "silent", "saturated", "answers_everything", "bursting", "irregular", "regular")
"""From the worst to the best; a unit may be in several."""


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return, for every unit of the population in the window, its states and the numbers behind them.

    `states` uint8 (states, units) with names `names`; spikes uint32, hertz, silent_since (seconds, NaN where it is
    not), answers (the part of the stimuli it spiked in), local_variation, short_intervals float32 (units,); `counts`
    how many are in each state. Over time: t (B + 1,) edges in seconds, quiet and saturated_then int32 (B,).
    """
    layer = with_spikes(drawable(run.asked_layer(query)))
    window = run.window(query)
    t0, t1 = run.seconds(window)
    found = run.remembered(("health", layer.name, window), lambda: health(run.trace, layer.name, (t0, t1)))
    states = states_of(found)
    return {
        "t0": t0,
        "t1": t1,
        "layer": layer.name,
        "names": list(STATES),
        "states": states,
        "counts": [int(count) for count in states.sum(axis=1)],
        "spikes": found.spikes.astype(np.uint32),
        "hertz": found.hertz.astype(np.float32),
        "silent_since": found.silent_since,
        "answers": found.answers.astype(np.float32),
        "local_variation": found.local_variation.astype(np.float32),
        "short_intervals": found.short_intervals.astype(np.float32),
        "t": found.t,
        "quiet": found.quiet.astype(np.int32),
        "saturated_then": found.saturated_then.astype(np.int32),
    }


def states_of(found: Health) -> np.ndarray:
    """Return which of `STATES` every unit is in: (states, units) uint8."""
    return np.stack([getattr(found, name) for name in STATES]).astype(np.uint8)


VIEW = View(answer, "Health", ("neurons",), Place.MAIN)
