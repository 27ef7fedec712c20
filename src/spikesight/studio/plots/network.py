"""The network as a picture: a box per population, an arrow per bundle of synapses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from spikesight.studio.plots.style import INK, LINE, SOFT, say, strength


def draw(axes: Any, answer: Mapping[str, Any]) -> None:
    """Draw the answer of `network`: in each box the spikes of its units in the window."""
    places: dict[str, tuple[float, float]] = {}
    rows: dict[int, int] = {}
    for layer in answer["layers"]:
        row = rows.setdefault(layer["column"], 0)
        places[layer["name"]] = (2.2 * layer["column"], 1.6 * row)
        rows[layer["column"]] = row + 1
        _box(axes, layer, *places[layer["name"]])
    for one in answer["projections"]:
        _arrow(axes, one, places)
    axes.set_xlim(-0.2, 2.2 * max(rows) + 1.2)
    axes.set_ylim(1.6 * max(rows.values()), -0.3)
    axes.set_aspect("equal")
    axes.set_xticks([])
    axes.set_yticks([])
    say(axes, "Network")
    axes.spines[:].set_visible(False)


def _box(axes: Any, layer: Mapping[str, Any], left: float, top: float) -> None:
    grey = np.asarray(layer["levels"])
    height, width = np.array(grey.shape) / max(grey.shape)
    x, y = left + (1 - width) / 2, top + (1 - height) / 2
    axes.imshow(grey, cmap=strength(), vmin=0, vmax=255, extent=(x, x + width, y + height, y), interpolation="nearest")
    axes.plot(left + np.array([0, 1, 1, 0, 0]), top + np.array([0, 0, 1, 1, 0]), color=LINE, lw=1)
    shape = " × ".join(map(str, layer["shape"]))
    axes.text(left, top + 1.08, layer["name"], color=INK, fontsize=9, va="top", weight="bold")
    axes.text(left, top + 1.26, f"{shape}, {layer['hz']:.3g} Hz", color=SOFT, fontsize=8, va="top")


def _arrow(axes: Any, one: Mapping[str, Any], places: Mapping[str, tuple[float, float]]) -> None:
    (x0, y0), (x1, y1) = places[one["pre"]], places[one["post"]]
    onwards = x1 > x0
    start, end = ((x0 + 1, y0 + 0.5), (x1, y1 + 0.5)) if onwards else ((x0 + 0.6, y0), (x1 + 0.4, y1))
    bend = "arc3" if onwards else "arc3,rad=1.2" if one["pre"] == one["post"] else "arc3,rad=0.4"
    axes.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": SOFT, "lw": 1, "connectionstyle": bend})
    if onwards:
        middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2 - 0.08)
        axes.text(*middle, f"{one['synapses']:,}", color=SOFT, fontsize=8, ha="center")
