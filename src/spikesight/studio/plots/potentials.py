"""A state variable of recorded units over time, with their spikes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from spikesight.studio.plots.style import CLASSES, say, say_empty


def draw(axes: Any, answer: Mapping[str, Any]) -> None:
    """Draw the answer of `potentials`: a line per unit, a stroke above it per spike. SI units."""
    for place, line in enumerate(answer["lines"]):
        colour = CLASSES[place % len(CLASSES)]
        axes.plot(
            answer["t0"] + line["t"].astype(np.float64), line["value"], color=colour, lw=1, label=str(line["unit"])
        )
        for t in line["spikes"]:
            axes.axvline(answer["t0"] + float(t), ymin=0.94, color=colour, lw=0.8)
    axes.set_xlim(answer["t0"], answer["t1"])
    if answer["lines"]:
        axes.legend(frameon=False, fontsize=8, title="unit", title_fontsize=8)
    else:
        say_empty(axes, answer["why"])
    say(axes, answer["of"], "simulated time, s")
