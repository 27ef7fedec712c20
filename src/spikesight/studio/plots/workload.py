"""Spikes, updates of potentials and changes of weights over time, as shares of their maxima."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from spikesight.studio.plots.style import CLASSES, say


def draw(axes: Any, answer: Mapping[str, Any]) -> None:
    """Draw the answer of `workload`; the legend has the maxima."""
    edges = answer["first"] + answer["width"] * np.arange(len(answer["spikes"]) + 1)
    lines = [("spikes", edges, answer["spikes"])]
    if answer["arrivals"] is not None:
        lines.append(("potential updates", edges, answer["arrivals"]))
    changed = [one for one in answer["weights"] if len(one["change"])]
    lines += [(f"change of {one['projection']}", np.append(one["t0"], one["t1"][-1]), one["change"]) for one in changed]
    for place, (name, at, values) in enumerate(lines):
        top = float(np.nanmax(values, initial=0.0)) or 1.0
        axes.stairs(values / top, at, baseline=None, color=CLASSES[place % len(CLASSES)], label=f"{name}, ≤ {top:,.4g}")
    axes.set_xlim(answer["t0"], answer["t1"])
    axes.legend(frameon=False, fontsize=8)
    say(axes, f"Work per {answer['width']:.3g} s", "simulated time, s", "of the maximum")
