"""The stimulus at the cursor: what was shown, what the network said, and the votes behind it."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.analysis import fields, levels, votes, winner
from spikesight.base.errors import InputError
from spikesight.studio.moments import Classes, Stimuli, answers, class_name, classes, fires_once, stimuli
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query
from spikesight.studio.view import Place, View
from spikesight.trace.activity import INTENSITY
from spikesight.trace.schema import Layer, values_table

LATE = 1000
"""So many stimuli may be found before their spikes; a fast run shows hundreds between two looks."""
REACH = (0, 16, 256, 4096)
"""Where the input of a stimulus was not recorded, the nearest recorded one is looked for within so many stimuli."""


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return the stimulus at `query.at`, its `picture` from recorded input spikes, and its `votes` per class.

    `valid` is the stretch of time (seconds) in which the answer is the same.
    """
    shown, place = stimulus_at(run, query)
    stim = int(shown.stim[place])
    return {
        "stim": stim,
        "t_start": float(shown.t_start[place]),
        "t_end": float(shown.t_end[place]),
        "label": int(shown.label[place]),
        "prediction": int(shown.prediction[place]),
        "correct": int(shown.correct[place]),
        "picture": _picture(run, shown, place),
        "votes": _votes(run, stim, int(shown.prediction[place])),
        "valid": [float(shown.t_start[place]), until(shown, place)],
    }


def stimulus_at(run: OpenRun, query: Query) -> tuple[Stimuli, int]:
    """Return all stimuli, and the place among them of the one at the cursor; without a cursor, of the newest.

    Errors: Empty where none was recorded.
    """
    shown = stimuli(run)
    return shown, _newest(run, shown) if query.at is None else shown.at(query.at)


def _newest(run: OpenRun, shown: Stimuli) -> int:
    """The newest stimulus with an answer: a look at a run that goes on may find a stimulus before its spikes."""
    last = len(shown) - 1
    stims = shown.stim[max(0, last - LATE) :]
    counts = run.trace.spike_counts(run.readout().name, (int(stims.min()), int(stims.max()) + 1)).sum(axis=1)
    answered = np.flatnonzero(counts[stims - stims.min()])
    return int(last + 1 - len(stims) + answered[-1]) if len(answered) else last


def until(shown: Stimuli, place: int) -> float:
    """Return the time (seconds) at which the next stimulus begins: until then one at `place` is at the cursor."""
    return float(shown.t_start[place + 1] if place + 1 < len(shown) else shown.t_end[place])


def _picture(run: OpenRun, shown: Stimuli, place: int) -> dict[str, Any]:
    layer, stim = run.input(), int(shown.stim[place])
    if values_table(layer.name, INTENSITY) in run.trace.tables:
        return _graded(run, layer, shown, place)
    for reach in REACH:
        found = run.trace.spikes(layer.name, stim=(stim - reach, stim + reach + 1))
        if len(found.unit):
            break
    else:
        return {"stim": None, "levels": None, "note": f"No spikes of {layer.name} were recorded near this stimulus."}
    nearest = int(found.stim[np.abs(found.stim - stim).argmin()])
    once = fires_once(run, layer.name)
    try:
        grey, top = levels(fields(answers(run, layer.name, (nearest, nearest + 1)).T, layer.shape))
    except InputError:
        return {"stim": nearest, "levels": None, "note": f"The units of {layer.name} do not lie in a picture."}
    note = _picture_note(run, shown, nearest, stim)
    return {"stim": nearest, "levels": grey[0], "top": top, "note": note, "early": once}


def _graded(run: OpenRun, layer: Layer, shown: Stimuli, place: int) -> dict[str, Any]:
    """The picture of an input that is numbers, no spikes: their sum while the stimulus was shown."""
    stim, start = int(shown.stim[place]), float(shown.t_start[place])
    found = run.trace.values(layer.name, INTENSITY, (start, float(shown.t_end[place])))
    if not len(found.unit):
        return {"stim": None, "levels": None, "note": f"The intensity of {layer.name} was not recorded here."}
    sums = np.bincount(found.unit, np.maximum(found.value, 0.0), minlength=layer.size)
    try:
        grey, top = levels(fields(sums[:, None], layer.shape))
    except InputError:
        return {"stim": stim, "levels": None, "note": f"The units of {layer.name} do not lie in a picture."}
    return {"stim": stim, "levels": grey[0], "top": top, "note": "Intensity per pixel.", "early": False}


def _picture_note(run: OpenRun, shown: Stimuli, nearest: int, stim: int) -> str:
    if nearest == stim:
        once = fires_once(run, run.input().name)
        return "Input spikes: the earlier, the stronger." if once else "Input spikes per pixel."
    label = shown.label[shown.stim == nearest]
    named = f" (a {class_name(run, int(label[0]))})" if len(label) and label[0] >= 0 else ""
    return f"Not recorded for this stimulus. Shown: number {nearest}{named}, the nearest one with recorded input."


def _votes(run: OpenRun, stim: int, prediction: int) -> dict[str, Any]:
    try:
        known = classes(run)
    except Empty as reason:
        return {"mean": np.zeros(0), "winner": -1, "note": str(reason)}
    counts = run.trace.spike_counts(known.layer, (stim, stim + 1))[0]
    if fires_once(run, known.layer):
        return _first_votes(run, known, stim)
    mean = votes(counts, known.of_unit, known.count)
    return {
        "mean": mean,
        "winner": winner(mean),
        "note": _votes_note(run, known.layer, int(counts.sum()), winner(mean), prediction),
    }


def _first_votes(run: OpenRun, known: Classes, stim: int) -> dict[str, Any]:
    """Where nobody spikes twice, the first to spike decides: how early the first of each class did."""
    early = answers(run, known.layer, (stim, stim + 1))[0]
    first = np.zeros(known.count)
    np.maximum.at(first, known.of_unit[known.of_unit >= 0], early[known.of_unit >= 0])
    spikes = int((early > 0).sum())
    said = f"Votes: how early the first unit of a class in {known.layer} spiked, 1 being the very first."
    note = said if spikes else f"No spike of {known.layer} was recorded for this stimulus."
    return {"mean": first, "winner": winner(first), "note": note}


def _votes_note(run: OpenRun, layer: str, spikes: int, won: int, prediction: int) -> str:
    if not spikes:
        return f"No spike of {layer} was recorded for this stimulus."
    said = f"Votes: spikes per neuron of a class; {layer} fired {spikes} times."
    if prediction >= 0 and won >= 0 and won != prediction:
        return f"{said} With the classes of today the answer would be {class_name(run, won)}."
    return said


VIEW = View(answer, "Stimulus", ("raster",), Place.SIDE)
