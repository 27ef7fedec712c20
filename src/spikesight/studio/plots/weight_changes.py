"""How much weights changed from snapshot to snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spikesight.studio.plots.style import ACCENT, INK, say


def draw(axes: Any, answer: Mapping[str, Any]) -> None:
    """Draw the answer of `weight_changes`; the line is the chosen unit."""
    if len(answer["t"]) > 1:
        axes.stairs(answer["change"][1:], answer["t"], color=ACCENT, alpha=0.5, fill=True)
        if answer["unit"] is not None:
            axes.stairs(answer["unit"]["change"][1:], answer["unit"]["t"], color=INK, lw=1.0, baseline=None)
    say(axes, f"Change of the weights of {answer['projection']}", "simulated time, s", "mean |change| a weight")
