"""Activity of the channels of a population over time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from spikesight.studio.plots.style import say, strength


def draw(axes: Any, answer: Mapping[str, Any]) -> None:
    """Draw the answer of `channels`: a row a channel, the first at the top."""
    counts, grid = answer["counts"], answer["grid"]
    rows, bins = counts.shape
    across = grid["first"] + grid["width"] * np.arange(bins + 1)
    axes.pcolormesh(across, np.linspace(0, answer["channels"], rows + 1), counts, cmap=strength(), vmin=0.0)
    axes.invert_yaxis()
    say(axes, f"Channels of {answer['layer']}, {answer['spikes']} spikes", "simulated time, s", "channel")
