"""What each output learned, as a picture, where matplotlib is installed."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.base.optional import require


def fields(rows: dict[str, NDArray[Any]], colours: str) -> bytes:
    """Return an SVG: a row per name, a column per output, each an image; rows (outputs, height, width), NaN is blank.

    Errors: MissingExtra without matplotlib (extra `plot`).
    """
    figures = require("matplotlib.figure", "plot")
    columns = max(len(images) for images in rows.values())
    figure = figures.Figure(figsize=(1.9 * columns + 0.8, 1.9 * len(rows) + 0.3), layout="constrained")
    axes = figure.subplots(len(rows), columns, squeeze=False)
    for line, (name, images) in zip(axes, rows.items(), strict=True):
        low, high = float(np.nanmin(images)), float(np.nanmax(images))
        for output, (axis, image) in enumerate(zip(line, images, strict=True)):
            drawn = axis.imshow(image, vmin=low, vmax=high, cmap=colours, interpolation="nearest")
            axis.set_xticks([])
            axis.set_yticks([])
            axis.set_title(f"{name}, output {output}", fontsize=8, loc="left")
        figure.colorbar(drawn, ax=list(line), shrink=0.8)
    file = io.BytesIO()
    figure.savefig(file, format="svg", metadata={"Date": None})
    return file.getvalue()
