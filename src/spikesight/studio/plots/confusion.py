"""Which classes were taken for which, in the window."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from spikesight.studio.plots.style import INK, say, strength

MOST_NAMED = 20
"""With more classes, numbers would not be readable."""


def draw(axes: Any, answer: Mapping[str, Any]) -> None:
    """Draw the answer of `confusion`: rows are shaded by their share."""
    counts, classes = np.asarray(answer["counts"]), [str(one) for one in answer["classes"]]
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    axes.imshow(np.sqrt(share), cmap=strength(), vmin=0.0, vmax=1.0, aspect="auto")
    if len(classes) <= MOST_NAMED:
        axes.set_yticks(range(len(classes)), classes)
        axes.set_xticks(range(len(classes) + 1), [*classes, "none"])
        for row, column in np.argwhere(counts > 0):
            colour = "white" if share[row, column] > 0.3 else INK
            axes.text(column, row, str(counts[row, column]), ha="center", va="center", fontsize=7, color=colour)
    say(axes, f"Confusion over {answer['stimuli']} stimuli", "taken for", "class shown")
