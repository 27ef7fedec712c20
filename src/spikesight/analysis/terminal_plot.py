"""A curve in characters, for terminals: eight dots per character (braille), no package needed."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

EMPTY = 0x2800
DOTS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]])
"""What each dot of a character adds to its code: four rows, two columns."""


def curve(x: NDArray[np.floating[Any]], y: NDArray[np.floating[Any]], width: int = 72, height: int = 12) -> list[str]:
    """Return a curve as `height` lines, with the range of y in front and the range of x below.

    Each column of dots covers its share of the points from lowest to highest, so that no spike is lost.
    Shapes: x ascending and y (T,), T at least 1.   Units: any; the labels are the numbers themselves.
    """
    low, high = float(np.min(y)), float(np.max(y))
    rows, columns = 4 * height, 2 * width
    span = high - low or 1.0
    row = np.clip(np.round((high - y) / span * (rows - 1)), 0, rows - 1).astype(int)
    along = float(x[-1] - x[0]) or 1.0
    column = np.clip(((x - x[0]) / along * columns).astype(int), 0, columns - 1)
    dots = np.zeros((rows, columns), np.bool_)
    for k in range(len(x)):
        # Towards the next point, so that the line has no gaps.
        first, last = sorted((row[k], row[min(k + 1, len(x) - 1)]))
        dots[first : last + 1, column[k]] = True
    codes = (dots.reshape(height, 4, width, 2) * DOTS[:, None, :]).sum(axis=(1, 3)) + EMPTY
    labels = [f"{high:.4g}", *[""] * (height - 2), f"{low:.4g}"]
    margin = max(map(len, labels))
    lines = [f"{label:>{margin}} {''.join(map(chr, line))}" for label, line in zip(labels, codes, strict=True)]
    first, last = f"{x[0]:.4g}", f"{x[-1]:.4g}"
    return [*lines, f"{' ' * margin} {first}{last.rjust(max(width - len(first), len(last) + 1))}"]
