"""How selective a population was over the run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from spikesight.studio.plots.style import ACCENT, INK, say


def draw(axes: Any, answer: Mapping[str, Any]) -> None:
    """Draw the answer of `selectivity_drift`: median, the middle half, and the chosen unit as a thin line."""
    middle = (np.asarray(answer["t_start"]) + answer["t_end"]) / 2
    axes.fill_between(middle, answer["low"], answer["high"], color=ACCENT, alpha=0.16, lw=0)
    axes.plot(middle, answer["median"], color=ACCENT, lw=1.6)
    if answer["unit"] is not None:
        axes.plot(middle, answer["unit"], color=INK, lw=0.8)
    axes.set_ylim(-0.02, 1.02)
    say(axes, f"Selectivity of {answer['layer']}: median and quartiles", "simulated time, s", "index")
