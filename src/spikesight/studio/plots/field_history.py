"""The receptive field of one unit through the run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spikesight.studio.plots.style import say, show_pictures, weights_of


def draw(axes: Any, answer: Mapping[str, Any]) -> None:
    """Draw the answer of `field_history`."""
    weights, colours, low = weights_of(answer["levels"], answer["top"], answer["signed"])
    t = answer["t"]
    say(axes, f"Weights into {answer['layer']} {answer['unit']}, {t[0]:.1f} to {t[-1]:.1f} s, row by row")
    show_pictures(axes, weights, colours, low, answer["top"])
