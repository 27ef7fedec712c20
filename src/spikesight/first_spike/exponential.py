"""Exponentially decaying synaptic currents: the time of a first spike in closed form.

``dV/dt = sum_i w_i exp(-(t - t_i) / tau)`` over the inputs that fired before t, without a leak, so that in the variable
``z = exp(t / tau)`` the potential is ``V = W - A / z`` with W the sum of their weights, A the sum of their weights
times their z. A neuron fires once, when V first reaches the threshold: at ``z = A / (W - threshold)``, where the
inputs summed over, its causes, are the shortest beginning of all inputs in the order of their times for which
``W > threshold`` and z comes no later than the next input. Inputs that come together are all causes, or none is.
Source: Mostafa 2018, eq. 1-8.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spikesight.base.errors import InputError
from spikesight.base.spread import spread
from spikesight.encoding.latencies import Latencies
from spikesight.executors.executor import Executor
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.first_spike.layer import Fired, checked_weights


@dataclass(frozen=True)
class Exponential:
    """`n` neurons that see all inputs. `threshold` has the unit of the weights; `tau` of the currents, seconds.

    Errors: InputError for fewer than one neuron, a threshold or tau that is not above 0.
    """

    n: int
    threshold: float = 1.0
    tau: float = 10e-3

    def __post_init__(self) -> None:
        if self.n < 1:
            raise InputError(f"a layer has a neuron at least, got {self.n}")
        if not (0 < self.threshold < np.inf and 0 < self.tau < np.inf):
            raise InputError(
                f"threshold and tau are finite and above 0, got {self.threshold} and {self.tau} s: a neuron at its "
                "threshold without a spike has no time to fire at"
            )


class Crossings(NamedTuple):
    """What is known of each neuron's spike, (B, n_post) all but `order`.

    `z` is exp(t / tau), infinite where it never fires; `excess` is W - threshold, 0 where it never fires; `causes` is
    how many inputs, in the `order` (B, n_pre) of their times, made it fire: 0 where it never fires.
    """

    z: NDArray[Any]
    excess: NDArray[Any]
    causes: NDArray[np.int32]
    order: NDArray[np.int64]


def fire(
    layer: Exponential,
    w: ArrayLike,
    latencies: Latencies,
    executor: Executor = FusedCpu(),  # noqa: B008 a frozen value without fields
) -> Fired:
    """Return when neurons fire, in seconds (B, n), and their potentials: the threshold, or the final one.

    Latencies (B, ...) are in seconds; weights (n_pre, n) may be negative. A spike later than about 88 tau with weights
    of single precision, 709 tau with double, counts as never: its exp(t / tau) is no number any more.
    Errors: InputError where shapes do not fit, weights are NaN or infinite, or times are in steps.
    """
    if latencies.steps is not None:
        raise InputError(
            "an exponential layer needs times in seconds, got steps: encode them without a number of steps"
        )
    inputs = latencies.flat()
    weights = checked_weights(w, (*inputs.shape, layer.n), "exponential layer")
    with np.errstate(over="ignore"):  # a spike too late for a number of this type has not come
        z = np.exp(inputs.times / layer.tau).astype(weights.dtype)
    found = crossings(z, weights, layer.threshold, executor)
    total = np.isfinite(z).astype(weights.dtype) @ weights
    potentials = np.where(found.causes > 0, weights.dtype.type(layer.threshold), total)
    return Fired(Latencies(layer.tau * np.log(found.z)), potentials)


def crossings(
    z: NDArray[Any],
    w: NDArray[Any],
    threshold: float,
    executor: Executor = FusedCpu(),  # noqa: B008 a frozen value without fields
) -> Crossings:
    """Return the spikes of neurons with weights (n_pre, n_post) under inputs z (B, n_pre), infinite for never.

    Both have the same floating type, in which everything is computed.
    """
    if not isinstance(executor, FusedCpu):
        return _reference(z, w, threshold)
    from spikesight.first_spike.fused_exponential import cross

    shape = len(z), w.shape[1]
    found = np.empty(shape, w.dtype), np.empty(shape, w.dtype), np.empty(shape, np.int32)
    order = np.empty(z.shape, np.int64)

    def work(first: int, last: int) -> None:
        part = slice(first, last)
        order[part] = np.argsort(z[part], axis=1)
        cross(z[part], w, w.dtype.type(threshold), order[part], *(values[part] for values in found))

    spread(work, len(z))
    return Crossings(*found, order)


def _reference(z: NDArray[Any], w: NDArray[Any], threshold: float) -> Crossings:
    """Every beginning of the inputs of every item, tried for every neuron."""
    order = np.argsort(z, axis=1, kind="stable")
    found = [_of_item(row[places], w[places], w.dtype.type(threshold)) for row, places in zip(z, order, strict=True)]
    columns = zip(*found, strict=True) if found else [np.empty((0, w.shape[1]))] * 3
    spikes, excess, causes = (np.array(column) for column in columns)
    return Crossings(spikes.astype(w.dtype), excess.astype(w.dtype), causes.astype(np.int32), order)


def _of_item(z: NDArray[Any], w: NDArray[Any], threshold: Any) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return z, excess and causes of each neuron under sorted inputs z (n_pre,) by weights (n_pre, n_post)."""
    there = np.isfinite(z)
    z, w = z[there], w[there]
    if not len(z):
        none = np.zeros(w.shape[1], w.dtype)
        return none + w.dtype.type(np.inf), none, none
    excess = w.cumsum(axis=0) - threshold
    weighted = (w * z[:, None]).cumsum(axis=0)
    following = np.append(z[1:], z.dtype.type(np.inf))
    with np.errstate(invalid="ignore"):  # an infinite next time where the excess is 0: no spike anyway
        reached = (excess > 0) & (following > z)[:, None] & (weighted <= following[:, None] * excess)
    fires, last = reached.any(axis=0), reached.argmax(axis=0)
    at = last, np.arange(w.shape[1])
    with np.errstate(divide="ignore", invalid="ignore"):
        spikes = np.where(fires, weighted[at] / excess[at], np.inf)
    return spikes, np.where(fires, excess[at], 0), np.where(fires, last + 1, 0)
