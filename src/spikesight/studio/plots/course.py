"""What happened while the stimulus at the cursor was shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from spikesight.studio.plots.style import SOFT, class_colour, say


def draw(axes: Any, answer: Mapping[str, Any]) -> None:
    """Draw the answer of `course`: votes as they came in where there are some, else spikes of every population."""
    bins = len(answer["layers"][0]["counts"])
    edges = np.minimum(answer["width"] * np.arange(bins + 1), answer["t_end"] - answer["t_start"]) * 1e3
    if answer["votes"] is None:
        for layer in answer["layers"]:
            axes.stairs(layer["counts"], edges, label=layer["name"])
        axes.legend(frameon=False, fontsize=8)
        return say(axes, f"Spikes within stimulus {answer['stim']}", "after its start, ms", "spikes a bin")
    for index, votes in enumerate(answer["votes"]):
        axes.stairs(votes, edges, baseline=None, color=class_colour(index), lw=1.4)
        if votes[-1] > 0:
            axes.text(edges[-1], votes[-1], f" {index}", color=SOFT, fontsize=8, va="center")
    return say(axes, f"Votes within stimulus {answer['stim']}", "after its start, ms", "spikes per neuron of a class")
