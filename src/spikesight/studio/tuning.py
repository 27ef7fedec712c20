"""How the units of a population answer to the classes shown: what several views draw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spikesight.studio.chosen import chosen_stimuli
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query

MOST_CLASSES = 1024
"""Labels beyond are numbers, no classes; a picture of so many would say nothing."""


@dataclass(frozen=True)
class Tuning:
    """Answers of the units of `layer` to C classes, over the stimuli of a window.

    classes, shown (C,) int32: which, and how many stimuli of each. responses (C, units) float32: mean spikes per
    stimulus, NaN for a class that was not shown. preferred (units,) int32: the class of the largest, -1 for a silent
    unit. index (units,) float32: the selectivity index, NaN for a silent unit.
    """

    layer: str
    classes: np.ndarray
    shown: np.ndarray
    responses: np.ndarray
    preferred: np.ndarray
    index: np.ndarray

    @property
    def note(self) -> str:
        """What the responses are, in words."""
        return f"Mean spikes per stimulus of each class, over {int(self.shown.sum())} stimuli."


def tuning(run: OpenRun, query: Query, layer: str) -> Tuning:
    """Return how `layer` answers to the classes shown in the window of `query`.

    Errors: Empty where there are no stimuli, or none with a label, or more classes than can be drawn.
    """
    among = chosen_stimuli(run, query)
    return run.remembered(("tuning", layer, among), lambda: _tuning(run, layer, among))


def _tuning(run: OpenRun, layer: str, among: tuple[int, int] | None) -> Tuning:
    found = run.trace.class_counts(layer, among)
    if not len(found.classes):
        raise Empty("The stimuli have no labels, so there is no class to answer to.")
    if found.classes.max() >= MOST_CLASSES:
        raise Empty(f"Labels go up to {found.classes.max()}: more classes than can be drawn (at most {MOST_CLASSES}).")
    responses = responses_of(found.spikes, found.shown)
    return Tuning(
        layer,
        found.classes.astype(np.int32),
        found.shown.astype(np.int32),
        responses.astype(np.float32),
        preferred_of(found.classes, found.spikes, responses),
        selectivity_index(responses).astype(np.float32),
    )


def responses_of(spikes: np.ndarray, shown: np.ndarray) -> np.ndarray:
    """Return mean spikes per stimulus: spikes (..., C, units) over shown (..., C); NaN for a class never shown."""
    with np.errstate(invalid="ignore", divide="ignore"):
        means: np.ndarray = spikes / shown[..., None].astype(np.float64)
    means[shown == 0] = np.nan
    return means


def preferred_of(classes: np.ndarray, spikes: np.ndarray, responses: np.ndarray) -> np.ndarray:
    """Return the class with the largest response of every unit (units,) int32, -1 where it never spiked."""
    best = classes[np.argmax(np.nan_to_num(responses, nan=-1.0), axis=0)]
    return np.where(spikes.sum(axis=0) > 0, best, -1).astype(np.int32)


def selectivity_index(responses: np.ndarray) -> np.ndarray:
    """Return (best - others) / (best + others) of every unit: 1 answers to one class alone, 0 to all alike.

    responses (..., C, units), NaN for a class not shown; `others` is the mean of the remaining classes. NaN for a unit
    that never spiked, or where fewer than two classes were shown.
    """
    known = np.isfinite(responses)
    rates = np.where(known, responses, 0.0)
    best, total, count = rates.max(axis=-2, initial=0.0), rates.sum(axis=-2), known.sum(axis=-2)
    with np.errstate(invalid="ignore", divide="ignore"):
        others = (total - best) / (count - 1)
        index: np.ndarray = (best - others) / (best + others)
    return np.where((count > 1) & (best > 0), index, np.nan)
