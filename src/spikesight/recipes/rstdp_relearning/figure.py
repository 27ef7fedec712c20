"""How accuracy falls when the labels change and comes back, as a picture, where matplotlib is installed."""

from __future__ import annotations

import io
from collections.abc import Sequence

from spikesight.base.optional import require

INK, SOFT, LINE, CURVE, CHANGE = "#1c2429", "#59646c", "#e6e4dd", "#0d6b76", "#bd4a29"


def recovery(accuracy: Sequence[float], rounds_before: int) -> bytes:
    """Return an SVG: accuracy of the decisions of each round, and where the labels changed.

    `rounds_before` rounds had the old labels.   Errors: MissingExtra without matplotlib (extra `plot`).
    """
    figures = require("matplotlib.figure", "plot")
    figure = figures.Figure(figsize=(9.2, 3.8), layout="constrained")
    axis = figure.subplots()
    axis.plot(range(1, len(accuracy) + 1), accuracy, "o-", color=CURVE, lw=1.4, ms=4.0)
    axis.axvline(rounds_before + 0.5, color=CHANGE, lw=1.4)
    axis.text(rounds_before + 0.7, 0.02, "every class is called the next", color=CHANGE, fontsize=9)
    axis.set_title("decisions that were right, before they were rewarded", color=INK, fontsize=11, loc="left")
    axis.set_xlabel("rounds", color=SOFT)
    axis.set_ylabel("accuracy", color=SOFT)
    axis.set_ylim(-0.03, 1.03)
    axis.locator_params(axis="x", integer=True)
    axis.grid(color=LINE, lw=0.8)
    axis.tick_params(colors=SOFT, length=0)
    axis.spines[:].set_visible(False)
    file = io.BytesIO()
    figure.savefig(file, format="svg", metadata={"Date": None})
    return file.getvalue()
