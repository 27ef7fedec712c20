"""The weights that come in at one unit, over the run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spikesight.studio.plots.style import ACCENT, FAINT, say


def draw(axes: Any, answer: Mapping[str, Any]) -> None:
    """Draw the answer of `unit_weights`: mean, one standard deviation around it, least and most."""
    t, mean, std = answer["t"], answer["mean"], answer["std"]
    axes.fill_between(t, answer["low"], answer["high"], color=FAINT, alpha=0.16, lw=0)
    axes.fill_between(t, mean - std, mean + std, color=ACCENT, alpha=0.22, lw=0)
    axes.plot(t, mean, color=ACCENT, lw=1.6)
    say(axes, f"Weights into {answer['layer']} {answer['unit']}: mean, spread, ends", "simulated time, s", "weight")
