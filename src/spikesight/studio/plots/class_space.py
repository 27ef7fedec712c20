"""Spikes per unit and class as a landscape: a ridge a class, the nearer in front of the farther."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from spikesight.studio.plots.selectivity import by_class
from spikesight.studio.plots.style import class_colour, say

SHIFT, RISE = 0.35, 0.3
"""How far a ridge stands to the right of the one in front of it, and above it: parts of the width and the height."""


def draw(axes: Any, answer: Mapping[str, Any]) -> None:
    """Draw the answer of `class_space` as it is seen from the front, above and the left."""
    responses, classes = np.nan_to_num(answer["responses"])[:, by_class(answer)], answer["classes"]
    units, top = responses.shape[1], float(responses.max(initial=0.0)) or 1.0
    for row in range(len(classes)):
        back = (len(classes) - 1 - row) / max(1, len(classes) - 1)
        along = np.arange(units) + SHIFT * units * back
        floor = np.full(units, RISE * top * back * len(classes) / 4)
        colour = class_colour(int(classes[row]))
        for face, alpha, edge in (("white", 0.86, "none"), (colour, 0.3, colour)):
            crest = floor + responses[row]
            axes.fill_between(along, floor, crest, facecolor=face, alpha=alpha, edgecolor=edge, zorder=row)
        axes.text(along[-1] + 0.02 * units, floor[0], str(classes[row]), color=colour, fontsize=8, va="center")
    axes.set_yticks([0.0, top], ["0", f"{top:.3g}"])
    say(axes, f"Units of {answer['layer']} and classes", "units, by the class they prefer", "spikes a stimulus")
