"""Every neuron to every neuron: w is (n_pre, n_post), the row of a neuron lies together in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


def deliver(w, spikes, count, target):  # type: ignore[no-untyped-def]
    """Add the rows of the neurons that fired."""
    for q in range(count):
        i = spikes[q]
        for j in range(w.shape[1]):
            target[j] += w[i, j]


def deliver_late(w, delay, spikes, count, ring, slot):  # type: ignore[no-untyped-def]
    """Add the rows of the neurons that fired, each synapse `delay` steps after the next step; `slot` is the next
    step's.
    """
    length = ring.shape[0]
    for q in range(count):
        i = spikes[q]
        for j in range(w.shape[1]):
            at = slot + np.int64(delay[i, j])
            at = at - length if at >= length else at
            ring[at, j] += w[i, j]


def at_pre(w, spikes, count, others, rule, state, now, constants):  # type: ignore[no-untyped-def]
    """Apply a rule to the rows of the neurons that fired, in the columns `others`."""
    for q in range(count):
        i = spikes[q]
        for j in others:
            w[i, j] = rule(w[i, j], i, j, state, now, constants)


def at_post(w, spikes, count, others, rule, state, now, constants):  # type: ignore[no-untyped-def]
    """Apply a rule to the columns of the neurons that fired, in the rows `others`."""
    for q in range(count):
        j = spikes[q]
        for i in others:
            w[i, j] = rule(w[i, j], i, j, state, now, constants)


@dataclass(frozen=True)
class Dense:
    """All-to-all wiring with a weight per pair."""

    name = "dense"
    deliver = staticmethod(deliver)
    deliver_late = staticmethod(deliver_late)
    at_pre = staticmethod(at_pre)
    at_post = staticmethod(at_post)

    def weight_shape(self, n_pre: int, n_post: int) -> tuple[int, ...]:
        """(n_pre, n_post)."""
        return n_pre, n_post

    def forward(self, w: NDArray[Any], pre: NDArray[Any]) -> NDArray[Any]:
        """``pre @ w``."""
        received: NDArray[Any] = pre @ w
        return received

    def pair(self, post: NDArray[Any], pre: NDArray[Any]) -> NDArray[Any]:
        """Outer product (n_pre, n_post)."""
        product: NDArray[Any] = np.multiply.outer(pre, post)
        return product

    def add(self, w: NDArray[Any], spikes: NDArray[Any], target: NDArray[Any]) -> None:
        """Add one row after the other, so that sums round as in the compiled loop."""
        for i in spikes:
            target += w[i]

    def add_late(
        self, w: NDArray[Any], delay: NDArray[Any], spikes: NDArray[Any], ring: NDArray[Any], slot: int
    ) -> None:
        """Add one row after the other, each synapse in the slot of its delay."""
        every = np.arange(w.shape[1])
        for i in spikes:
            ring[(slot + delay[i].astype(np.int64)) % len(ring), every] += w[i]

    def outgoing(self, w: NDArray[Any], i: int) -> NDArray[Any]:
        """Row i."""
        row: NDArray[Any] = w[i]
        return row

    def incoming(self, w: NDArray[Any], j: int) -> NDArray[Any]:
        """Column j."""
        column: NDArray[Any] = w[:, j]
        return column
