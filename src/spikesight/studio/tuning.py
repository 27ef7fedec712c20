"""How the units of a population answer to the classes shown: what several views draw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spikesight.analysis.recorded.tuning import selectivity
from spikesight.studio.chosen import chosen_stimuli, drawable
from spikesight.studio.moments import stimuli
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query

MOST_CLASSES = 1024
"""Labels beyond are numbers, no classes; a picture of so many would say nothing."""
MOST_CELLS = 2**26
"""Units times classes."""


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
        return f"Mean spikes per stimulus of each class, over {int(self.shown.sum()):,} stimuli."


def tuning(run: OpenRun, query: Query, layer: str) -> Tuning:
    """Return how `layer` answers to the classes shown in the window of `query`.

    Errors: Empty where there are no stimuli, or none with a label, or more classes than can be drawn.
    """
    among = chosen_stimuli(run, query)
    return run.remembered(("tuning", layer, among), lambda: _tuning(run, layer, among))


def _check(run: OpenRun, layer: str) -> None:
    """Refuse, before anything is counted, what would not fit into memory."""
    size, most = drawable(run.layer(layer)).size, int(stimuli(run).label.max())
    if most >= MOST_CLASSES:
        raise Empty(f"Labels go up to {most}: more classes than can be drawn (at most {MOST_CLASSES}).")
    if size * (most + 1) > MOST_CELLS:
        raise Empty(f"{size:,} units and {most + 1} classes are more than can be drawn.")


def _tuning(run: OpenRun, layer: str, among: tuple[int, int] | None) -> Tuning:
    _check(run, layer)
    found = selectivity(run.trace, layer, among)
    if not found.shown.any():
        raise Empty("The stimuli have no labels, so there is no class to answer to.")
    return Tuning(
        layer,
        found.classes.astype(np.int32),
        found.shown.astype(np.int32),
        found.responses.astype(np.float32),
        found.preferred.astype(np.int32),
        found.index.astype(np.float32),
    )
