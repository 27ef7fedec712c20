"""How far learning has come, stage by stage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spikesight.studio.plots.style import CLASSES, LINE, say


def draw(axes: Any, answer: Mapping[str, Any]) -> None:
    """Draw the answer of `convergence`: a curve a stage, a dot where it stopped."""
    for place, curve in enumerate(answer["curves"]):
        colour = CLASSES[place % len(CLASSES)]
        axes.plot(curve["t"], curve["value"], color=colour, lw=1.4, label=curve["name"])
        if curve["end"] is not None:
            axes.plot([curve["end"]], [curve["now"]], "o", color=colour, ms=4)
    axes.axhline(answer["converged"], color=LINE, lw=1.0)
    axes.set_xlim(answer["t0"], answer["t1"])
    axes.set_yscale("log")
    if len(answer["curves"]) > 1:
        axes.legend(frameon=False, fontsize=8)
    say(axes, "Convergence", "simulated time, s", "mean of w (1 - w)")
