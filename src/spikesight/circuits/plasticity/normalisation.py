"""Weight normalisation: what reaches a neuron is rescaled to a fixed sum, so that neurons compete with patterns, not
with gain.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.circuits.connections.contract import Connection
from spikesight.circuits.connections.dense import Dense
from spikesight.circuits.network import Arrays, Network
from spikesight.circuits.plasticity.projections import found
from spikesight.executors.generated import compiled


def normalise(w: NDArray[Any], total: float) -> None:
    """Rescale each column of `w` (n_pre, n_post) in place so that it sums to `total`; a column of zeros stays.

    Sums in float64, from the first row to the last.   Source: Diehl & Cook 2015, section 2.4 (before every
    presentation).
    """
    sums = np.cumsum(w, axis=0, dtype=np.float64)[-1]  # not sum: of a single column it would add up in another order
    w *= np.divide(total, sums, out=np.ones_like(sums), where=sums > 0.0).astype(w.dtype)


def scale_weights(
    network: Network, arrays: Arrays, projection: str, total: float, dense: Callable[[NDArray[Any], float], None]
) -> None:
    """Rescale what reaches each neuron through a projection to a sum of `total`; by `dense` where w is a matrix.

    Errors: UnknownName; InputError where the total is no positive number.
    """
    part = found(network, projection)
    if not 0.0 < total < math.inf:
        raise InputError(f"what reaches a neuron through '{projection}' is scaled to a positive total, got {total}")
    w = arrays[f"{projection}.w"]
    if isinstance(part.connection, Dense):
        dense(w, total)
    else:
        sizes = part.rows(network.node(part.pre).size), network.node(part.post).size
        normalise_any(part.connection, w, total, *sizes)


def normalise_any(connection: Connection, w: NDArray[Any], total: float, n_pre: int, n_post: int) -> None:
    """Rescale in place what reaches each of `n_post` neurons from `n_pre` rows through any wiring to a sum of `total`.

    A weight shared by several neurons takes the mean of their factors; what is masked is 0 and stays so. Sums in
    float64.
    """
    post, pre = np.ones(n_post), np.ones(n_pre)
    sums = connection.forward(w.astype(np.float64), pre)
    factors = np.divide(total, sums, out=np.ones_like(sums), where=sums > 0.0)
    many = connection.pair(post, pre)
    summed = connection.pair(factors, pre)
    w *= np.divide(summed, many, out=np.ones_like(summed), where=many > 0).astype(w.dtype)


def normalise_fused(w: NDArray[Any], total: float) -> None:
    """As `normalise`, compiled; equal bit for bit."""
    compiled(rescale)(w, total, np.empty(w.shape[1], np.float64), np.empty(w.shape[1], w.dtype))


def rescale(w, total, sums, factors):  # type: ignore[no-untyped-def]
    """Sum rows from the first to the last, then scale row by row."""
    sums[:] = 0.0
    for i in range(w.shape[0]):
        for j in range(w.shape[1]):
            sums[j] += w[i, j]
    for j in range(w.shape[1]):
        factors[j] = total / sums[j] if sums[j] > 0.0 else 1.0
    for i in range(w.shape[0]):
        for j in range(w.shape[1]):
            w[i, j] *= factors[j]
