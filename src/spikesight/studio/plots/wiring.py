"""The distribution of weights at the cursor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from spikesight.studio.plots.style import ACCENT, say


def draw(axes: Any, answer: Mapping[str, Any]) -> None:
    """Draw the answer of `wiring`."""
    counts = np.asarray(answer["histogram"])
    high = max(answer["high"], answer["low"] + 1e-12)
    axes.stairs(counts, np.linspace(answer["low"], high, len(counts) + 1), color=ACCENT, fill=True, alpha=0.75)
    say(axes, f"Weights of {answer['projection']} at {answer['t']:.3f} s", "weight", "synapses")
