"""A picture of saliency, where matplotlib is installed: what the camera saw, and where attention went."""

from __future__ import annotations

import io

import numpy as np

from spikesight.base.optional import require
from spikesight.circuits.engine import Fired
from spikesight.events.stream import EventStream
from spikesight.zoo.gaze import Window
from spikesight.zoo.saliency import Regions

INK, SOFT, ACCENT = "#1c2429", "#59646c", "#bd4a29"


def saliency(recording: EventStream, regions: Regions, fired: Fired, window: Window) -> bytes:
    """Return an SVG: events per pixel with the path of the window, and wins per region.

    Errors: MissingExtra without matplotlib (extra `plot`).
    """
    figures = require("matplotlib.figure", "plot")
    figure = figures.Figure(figsize=(9.0, 4.4), layout="constrained")
    seen, won = figure.subplots(1, 2)
    seen.imshow(np.sqrt(recording.counts), cmap="Greys", interpolation="nearest")
    length = int(fired.step[-1]) + 1 if len(fired.step) else 0
    path = window.path(regions, fired, length)
    seen.plot(path[:, 0], path[:, 1], color=ACCENT, lw=1.2)
    seen.set_title("events, and the path of the window", color=INK, fontsize=11, loc="left")
    wins = np.bincount(fired.unit, minlength=regions.shape[0] * regions.shape[1]).reshape(regions.shape)
    edges = (-0.5, regions.shape[1] * regions.block - 0.5, regions.shape[0] * regions.block - 0.5, -0.5)
    shown = won.imshow(wins, cmap="Oranges", extent=edges, interpolation="nearest")
    won.set_xlim(seen.get_xlim())
    won.set_ylim(seen.get_ylim())
    won.set_title("wins of each region", color=INK, fontsize=11, loc="left")
    figure.colorbar(shown, ax=won, shrink=0.8)
    for axis in (seen, won):
        axis.tick_params(colors=SOFT, length=0)
        axis.spines[:].set_visible(False)
    file = io.BytesIO()
    figure.savefig(file, format="svg", metadata={"Date": None})
    return file.getvalue()
