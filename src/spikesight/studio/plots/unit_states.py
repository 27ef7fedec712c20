"""How many units of every population are active, quiet and dead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from spikesight.studio.plots.style import ACCENT, LINE, WRONG, say


def draw(axes: Any, answer: Mapping[str, Any]) -> None:
    """Draw the answer of `unit_states`: a bar of shares per population."""
    names = [layer["name"] for layer in answer["layers"]]
    all_of = np.array([max(1, layer["recorded"]) for layer in answer["layers"]])
    left = np.zeros(len(names))
    for state, colour in (("active", ACCENT), ("quiet", LINE), ("dead", WRONG)):
        share = np.array([layer[state] for layer in answer["layers"]]) / all_of
        axes.barh(names, share, left=left, color=colour, label=state)
        left += share
    axes.invert_yaxis()
    axes.set_xlim(0, 1)
    axes.legend(frameon=False, fontsize=8, ncols=3, loc="upper center", bbox_to_anchor=(0.5, -0.12))
    say(axes, "Share of the recorded units")
