"""What is remembered after each class, as a picture, where matplotlib is installed."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from spikesight.base.optional import require

INK, SOFT, LINE = "#1c2429", "#59646c", "#e6e4dd"
COLOURS = ("#0d6b76", "#bd4a29", "#8f999f", "#b8860b")

Rows = Sequence[Sequence[float]]


def forgetting(exams: Mapping[str, Rows]) -> bytes:
    """Return an SVG: accuracy on the first class, and mean over the classes so far, after each class, per learner.

    Rows: exam k has the accuracies of classes 0 to k.   Errors: MissingExtra without matplotlib (extra `plot`).
    """
    figures = require("matplotlib.figure", "plot")
    figure = figures.Figure(figsize=(9.2, 3.8), layout="constrained")
    first, mean = figure.subplots(1, 2, sharey=True)
    for (learner, rows), colour in zip(exams.items(), COLOURS, strict=False):
        taught = range(1, len(rows) + 1)
        first.plot(taught, [row[0] for row in rows], "o-", color=colour, lw=1.4, ms=4.5, label=learner)
        mean.plot(taught, [sum(row) / len(row) for row in rows], "o-", color=colour, lw=1.4, ms=4.5)
    _dress(first, "the first class")
    _dress(mean, "all classes so far, mean")
    first.set_ylabel("accuracy", color=SOFT)
    first.set_ylim(-0.03, 1.03)
    first.legend(frameon=False, fontsize=9, loc="lower left")
    file = io.BytesIO()
    figure.savefig(file, format="svg", metadata={"Date": None})
    return file.getvalue()


def _dress(axis: Any, title: str) -> None:
    axis.set_title(title, color=INK, fontsize=11, loc="left")
    axis.set_xlabel("classes taught", color=SOFT)
    axis.locator_params(axis="x", integer=True)
    axis.grid(color=LINE, lw=0.8)
    axis.tick_params(colors=SOFT, length=0)
    axis.spines[:].set_visible(False)
