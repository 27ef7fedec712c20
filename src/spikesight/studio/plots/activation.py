"""A spike activation map, with its control beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from spikesight.studio.plots.style import say, show_pictures, strength

WORDS = {"others": "other units", "elsewhen": "other times"}


def draw(axes: Any, answer: Mapping[str, Any]) -> None:
    """Draw the answer of `activation`: the map at the left, the control at the right, on one scale."""
    like = answer["like"][answer["control_is"]]
    alike = "not defined" if like is None else f"{like:.2f}"
    title = f"Spike activation map of {answer['layer']}; control: {WORDS[answer['control_is']]}"
    say(axes, title, f"rank correlation of the two {alike}")
    pictures = np.stack([answer["map"], answer["control"]]) / 255.0 * answer["top"]
    show_pictures(axes, pictures, strength(), 0.0, answer["top"])
