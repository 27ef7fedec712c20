"""One unit over the window: spikes, and its state variable where one was recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from spikesight.studio.plots.style import ACCENT, INK, say


def draw(axes: Any, answer: Mapping[str, Any]) -> None:
    """Draw the answer of `train`: spikes one by one above the potential, or how many there are in each bin."""
    title, across = f"{answer['layer']} {answer['unit']}, {answer['spikes']} spikes", "simulated time, s"
    axes.set_xlim(answer["t0"], answer["t1"])
    if answer["t"] is None:
        grid, counts = answer["grid"], answer["counts"]
        axes.stairs(counts, grid["first"] + grid["width"] * np.arange(len(counts) + 1), color=INK, fill=True)
        return say(axes, title, across, "spikes a bin")
    low, high, unit = _potential(axes, answer)
    times = answer["t0"] + answer["t"].astype(np.float64)
    axes.vlines(times, high, high + 0.3 * (high - low), color=INK, lw=0.8)
    return say(axes, title, across, unit)


def _potential(axes: Any, answer: Mapping[str, Any]) -> tuple[float, float, str]:
    """Draw the state variable; the span it takes, and what it is."""
    found = answer["potential"]
    if found is None:
        axes.set_yticks([])
        return 0.0, 1.0, ""
    t = answer["t0"] + found["t"].astype(np.float64)
    axes.fill_between(t, found["low"], found["high"], color=ACCENT, alpha=0.3, lw=0)
    axes.plot(t, found["high"], color=ACCENT, lw=1.0)
    low, high = float(found["low"].min()), float(found["high"].max())
    return low, max(high, low + 1e-12), str(found["variable"])
