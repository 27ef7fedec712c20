"""Where windows lie on maps: sizes, strides, padding, dilation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from spikesight.base.errors import InputError

Pair = tuple[int, int]
"""Rows, then columns."""


def outcome(
    size: Sequence[int], window: Pair, stride: Pair = (1, 1), padding: Pair = (0, 0), dilation: Pair = (1, 1)
) -> Pair:
    """Return how many windows fit on a map of `size` (rows, columns), down and across.

    Errors: InputError where not one does, saying how much padding is missing.
    """
    found = [
        (length + 2 * pad - step * (extent - 1) - 1) // move + 1
        for length, extent, move, pad, step in zip(size, window, stride, padding, dilation, strict=True)
    ]
    if min(found) < 1:
        raise InputError(
            f"a window of {window[0]} x {window[1]} with dilation {dilation} does not fit on maps of {size[0]} x "
            f"{size[1]} with padding {padding}: take a smaller window or more padding"
        )
    return found[0], found[1]


def check(window: Pair, stride: Pair, padding: Pair, dilation: Pair = (1, 1)) -> None:
    """Refuse windows that cannot be.

    Errors: InputError for what is no pair of whole numbers, a size, a stride or a dilation below 1, and padding that is
    negative.
    """
    for name, pair in (("window", window), ("stride", stride), ("padding", padding), ("dilation", dilation)):
        if np.shape(pair) != (2,) or np.asarray(pair).dtype.kind not in "iu":
            raise InputError(f"a {name} is a pair of whole numbers, rows and columns, got {pair!r}")
    if min(*window, *stride, *dilation) < 1 or min(padding) < 0:
        raise InputError(
            f"windows, strides and dilations are 1 at least and padding 0, got window {window}, stride {stride}, "
            f"padding {padding}, dilation {dilation}"
        )
