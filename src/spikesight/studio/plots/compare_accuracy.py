"""The accuracy of two runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spikesight.studio.plots.style import ACCENT, INK, say


def draw(axes: Any, answer: Mapping[str, Any]) -> None:
    """Draw the answer of `compare_accuracy`."""
    for colour, curve in zip((ACCENT, INK), answer["curves"], strict=True):
        axes.plot(curve["t"], 100 * curve["value"], color=colour, lw=1.5, label=curve["name"])
    axes.set_ylim(0, 100)
    axes.legend(fontsize=8, frameon=False)
    say(axes, "Accuracy of both runs", "simulated time, s", "%")
