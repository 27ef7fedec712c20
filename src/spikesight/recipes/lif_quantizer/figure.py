"""Rate against PSNR as a picture, where matplotlib is installed."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from spikesight.base.optional import require
from spikesight.recipes.lif_quantizer.coding import Comparison, Point

INK, SOFT, LINE = "#1c2429", "#59646c", "#e6e4dd"
NEURONS, UNIFORM, JPEG = "#0d6b76", "#bd4a29", "#8f999f"


def rate_and_likeness(compared: Sequence[Comparison], jpeg: Mapping[str, Sequence[Point]]) -> bytes:
    """Return an SVG with a panel per image and front.   Errors: MissingExtra without matplotlib (extra `plot`)."""
    figures = require("matplotlib.figure", "plot")
    panels = sorted({(one.image, one.front) for one in compared})
    figure = figures.Figure(figsize=(4.6 * len(panels), 3.8), layout="constrained")
    axes = figure.subplots(1, len(panels), squeeze=False)[0]
    for axis, (image, front) in zip(axes, panels, strict=True):
        _panel(axis, [one for one in compared if (one.image, one.front) == (image, front)], jpeg[image])
        axis.set_title(f"{image}, {front}", color=INK, fontsize=11, loc="left")
    axes[0].set_ylabel("PSNR, dB", color=SOFT)
    axes[0].legend(frameon=False, fontsize=8, loc="lower right")
    file = io.BytesIO()
    figure.savefig(file, format="svg", metadata={"Date": None})
    return file.getvalue()


def _panel(axis: Any, compared: Sequence[Comparison], jpeg: Sequence[Point]) -> None:
    short = [one for one in compared if one.windows <= 0.5]
    long = [one for one in compared if one.windows > 0.5]
    plain = sorted(one.plain for one in compared if one.plain is not None)
    axis.plot([p.rate for p in jpeg], [p.psnr for p in jpeg], color=JPEG, lw=1.4, label="JPEG")
    axis.plot(
        [p.rate for p in plain], [p.psnr for p in plain], color=UNIFORM, lw=1.2, label="uniform, dead zone = step"
    )
    axis.plot(*_places(short), "o", color=NEURONS, ms=4.5, label="neurons, T up to tau / 2")
    axis.plot(*_places(long), "o", mfc="none", color=NEURONS, ms=4.5, label="neurons, longer")
    axis.set_xlabel("bits per pixel", color=SOFT)
    axis.set_xlim(0.0, 1.05 * max(one.lif.rate for one in compared))
    axis.grid(color=LINE, lw=0.8)
    axis.tick_params(colors=SOFT, length=0)
    axis.spines[:].set_visible(False)


def _places(compared: Sequence[Comparison]) -> tuple[list[float], list[float]]:
    return [one.lif.rate for one in compared], [one.lif.psnr for one in compared]
