"""When each unit of a population spiked first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spikesight.studio.plots.style import say, show_pictures, strength


def draw(axes: Any, answer: Mapping[str, Any]) -> None:
    """Draw the answer of `first_spikes`, in milliseconds, the earlier the darker; units without a spike stay empty."""
    last = 1000.0 * (answer["last"] or 1e-3)
    say(axes, f"First spikes of {answer['layer']} in {answer['words']}, ms")
    show_pictures(axes, 1000.0 * answer["latency"], strength().reversed(), 0.0, last)
