"""The distribution of weights over the run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from spikesight.studio.plots.style import WRONG, say, strength


def draw(axes: Any, answer: Mapping[str, Any]) -> None:
    """Draw the answer of `weight_drift`; the line is the mean."""
    t, share = answer["t"], answer["share"]
    across = np.append(t, max(answer["t1"], t[-1] + 1e-9))
    top = float(np.quantile(share[share > 0], 0.985)) if (share > 0).any() else 1.0
    up = np.linspace(answer["low"], max(answer["high"], answer["low"] + 1e-12), len(share) + 1)
    axes.pcolormesh(across, up, share, cmap=strength(), vmin=0.0, vmax=top)
    axes.plot(t, answer["mean"], color=WRONG, lw=1.2)
    say(axes, f"Distribution of the weights of {answer['projection']}; line: mean", "simulated time, s", "weight")
