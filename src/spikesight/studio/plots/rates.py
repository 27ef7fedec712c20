"""Mean rate of every population over time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from spikesight.studio.plots.style import CLASSES, say


def draw(axes: Any, answer: Mapping[str, Any]) -> None:
    """Draw the answer of `rates`: a line per population, one above the other, each to its own top."""
    tops = [float(layer["hz"].max(initial=0.0)) for layer in answer["layers"]]
    for place, (layer, top) in enumerate(zip(answer["layers"], tops, strict=True)):
        edges = layer["first"] + layer["width"] * np.arange(len(layer["hz"]) + 1)
        floor = -1.15 * place
        colour = CLASSES[place % len(CLASSES)]
        axes.stairs(floor + layer["hz"] / (top or 1.0), edges, baseline=floor, color=colour)
    axes.set_xlim(answer["t0"], answer["t1"])
    middles = [0.5 - 1.15 * place for place in range(len(tops))]
    named = zip(answer["layers"], tops, strict=True)
    axes.set_yticks(middles, [f"{layer['name']}\n≤ {top:.3g} Hz" for layer, top in named])
    say(axes, "Rate of a unit", "simulated time, s")
