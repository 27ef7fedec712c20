"""Exact backpropagation through spike times: how each spike moves with the weights and with the spikes before it.

With `exponential`'s z = exp(t / tau), a neuron's spike is ``z = sum_C w_i z_i / (W_C - threshold)`` over its causes C,
so ``dz/dw_i = (z_i - z) / (W_C - threshold)`` and ``dz/dz_i = w_i / (W_C - threshold)`` for causes, 0 for the others.
Source: Mostafa 2018, eq. 9-14.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.base.spread import spread
from spikesight.executors.executor import Executor
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.first_spike.exponential import Crossings


@dataclass(frozen=True)
class EarliestWins:
    """The loss: ``-ln(exp(-s z_g) / sum_k exp(-s z_k))`` for the neuron g of the right class, s the `sharpness`.

    The paper's sharpness is 1. Errors: InputError for one that is not above 0.
    """

    sharpness: float = 1.0

    def __post_init__(self) -> None:
        if not 0 < self.sharpness < np.inf:
            raise InputError(f"sharpness is a number above 0, got {self.sharpness}")

    def __call__(self, z: NDArray[Any], label: NDArray[np.int64]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return the loss (B,) of items whose classes fire at z (B, classes), and its slope along z.

        The loss is infinite where the right neuron never fires; the slope is 0 along every z that is infinite.
        """
        there = np.isfinite(z)
        first = z.min(axis=1, keepdims=True, initial=np.inf)
        late = np.where(
            there, self.sharpness * (np.where(there, z, 0) - np.where(np.isfinite(first), first, 0)), np.inf
        )
        chance = np.exp(-late)
        total = np.maximum(chance.sum(axis=1, keepdims=True), np.finfo(z.dtype).tiny)
        right = np.arange(len(z)), label
        loss = late[right] + np.log(total[:, 0])
        slope = -chance / total
        slope[right] += there[right]
        return loss, (self.sharpness * slope).astype(z.dtype)


@dataclass(frozen=True)
class Restraint:
    """What is added to the slope of the loss along the weights (n_pre, n_post) of a layer, and how large it may become.

    `cost` times ``max(0, threshold - sum_i w_ij)`` keeps neurons able to fire, `decay` times half the squares keeps
    weights small, and the slope of each neuron is cut to the length `largest`.
    Errors: InputError for negative values.
    """

    cost: float = 100.0
    decay: float = 0.0
    largest: float = 10.0

    def __post_init__(self) -> None:
        if not (self.cost >= 0 and self.decay >= 0 and self.largest > 0):
            raise InputError(f"costs are 0 at least and the largest slope is above 0, got {self}")

    def of(self, w: NDArray[Any], threshold: float) -> NDArray[Any]:
        """Return what the costs of the weights are, (n_post,)."""
        lacking = np.maximum(0.0, threshold - w.sum(axis=0))
        costs: NDArray[Any] = self.cost * lacking + self.decay / 2 * (w * w).sum(axis=0)
        return costs

    def restrained(self, slope: NDArray[Any], w: NDArray[Any], threshold: float) -> NDArray[Any]:
        """Return the slope along w with that of the costs, cut."""
        dtype = slope.dtype.type
        whole = slope - dtype(self.cost) * (w.sum(axis=0) < threshold)
        if self.decay:
            whole += dtype(self.decay) * w
        length = np.sqrt(np.einsum("ij,ij->j", whole, whole))
        cut: NDArray[Any] = whole * np.minimum(dtype(1), dtype(self.largest) / np.maximum(length, dtype(1e-12)))
        return cut


class Pull(NamedTuple):
    """Slopes of a loss along the weights (n_pre, n_post), summed over items, and along the inputs' z (B, n_pre)."""

    to_w: NDArray[Any]
    to_z: NDArray[Any]


def pull(
    blame: NDArray[Any],
    z: NDArray[Any],
    w: NDArray[Any],
    found: Crossings,
    executor: Executor = FusedCpu(),  # noqa: B008 a frozen value without fields
) -> Pull:
    """Return what a loss says to weights and inputs of a layer, from `blame` (B, n_post), its slope along their z.

    `found` is what `exponential.crossings` answers to z (B, n_pre) and w (n_pre, n_post).
    """
    share = np.divide(blame, found.excess, out=np.zeros_like(found.z), where=found.causes > 0)
    if not isinstance(executor, FusedCpu):
        return _reference(share, z, w, found)
    from spikesight.first_spike.fused_exponential import pull_times, pull_weights

    to_w, to_z = np.zeros_like(w), np.empty_like(z)
    spread(
        lambda first, last: pull_weights(share, z, found.order, found.z, found.causes, first, last, to_w), w.shape[1]
    )
    spread(
        lambda first, last: pull_times(
            share[first:last], w, found.order[first:last], found.causes[first:last], to_z[first:last]
        ),
        len(z),
    )
    return Pull(to_w, to_z)


def _reference(share: NDArray[Any], z: NDArray[Any], w: NDArray[Any], found: Crossings) -> Pull:
    """Every pair of neurons of every item, whether one is a cause of the other or not."""
    place = np.argsort(found.order, axis=1)
    cause = place[:, :, None] < found.causes[:, None, :]
    apart = np.where(cause, np.where(cause, z[:, :, None], 0) - np.where(cause, found.z[:, None, :], 0), 0)
    to_w = np.einsum("bj,bij->ij", share, apart)
    to_z = np.einsum("bj,bij,ij->bi", share, cause, w)
    return Pull(to_w.astype(w.dtype), to_z.astype(z.dtype))
