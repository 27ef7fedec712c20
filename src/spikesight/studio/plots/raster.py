"""Spikes of every population over time, one above the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from spikesight.studio.plots.style import INK, SOFT, WRONG, say, strength

WORDS = {"space": "place"}
GAP = 0.12
"""Between populations, of the height of one."""


def draw(axes: Any, answer: Mapping[str, Any]) -> None:
    """Draw the answer of `raster`: single spikes where it has them, else density; every population has one height."""
    layers = answer["layers"]
    middles = [place * (1 + GAP) + 0.5 for place in range(len(layers))]
    for middle, layer in zip(middles, layers, strict=True):
        _layer(axes, layer, middle - 0.5, answer["t0"])
        for start, end in layer["silences"]:
            axes.plot([start, end], [middle - 0.5] * 2, color=WRONG, lw=2, solid_capstyle="butt")
    axes.set_xlim(answer["t0"], answer["t1"])
    axes.set_ylim(middles[-1] + 0.55, -0.05)
    axes.set_yticks(middles, [f"{layer['name']}\n{layer['spikes']:,} spikes" for layer in layers])
    axes.set_aspect("auto")
    say(axes, f"Spikes, units by {WORDS.get(answer['sort'], answer['sort'])}", "simulated time, s")


def _layer(axes: Any, layer: Mapping[str, Any], top: float, t0: float) -> None:
    if layer["counts"] is not None:
        _density(axes, layer, top)
    elif layer["ticks"] is not None:
        place = np.arange(layer["size"])
        if layer["units"] is not None:
            place[layer["units"]] = np.arange(layer["size"])
        t, unit = t0 + layer["ticks"]["t"].astype(np.float64), layer["ticks"]["unit"]
        high = 1.0 / layer["size"]
        axes.vlines(t, top + place[unit] * high, top + (place[unit] + 1) * high, color=INK, lw=0.6)
    else:
        rate = layer["rate"]
        edges = rate["first"] + rate["width"] * np.arange(len(rate["hz"]) + 1)
        share = rate["hz"] / max(1e-9, float(rate["hz"].max(initial=0)))
        axes.stairs(top + 1 - share, edges, baseline=top + 1, fill=True, color=SOFT)


def _density(axes: Any, layer: Mapping[str, Any], top: float) -> None:
    grid, density = layer["grid"], layer["counts"] / layer["units_in_row"][:, None]
    filled = density[density > 0]
    most = float(np.quantile(filled, 0.995)) if len(filled) else 1.0
    across = grid["first"] + grid["width"] * np.arange(density.shape[1] + 1)
    down = top + np.concatenate([[0], np.cumsum(layer["units_in_row"])]) / layer["size"]
    axes.pcolormesh(across, down, density, cmap=strength(), vmin=0, vmax=most, rasterized=True)
