"""How one unit answers to the classes, as a rose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from spikesight.studio.plots.style import ACCENT, LINE, class_colour, say

RINGS = (0.25, 0.5, 0.75, 1.0)


def draw(axes: Any, answer: Mapping[str, Any]) -> None:
    """Draw the answer of `tuning` on plain axes: an axis a class, the further out the more spikes."""
    values, classes = np.nan_to_num(answer["responses"]), answer["classes"]
    top = float(values.max(initial=0.0)) or 1.0
    angles = np.pi / 2 - 2 * np.pi * np.arange(len(classes)) / len(classes)
    spokes = np.stack([np.cos(angles), np.sin(angles)])
    for ring in RINGS:
        axes.fill(*(ring * spokes), fill=False, edgecolor=LINE, lw=0.8)
    axes.fill(*(spokes * values / top), facecolor=ACCENT, alpha=0.18)
    axes.fill(*(spokes * values / top), fill=False, edgecolor=ACCENT, lw=1.4)
    for label, x, y in zip(classes, *(1.14 * spokes), strict=True):
        axes.text(x, y, str(label), color=class_colour(int(label)), fontsize=8, ha="center", va="center")
    axes.set_aspect("equal")
    axes.set(xlim=(-1.3, 1.3), ylim=(-1.3, 1.3))
    say(axes, f"{answer['layer']} {answer['unit']}; outer ring: {top:.3g} spikes a stimulus")
    axes.axis("off")
