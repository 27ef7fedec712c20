"""Loss and other scalars over time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spikesight.studio.plots.style import CLASSES, say


def draw(axes: Any, answer: Mapping[str, Any]) -> None:
    """Draw the answer of `scalars`: a line each, on one scale."""
    for place, line in enumerate(answer["lines"]):
        axes.plot(line["t"], line["value"], color=CLASSES[place % len(CLASSES)], lw=1.4, label=line["name"])
    axes.set_xlim(answer["t0"], answer["t1"])
    if len(answer["lines"]) > 1:
        axes.legend(frameon=False, fontsize=8)
    say(axes, ", ".join(line["name"] for line in answer["lines"]), "simulated time, s")
