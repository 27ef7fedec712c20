"""How many bits symbols cost."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def entropy(symbols: NDArray[Any]) -> float:
    """Return the zeroth-order entropy in bits per symbol, 0 where there are none.

    What an ideal coder needs that knows how frequent each symbol is and nothing of its neighbours; the table of
    frequencies is not counted.   Shapes: symbols (...).   Source: Shannon 1948.
    """
    _, numbers = np.unique(np.asarray(symbols), return_counts=True)
    shares = numbers / numbers.sum()
    return float(-(shares * np.log2(shares)).sum()) + 0.0
