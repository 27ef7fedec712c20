"""The weights of two runs on common bins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from spikesight.studio.plots.style import ACCENT, INK, say


def draw(axes: Any, answer: Mapping[str, Any]) -> None:
    """Draw the answer of `compare_weights`."""
    edges = np.linspace(answer["low"], answer["high"], len(answer["one"]) + 1)
    for colour, side, name in zip((ACCENT, INK), ("one", "other"), answer["names"], strict=True):
        axes.stairs(100 * np.asarray(answer[side]), edges, color=colour, lw=1.5, label=name)
    axes.legend(fontsize=8, frameon=False)
    say(axes, f"Weights of {answer['projection']}", "weight", "% of the weights")
