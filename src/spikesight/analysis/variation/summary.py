"""The table of answers in a few lines: accuracy, and how it and the time of the answer change with the level."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from spikesight.analysis.variation.evaluate import NO_ANSWER, Table
from spikesight.analysis.variation.measures import half_level, interval, invariance


class Line(NamedTuple):
    """A condition at a level: accuracy with a 95 % interval over images, its drop from level 0, the invariance index,
    the share without an answer, median latency of the answers, mean spikes and mean ink kept; NaN where unknown.
    """

    model: str
    design: str
    variation: str
    level: int
    answers: int
    accuracy: float
    low: float
    high: float
    drop: float
    invariance: float
    unanswered: float
    latency: float
    spikes: float
    ink: float


class Half(NamedTuple):
    """The level at which a condition's accuracy has fallen half-way to chance; NaN where it does not."""

    model: str
    design: str
    variation: str
    level: float


class Summary(NamedTuple):
    """All conditions by level, and where accuracy has fallen half-way."""

    lines: list[Line]
    halves: list[Half]

    def as_json(self) -> dict[str, Any]:
        """Return plain values, with None for what is not known."""
        return {name: [_plain(line) for line in getattr(self, name)] for name in self._fields}


def summarise(table: Table, classes: int) -> Summary:
    """Return what a table says, conditions in the order in which they were asked; chance is 1 / `classes`.

    The invariance index is NaN where accuracy at level 0 is not above chance by two standard errors.
    """
    lines, halves = [], []
    keys = dict.fromkeys(zip(table.model.tolist(), table.design.tolist(), table.variation.tolist(), strict=True))
    for model, design, variation in keys:
        rows = table.where(model=model, design=design, variation=variation)
        levels = np.unique(rows.level).tolist()
        unvaried = float(rows.where(level=levels[0]).right.mean())
        found = [_line(rows.where(level=level), unvaried, 1 / classes) for level in levels]
        lines += found
        fallen = half_level(levels, [line.accuracy for line in found], 1 / classes)
        halves.append(Half(model, design, variation, fallen))
    return Summary(lines, halves)


def _line(rows: Table, unvaried: float, chance: float) -> Line:
    accuracy, answered = float(rows.right.mean()), rows.prediction != NO_ANSWER
    known = rows.latency[answered & ~np.isnan(rows.latency)]
    error = 2 * (chance * (1 - chance) / len(np.unique(rows.image))) ** 0.5
    return Line(
        str(rows.model[0]),
        str(rows.design[0]),
        str(rows.variation[0]),
        int(rows.level[0]),
        len(rows),
        accuracy,
        *interval(rows.right, rows.image),
        unvaried - accuracy,
        invariance(accuracy, unvaried, chance, error),
        float(1 - answered.mean()),
        float(np.median(known)) if len(known) else float("nan"),
        float(rows.spikes.mean()),
        float(rows.ink.mean()),
    )


def _plain(line: Any) -> dict[str, Any]:
    return {name: None if value != value else value for name, value in line._asdict().items()}  # NaN
