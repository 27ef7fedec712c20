"""The neuron, and the stretch of stimuli, that a question is about."""

from __future__ import annotations

import numpy as np

from spikesight.base.errors import InputError
from spikesight.studio.moments import stimuli
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query
from spikesight.trace.schema import Layer

MOST_UNITS = 2**21
"""Numbers of more units than this do not travel to the page."""
MOMENT = 0.1
"""Seconds up to the cursor that stand for the moment where no stimuli were recorded."""


def chosen_unit(run: OpenRun, query: Query) -> tuple[Layer, int]:
    """Return the population and the unit of it that `query` names.

    Errors: Empty where no unit is named; InputError where no such unit exists; UnknownName.
    """
    layer = run.asked_layer(query)
    if query.unit is None:
        raise Empty("No neuron is chosen. Click one in a picture of the layer, or in a list.")
    if query.unit >= layer.size:
        raise InputError(f"{layer.name} has units 0 to {layer.size - 1}, asked for {query.unit}")
    return layer, query.unit


def drawable(layer: Layer) -> Layer:
    """Return `layer`.   Errors: Empty where it has more units than can be drawn."""
    if layer.size > MOST_UNITS:
        raise Empty(f"{layer.name} has {layer.size:,} units, more than can be drawn (at most {MOST_UNITS:,}).")
    return layer


def with_spikes(layer: Layer) -> Layer:
    """Return `layer`.   Errors: Empty where its spikes were counted while they were recorded, and not kept."""
    if not layer.recorded.rows:
        raise Empty(f"Of {layer.name} only counts were kept, by time and by stimulus: single spikes are not known.")
    return layer


def chosen_stimuli(run: OpenRun, query: Query) -> tuple[int, int] | None:
    """Return the numbers of the stimuli that the window of `query` touches, (first, stop); None for all of them.

    Errors: Empty where no stimulus was shown in the window.
    """
    shown = stimuli(run)
    if query.t0 is None and query.t1 is None:
        return None
    found = shown.stim[shown.within(*run.seconds(run.window(query)))]
    if not len(found):
        raise Empty("No stimulus was shown in this window.")
    return int(found.min()), int(found.max()) + 1


def moment_of(run: OpenRun, query: Query) -> tuple[tuple[int, int], str]:
    """Return the ticks of the stimulus at the cursor, and what they are in words; else the last `MOMENT` seconds."""
    at = run.moment(query)
    try:
        shown = stimuli(run)
    except Empty:
        end = round(at / run.tick) + 1
        return (end - max(1, round(MOMENT / run.tick)), end), f"the last {MOMENT * 1000:g} ms"
    place = shown.at(at)
    ticks = np.rint(np.array([shown.t_start[place], shown.t_end[place]]) / run.tick).astype(int)
    return (int(ticks[0]), max(int(ticks[0]) + 1, int(ticks[1]))), f"stimulus {int(shown.stim[place])}"
