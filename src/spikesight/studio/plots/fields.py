"""Receptive fields of a layer, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spikesight.studio.plots.style import say, show_pictures, weights_of


def draw(axes: Any, answer: Mapping[str, Any]) -> None:
    """Draw the answer of `fields` or `receptive_fields`."""
    weights, colours, low = weights_of(answer["levels"], answer["top"], answer["signed"])
    say(axes, f"Weights of {answer['projection']} at {answer['t']:.3f} s")
    show_pictures(axes, weights, colours, low, answer["top"])
