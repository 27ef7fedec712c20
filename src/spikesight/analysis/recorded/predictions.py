"""Which classes were taken for which, block by block."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spikesight.base.errors import InputError, UnknownName
from spikesight.trace.frames import Columns
from spikesight.trace.reader import Trace
from spikesight.trace.tabular import Tabular, cells

NO_PREDICTION = -1


@dataclass(frozen=True, eq=False)
class Confusion(Tabular):
    """Stimuli by class and prediction in K blocks from t_start to t_end (K,) seconds.

    counts (K, C, C + 1) int64: of the stimuli of `classes[i]`, how many were taken for `classes[j]`; the last column
    are those without a prediction. stimuli (K,) int64: how many of the block it is known of whether they were answered
    right; accuracy (K,): the part of these that was, NaN for none.
    """

    t_start: np.ndarray
    t_end: np.ndarray
    classes: np.ndarray
    counts: np.ndarray
    stimuli: np.ndarray
    accuracy: np.ndarray

    def columns(self) -> Columns:
        """Return a row per block, class and prediction; prediction -1 for none."""
        predictions = np.append(self.classes, NO_PREDICTION)
        axes = {"block": np.arange(len(self.t_start)), "class": self.classes, "prediction": predictions}
        return cells(axes, {"t_start": self.t_start, "t_end": self.t_end, "count": self.counts})


def confusion(trace: Trace, blocks: int = 1, split: str | None = None) -> Confusion:
    """Return what was taken for what in at most `blocks` blocks of equally many stimuli, in the order shown.

    `split` chooses the stimuli of one, such as "train". Stimuli without a label are in no count.
    Errors: InputError for less than one block, UnknownName for a split that the trace has not.
    """
    if blocks < 1:
        raise InputError(f"blocks is at least 1, got {blocks}")
    shown = trace.stimuli()
    if split is not None:
        known = sorted({str(name) for name in shown["split"]})
        if split not in known:
            raise UnknownName("split", split, known)
        chosen = shown["split"] == split
        shown = type(shown)({name: column[chosen] for name, column in shown.items()})
    labels, predictions = shown["label"], shown["prediction"]
    seen = np.concatenate([labels, predictions])
    classes = np.union1d(np.arange(len(trace.header.classes)), seen[seen >= 0]).astype(np.int64)
    block = _blocks(len(labels), blocks)
    total = int(block[-1]) + 1 if len(block) else 0
    right = np.ma.filled(shown["correct"], False)
    answered = np.bincount(block, ~np.ma.getmaskarray(shown["correct"]), total)
    accuracy = np.full(total, np.nan)
    np.divide(np.bincount(block, right, total), answered, out=accuracy, where=answered > 0)
    first = np.searchsorted(block, np.arange(total))
    last = np.searchsorted(block, np.arange(total), side="right") - 1
    return Confusion(
        shown["t_start"][first],
        shown["t_end"][last],
        classes,
        confused(block, labels, predictions, classes, total),
        answered.astype(np.int64),
        accuracy,
    )


def _blocks(stimuli: int, blocks: int) -> np.ndarray:
    """The block of each stimulus: as equal as whole stimuli can be, none empty."""
    return np.arange(stimuli) * min(blocks, stimuli) // max(stimuli, 1)


def confused(
    block: np.ndarray, labels: np.ndarray, predictions: np.ndarray, classes: np.ndarray, total: int
) -> np.ndarray:
    """Return how many stimuli of each class were taken for each: (total, C, C + 1) int64, last column for none.

    Shapes: block, labels, predictions (N,) per stimulus, blocks from 0 to `total` - 1; classes (C,) sorted.
    """
    known, n = labels >= 0, len(classes)
    row = np.searchsorted(classes, labels[known])
    column = np.where(predictions >= 0, np.searchsorted(classes, predictions), n)[known]
    cell = (block[known] * n + row) * (n + 1) + column
    return np.bincount(cell, minlength=total * n * (n + 1)).reshape(total, n, n + 1)
