"""Synaptic operations over time, the layers on top of each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from spikesight.studio.plots.style import CLASSES, say


def draw(axes: Any, answer: Mapping[str, Any]) -> None:
    """Draw the answer of `cost_over_time`, in operations per second."""
    edges = np.asarray(answer["edges"])
    per_second = np.asarray(answer["operations"]) / np.diff(edges)
    below = np.zeros(per_second.shape[1])
    for place, (layer, height) in enumerate(zip(answer["layers"], per_second, strict=True)):
        axes.stairs(below + height, edges, baseline=below, fill=True, color=CLASSES[place % len(CLASSES)], label=layer)
        below = below + height
    axes.legend(fontsize=8, frameon=False)
    title = (
        f"{answer['operations'].sum():.3g} synaptic operations, {answer['total']:.3g} J ({answer['assumed']['name']})"
    )
    say(axes, title, "simulated time, s", "synaptic operations per second")
