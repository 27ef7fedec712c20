"""The share of synapses that are exactly zero over the run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from spikesight.studio.plots.style import WRONG, say


def draw(axes: Any, answer: Mapping[str, Any]) -> None:
    """Draw the answer of `pruned`."""
    axes.plot(answer["t"], 100.0 * np.asarray(answer["zeros"]), color=WRONG, lw=1.6)
    axes.set_ylim(bottom=0.0)
    say(axes, f"Synapses of {answer['projection']} that are exactly zero", "simulated time, s", "%")
