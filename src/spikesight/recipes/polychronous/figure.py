"""One group as a picture, where matplotlib is installed: who fires when, and which spikes belong to the chain."""

from __future__ import annotations

import io

import numpy as np

from spikesight.analysis.groups import Chain
from spikesight.base.optional import require

INK, SOFT, LINE = "#1c2429", "#59646c", "#e6e4dd"
ANCHORS, EXCITING, HUSHING = "#bd4a29", "#0d6b76", "#8f999f"


def raster(group: Chain, excitatory: int) -> bytes:
    """Return an SVG: neurons in the order of their first spike. Errors: MissingExtra without matplotlib (`plot`)."""
    figures = require("matplotlib.figure", "plot")
    figure = figures.Figure(figsize=(7.2, 4.2), layout="constrained")
    axis = figure.subplots()
    units, first = np.unique(group.unit, return_index=True)
    place = np.empty(int(group.unit.max()) + 1, np.int64)
    place[units[np.argsort(first)]] = np.arange(len(units))
    member, inh = group.layer > 0, group.unit >= excitatory
    for chosen, look in (
        (group.layer == 1, {"marker": "o", "color": ANCHORS, "label": "anchors"}),
        (member & (group.layer > 1) & ~inh, {"marker": "o", "color": EXCITING, "label": "excitatory"}),
        (member & inh, {"marker": "s", "color": HUSHING, "label": "inhibitory"}),
        (~member, {"marker": "x", "color": HUSHING, "label": "fires, but not of the chain"}),
    ):
        if chosen.any():
            axis.scatter(group.step[chosen], place[group.unit[chosen]], s=18, linewidths=0.8, **look)
    axis.set_xlabel("milliseconds", color=SOFT)
    axis.set_ylabel("neurons, in order of their first spike", color=SOFT)
    axis.set_title(f"{int(member.sum())} spikes in {int(group.layer.max())} layers", color=INK, fontsize=11, loc="left")
    axis.legend(frameon=False, fontsize=8, loc="lower right")
    axis.grid(color=LINE, lw=0.8)
    axis.tick_params(colors=SOFT, length=0)
    axis.spines[:].set_visible(False)
    file = io.BytesIO()
    figure.savefig(file, format="svg", metadata={"Date": None})
    return file.getvalue()
