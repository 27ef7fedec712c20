"""Which classes neurons answer to, over all of a trace and block by block."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spikesight.analysis.recorded.sampling import recorded_units
from spikesight.analysis.selectivity import per_stimulus, preferred_class, selectivity_index
from spikesight.trace.frames import Columns
from spikesight.trace.reader import Trace
from spikesight.trace.tabular import Tabular, cells


@dataclass(frozen=True, eq=False)
class Selectivity(Tabular):
    """Mean responses (C, units) in spikes per stimulus to `classes` (C,), which were `shown` (C,) times each.

    `preferred` (units,) is a class, -1 for a unit that never spiked or was not recorded; `index` (units,) as
    `selectivity_index`; NaN where nothing is known.
    """

    classes: np.ndarray
    shown: np.ndarray
    responses: np.ndarray
    preferred: np.ndarray
    index: np.ndarray

    def columns(self) -> Columns:
        """Return a row per unit and class."""
        axes = {"unit": np.arange(len(self.index)), "class": self.classes}
        return cells(axes, {"response": self.responses.T, "preferred": self.preferred, "index": self.index})


@dataclass(frozen=True, eq=False)
class SelectivityDrift(Tabular):
    """`Selectivity` in K blocks of stimuli: t_start, t_end (K,) seconds, shown (K, C), responses (K, C, units),
    preferred and index (K, units). `changed` (K,) is the part of the units that prefer another class than in the block
    before, among those that prefer one in both; NaN for the first block.
    """

    t_start: np.ndarray
    t_end: np.ndarray
    classes: np.ndarray
    shown: np.ndarray
    responses: np.ndarray
    preferred: np.ndarray
    index: np.ndarray
    changed: np.ndarray

    def columns(self) -> Columns:
        """Return a row per block and unit."""
        axes = {"block": np.arange(len(self.t_start)), "unit": np.arange(self.index.shape[1])}
        values = {"t_start": self.t_start, "t_end": self.t_end, "preferred": self.preferred, "index": self.index}
        return cells(axes, values)


def selectivity(trace: Trace, layer: str, stim: tuple[int, int] | None = None) -> Selectivity:
    """Return which classes the units of `layer` answer to, during stimuli stim[0] <= number < stim[1].

    Errors: UnknownName, InputError for a window that ends before it starts.
    """
    counts = trace.class_counts(layer, stim)
    responses = _known(trace, layer, per_stimulus(counts.spikes, counts.shown))
    return Selectivity(counts.classes, counts.shown, responses, *_tuning(counts.classes, responses))


def selectivity_drift(trace: Trace, layer: str, blocks: int = 64) -> SelectivityDrift:
    """Return how the selectivity of the units of `layer` changes over at most `blocks` equal blocks of stimuli.

    Errors: UnknownName, InputError for less than one block.
    """
    counts = trace.class_counts_by_block(layer, blocks)
    responses = _known(trace, layer, per_stimulus(counts.spikes, counts.shown))
    shape = (len(responses), trace.header.layer(layer).size)
    preferred, index = np.empty(shape, dtype=np.int64), np.empty(shape)
    for block, response in enumerate(responses):
        preferred[block], index[block] = _tuning(counts.classes, response)
    times = (counts.t_start, counts.t_end)
    return SelectivityDrift(*times, counts.classes, counts.shown, responses, preferred, index, _changed(preferred))


def _known(trace: Trace, layer: str, responses: np.ndarray) -> np.ndarray:
    return np.where(recorded_units(trace, layer), responses, np.nan)


def _tuning(classes: np.ndarray, responses: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    best = preferred_class(responses)
    return np.where(best >= 0, np.append(classes, -1)[best], -1), selectivity_index(responses)


def _changed(preferred: np.ndarray) -> np.ndarray:
    before, after = preferred[:-1], preferred[1:]
    both = (before >= 0) & (after >= 0)
    changed = np.full(len(preferred), np.nan)
    np.divide(((before != after) & both).sum(axis=1), both.sum(axis=1), out=changed[1:], where=both.any(axis=1))
    return changed
