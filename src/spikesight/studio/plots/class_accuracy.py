"""How well each class was recognised, over time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spikesight.studio.plots.style import say, strength


def draw(axes: Any, answer: Mapping[str, Any]) -> None:
    """Draw the answer of `class_accuracy`; full strength is all right."""
    right, first, width = answer["right"], answer["first"], answer["width"]
    rows, bins = right.shape
    extent = (first, first + width * bins, rows - 0.5, -0.5)
    axes.imshow(right, cmap=strength(), vmin=0.0, vmax=1.0, aspect="auto", extent=extent, interpolation="nearest")
    axes.set_yticks(range(rows), [str(one) for one in answer["classes"]])
    say(axes, "Recognised, from none to all", "simulated time, s", "class")
