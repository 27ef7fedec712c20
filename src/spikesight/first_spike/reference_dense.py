"""The meaning of a full connection: one step after the other, all neurons at once, in NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.encoding.latencies import Latencies


def crossings(w: NDArray[Any], latencies: Latencies, threshold: float) -> tuple[NDArray[np.int32], NDArray[Any]]:
    """Return the step in which each neuron crosses its threshold, `steps` for never, and its potential, (B, n) both.

    The potential is that of the crossing, or the last one. Latencies (B, inputs) in steps, weights (inputs, n).
    """
    steps = latencies.in_steps
    v = np.zeros((len(latencies), w.shape[1]), w.dtype)
    potentials = np.zeros_like(v)
    crossed = np.full(v.shape, steps, np.int32)
    for now in range(steps):
        v += (latencies.times == now).astype(w.dtype) @ w
        crossing = (v > w.dtype.type(threshold)) & (crossed == steps)
        crossed[crossing] = now
        potentials[crossing] = v[crossing]
    return crossed, np.where(crossed < steps, potentials, v)
