"""Weights of a projection seen as pictures."""

from __future__ import annotations

import math

import numpy as np

from spikesight.base.errors import InputError

BRIGHT_QUANTILE = 0.995
"""Weights above this quantile are all shown at full strength, so that one strong synapse does not dim the others."""


def fields(w: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Return the receptive field of every post unit.

    Shapes: w (n_pre, n_post), shape (height, width) or (channels, height, width) with product n_pre
    -> (n_post, height, width); channels are summed.   Errors: InputError where `shape` is not a picture of n_pre units.
    """
    w = np.asarray(w)
    if len(shape) not in (2, 3) or math.prod(shape) != len(w):
        raise InputError(f"{len(w)} inputs of shape {tuple(shape)} are not a picture: a height and a width are needed")
    pictures = w.T.reshape(-1, *shape)
    return pictures.sum(axis=1) if len(shape) == 3 else pictures


def levels(values: np.ndarray) -> tuple[np.ndarray, float]:
    """Return `values` >= 0 as 256 steps of grey, uint8 of the same shape, and the value that step 255 stands for."""
    values = np.asarray(values, dtype=np.float64)
    bright = float(np.quantile(values, BRIGHT_QUANTILE)) if values.size else 0.0
    top = bright or float(values.max(initial=0.0)) or 1.0
    return np.rint(np.clip(values / top, 0.0, 1.0) * 255.0).astype(np.uint8), top
