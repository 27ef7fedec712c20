"""Which map decided, and when: the first spikes of the deciding layer, and how soon answers come that are right."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.studio.chosen import moment_of, with_spikes
from spikesight.studio.moments import stimuli
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query
from spikesight.studio.view import Place, View
from spikesight.studio.views.receptive_fields import unit_classes
from spikesight.trace.schema import Layer

FIRST = 8
MOST_BINS = 48


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return who spiked first in the readout, or the layer asked for, at the cursor, and the times of all answers.

    `first` lists the first spike of up to `FIRST` maps: map, unit, place, class (-1 for none), after (seconds). Two
    that are equal are in the order of their numbers. `edges` (K + 1,) seconds and `right`, `wrong` (K,): answers in the
    window by how long after its start a stimulus was answered; `unanswered` are stimuli without a time.
    Errors: Empty where no stimulus was answered at a known time and the layer has no spikes.
    """
    layer = run.asked_layer(query)
    window, words = moment_of(run, query)
    first = run.remembered(("decided", layer.name, window), lambda: _first(run, layer, window))
    shown = stimuli(run)
    here = shown.at(run.moment(query))
    start, end = run.seconds(window)
    told = {
        "layer": layer.name,
        "words": words,
        "label": int(shown.label[here]),
        "prediction": int(shown.prediction[here]),
        "correct": int(shown.correct[here]),
        "latency": _known(_latencies(run)[here]),
        "first": first,
        **_answers(run, query),
        "valid": [start, end],
    }
    if not first and not told["known"]:
        raise Empty(f"No spike of {layer.name} and no time of an answer was recorded.")
    return told


def _first(run: OpenRun, layer: Layer, window: tuple[int, int]) -> list[dict[str, Any]]:
    with_spikes(layer)
    found = run.trace.spikes(layer.name, t=run.seconds(window))
    order = np.lexsort((found.unit, found.t))
    each = layer.size // layer.shape[0] if len(layer.shape) == 3 else 1
    unit, ticks = np.asarray(found.unit)[order], np.rint(np.asarray(found.t)[order] / run.tick) - window[0]
    _, at = np.unique(unit // each, return_index=True)
    classes = unit_classes(run, layer.name)
    return [
        {
            "map": int(unit[one]) // each,
            "unit": int(unit[one]),
            "place": [int(side) for side in np.unravel_index(int(unit[one]), layer.shape)][-2:] if each > 1 else [],
            "class": int(classes[unit[one]]),
            "after": float(ticks[one]) * run.tick,
        }
        for one in np.sort(at)[:FIRST]
    ]


def _answers(run: OpenRun, query: Query) -> dict[str, Any]:
    shown, latency = stimuli(run), _latencies(run)
    within = shown.within(*run.seconds(run.window(query)))
    latency, correct = latency[within], shown.correct[within]
    timed = np.isfinite(latency)
    counted = {
        "known": int(timed.sum()),
        "unanswered": int((~timed).sum()),
        "median_right": _median(latency[timed & (correct == 1)]),
        "median_wrong": _median(latency[timed & (correct == 0)]),
    }
    if not timed.any():
        return {**counted, "edges": np.zeros(0), "right": np.zeros(0, np.int32), "wrong": np.zeros(0, np.int32)}
    edges = _edges(latency[timed], run.tick)
    right, wrong = (np.histogram(latency[timed & (correct == one)], edges)[0].astype(np.int32) for one in (1, 0))
    return {**counted, "edges": edges, "right": right, "wrong": wrong}


def _edges(latency: np.ndarray, tick: float) -> np.ndarray:
    """Edges halfway between ticks, so that no bin holds more ticks than another."""
    low, high = (int(np.rint(end / tick)) for end in (latency.min(), latency.max()))
    wide = -(-(high - low + 1) // MOST_BINS)
    bins = -(-(high - low + 1) // wide)
    edges: np.ndarray = (low - 0.5 + wide * np.arange(bins + 1)) * tick
    return edges


def _latencies(run: OpenRun) -> np.ndarray:
    """Seconds from the start of each stimulus to its answer, in the order of `stimuli`, NaN where it is not known."""
    return run.remembered("times of answers", lambda: _in_order(run))


def _in_order(run: OpenRun) -> np.ndarray:
    table = run.trace.stimuli()
    return np.asarray(table["latency"], np.float64)[np.argsort(table["t_start"], kind="stable")]


def _median(values: np.ndarray) -> float | None:
    return float(np.median(values)) if len(values) else None


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


VIEW = View(answer, "Who decided, and when", ("maps",), Place.SIDE)
