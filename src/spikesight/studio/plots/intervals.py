"""Intervals between the spikes of one unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spikesight.studio.plots.style import ACCENT, say, say_empty


def draw(axes: Any, answer: Mapping[str, Any]) -> None:
    """Draw the answer of `intervals` on a logarithmic axis."""
    if len(answer["counts"]):
        axes.set_xscale("log")
        axes.stairs(answer["density"], answer["edges"], color=ACCENT, fill=True, alpha=0.75)
    else:
        say_empty(axes, f"{answer['spikes']} spikes: no interval")
    title = f"{answer['layer']} {answer['unit']}: CV {answer['cv']:.2f}, CV2 {answer['cv2']:.2f}, LV {answer['lv']:.2f}"
    say(axes, title, "interval, s", "share per decade")
