"""What each map looks for, drawn in the input."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spikesight.studio.plots.style import say, show_pictures, weights_of


def draw(axes: Any, answer: Mapping[str, Any]) -> None:
    """Draw the answer of `features`, a picture a map."""
    strength, colours, low = weights_of(answer["levels"], answer["top"], answer["signed"])
    say(axes, f"What the maps of {answer['layer']} look for, drawn in {answer['inside']}")
    show_pictures(axes, strength, colours, low, answer["top"])
