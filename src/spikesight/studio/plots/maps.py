"""Activity of a population in space."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spikesight.studio.plots.style import say, show_pictures, strength


def draw(axes: Any, answer: Mapping[str, Any]) -> None:
    """Draw the answer of `maps`: a picture a channel, row by row."""
    counts = answer["counts"]
    say(axes, f"Spikes of {answer['layer']}, {answer['words']}")
    show_pictures(axes, counts, strength(), 0.0, float(max(1, counts.max(initial=0))))
